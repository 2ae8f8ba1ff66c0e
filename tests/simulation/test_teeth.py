"""Removing a safeguard makes the simulation fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.quiet import quiet
from tests.simulation.teeth import first_bite
from tests.simulation.variants import VARIANTS, Variant

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.safeguard)
def test_without_this_safeguard_the_judge_finds_a_seed(variant: Variant) -> None:
    assert first_bite(variant) is not None


def test_the_page_lists_every_safeguard_that_was_removed() -> None:
    listed = re.findall(r"^\| (\w+: [^|]+?) \|", PAGE.read_text(), flags=re.MULTILINE)
    assert listed == [variant.safeguard for variant in VARIANTS]
