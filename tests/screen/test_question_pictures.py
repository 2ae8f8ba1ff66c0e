"""Questions look as they were approved."""

from __future__ import annotations

import pytest
from PIL import Image

from tests.screen.likeness import difference
from tests.screen.pictures import Picture
from tests.screen.question_pictures import FOLDER, every
from tests.screen.rig import Rig

pytestmark = pytest.mark.screen

PICTURES = list(every())

LARGEST = 32_000
"""Bytes of one: whoever clones the project takes them all along."""


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_question_looks_as_it_was_approved(rig: Rig, picture: Picture) -> None:
    approved = Image.open(FOLDER / f"{picture.name}.png").convert("RGB")
    found = difference(picture.taken(rig), approved)
    assert found.small, f"{found}; if it is meant: python -m tests.screen.question_pictures"


def test_no_picture_is_left_of_a_question_that_is_gone_and_none_is_heavy() -> None:
    files = list(FOLDER.glob("*.png"))
    assert {file.stem for file in files} == {picture.name for picture in PICTURES}
    assert max(file.stat().st_size for file in files) <= LARGEST
