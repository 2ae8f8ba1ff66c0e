"""Every page, size and language looks as it was approved; and the comparison has teeth."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFilter

from shared.visits import Face
from tests.screen.likeness import difference
from tests.screen.pictures import FOLDER, Picture, every
from tests.screen.rig import Rig
from tests.screen.samples import ASKING, asking

pytestmark = pytest.mark.screen

PICTURES = list(every())


@pytest.mark.parametrize("picture", PICTURES, ids=[picture.name for picture in PICTURES])
def test_the_page_looks_as_it_was_approved(rig: Rig, picture: Picture) -> None:
    with Image.open(FOLDER / f"{picture.name}.png") as approved:
        found = difference(picture.taken(rig), approved.convert("RGB"))
    assert found.small, f"{found}; if it is meant, run: python -m tests.screen.pictures"


def test_no_picture_is_left_of_a_page_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == {picture.name for picture in PICTURES}


class TestTheComparison:
    """What it must overlook, and what it must not."""

    def test_overlooks_edges_that_another_driver_smooths_otherwise(self, rig: Rig) -> None:
        rig.show(ASKING)
        picture = rig.picture()
        assert difference(picture, picture.filter(ImageFilter.GaussianBlur(0.5))).small

    def test_sees_another_word(self, rig: Rig) -> None:
        rig.show(ASKING)
        before = rig.picture()
        word = rig.stage.asking.faces[Face.SAD].word
        word.write("Malo", word.box, 28)
        rig.frames(1)
        after = rig.picture()
        word.write("Mala", word.box, 28)
        assert not difference(before, after).small

    def test_sees_a_face_that_moved_by_three_pixels(self, rig: Rig) -> None:
        rig.show(ASKING)
        before = rig.picture()
        key = rig.stage.asking.faces[Face.HAPPY]
        left, top = int(key.target.x), int(480 - key.target.top)
        box = (left, top, left + int(key.target.width), top + int(key.target.height))
        after = before.copy()
        after.paste(before.crop(box), (box[0] + 3, box[1]))
        assert not difference(before, after).small

    def test_sees_that_a_mark_as_small_as_a_comma_is_missing(self, rig: Rig) -> None:
        rig.show(ASKING)
        before = rig.picture()
        after = before.copy()
        ImageDraw.Draw(after).rectangle((400, 20, 408, 32), fill="#17212B")
        assert not difference(before, after).small

    def test_sees_another_colour_of_a_whole_face(self, rig: Rig) -> None:
        rig.show(ASKING)
        before = rig.picture()
        pixels = before.copy()
        pixels.paste("#E6A800", (300, 200, 400, 300))
        assert not difference(before, pixels).small

    def test_sees_another_size_and_another_language(self, rig: Rig) -> None:
        rig.show(ASKING)
        before = rig.picture()
        rig.show(asking("en"))
        assert not difference(before, rig.picture()).small
        assert not difference(before, before.crop((0, 0, 799, 480))).small
