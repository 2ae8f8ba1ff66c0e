"""Removing a safeguard makes the simulation fail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.simulation.quiet import quiet
from tests.simulation.teeth import MOST_SEEDS, first_bite
from tests.simulation.variants import VARIANTS, Variant

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.safeguard)
def test_without_this_safeguard_the_judge_finds_a_seed(variant: Variant) -> None:
    """The one of the page to begin with; all others where the programs have changed since."""
    known = listed().get(variant.safeguard, 0)
    assert first_bite(variant, chain([known], range(MOST_SEEDS))) is not None


def test_the_page_lists_every_safeguard_that_was_removed() -> None:
    assert list(listed()) == [variant.safeguard for variant in VARIANTS]


def listed() -> dict[str, int]:
    """By safeguard, the seed at which it was missed."""
    rows = re.findall(r"^\| (\w+: [^|]+?) \| (\d+) \|", PAGE.read_text(), flags=re.MULTILINE)
    return {safeguard: int(seed) for safeguard, seed in rows}
