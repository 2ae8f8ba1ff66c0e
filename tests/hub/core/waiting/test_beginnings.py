"""What is not told while nobody knows how long the lines were when the watch began."""

from __future__ import annotations

import pytest

from hub.core.waiting.beginnings import EMPTY_AFTER_MS, Beginnings
from hub.core.waiting.facts import Counted, Entered, Fact, Sold, Staffed
from hub.core.waiting.floor import heard, laid_out, looked
from hub.core.waiting.noticing import Terms, Withdrawn
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START


def sold(at: int = START) -> Sold:
    return Sold(at, POINTS[0])


def told(beginnings: Beginnings, at: int) -> tuple[int | None, Withdrawn | None]:
    """Of a line that would tell a wait."""
    floor = heard(laid_out([LINE], at - 1_000), sold(at), at).floor
    assert looked(floor, at, Terms()).tellings[NAME].minutes is not None
    look = looked(floor, at, Terms(), beginnings.unsure([NAME]))
    assert look.floor.shown[NAME] == look.tellings[NAME].minutes
    return look.tellings[NAME].minutes, look.tellings[NAME].withdrawn


def test_sales_alone_tell_nothing_of_a_line_that_was_found_as_it_was() -> None:
    beginnings = Beginnings(START)
    for minute in range(60):
        beginnings.heard(NAME, sold(), START + 60_000 * minute)
    assert told(beginnings, START + 3_600_000) == (None, Withdrawn.WIDE)


@pytest.mark.parametrize("fact", [Counted(START, NAME, 3), Entered(START, NAME)], ids=str)
def test_once_somebody_counts_it_is_told(fact: Fact) -> None:
    beginnings = Beginnings(START)
    beginnings.heard(NAME, fact, START)
    minutes, _ = told(beginnings, START + 1_000)
    assert minutes is not None


def test_who_is_open_says_nothing_about_who_waits() -> None:
    beginnings = Beginnings(START)
    beginnings.heard(NAME, Staffed(START, POINTS[0], True), START)
    assert told(beginnings, START)[0] is None


def test_after_a_night_everybody_knows_that_the_line_was_empty() -> None:
    beginnings = Beginnings(START)
    beginnings.heard(NAME, sold(), START + 1_000)
    beginnings.heard(NAME, sold(), START + 1_000 + EMPTY_AFTER_MS)
    assert told(beginnings, START + EMPTY_AFTER_MS + 2_000)[0] is not None


def test_a_till_whose_clock_is_a_day_ahead_makes_no_night() -> None:
    beginnings = Beginnings(START)
    beginnings.heard(NAME, sold(START + 86_400_000), START + 1_000)
    beginnings.heard(NAME, sold(), START + 2_000)
    assert told(beginnings, START + 2_000)[0] is None
