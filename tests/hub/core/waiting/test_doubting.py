"""The data-quality lines of a store."""

from __future__ import annotations

from dataclasses import replace

from hub.core.waiting.agreeing import Agreement
from hub.core.waiting.doubting import DOUBTS, LATELY_MS, Doubt, Quality, doubts
from hub.core.waiting.facts import Counted, Sold
from hub.core.waiting.floor import heard, laid_out, looked
from hub.core.waiting.noticing import Terms
from hub.core.waiting.trusting import Fault
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START


def test_a_store_without_a_counter_says_so() -> None:
    assert doubts(laid_out([LINE], START), START) == [Quality(NAME, Doubt.NO_COUNTER, 1, None)]


def test_a_counter_that_lives_is_no_doubt_and_one_that_fell_silent_is() -> None:
    floor = heard(laid_out([LINE], START), Counted(START, NAME, 3), START).floor
    assert doubts(floor, START) == []
    later = looked(floor, START + 120_000, Terms()).floor
    assert doubts(later, START + 120_000) == [Quality(NAME, Doubt.COUNTER_SILENT, 1, START)]


def test_estimates_that_were_wrong_again_and_again_are_a_doubt() -> None:
    floor = heard(laid_out([LINE], START), Counted(START, NAME, 3), START).floor
    wrong = replace(floor.queues[NAME], agreement=Agreement(4.0, 16.0, 50))
    (only,) = doubts(replace(floor, queues={NAME: wrong}), START)
    assert only.what is Doubt.DISAGREES


def test_what_cannot_be_is_counted_and_forgotten_after_an_hour() -> None:
    floor = heard(laid_out([LINE], START), Counted(START, NAME, 3), START).floor
    for number, count in ((1, -1), (2, -1), (3, 999), (4, 90)):
        at = START + number * 1_000
        floor = heard(floor, Counted(at, NAME, count), at).floor
    floor = heard(floor, Sold(START, POINTS[0]), START + 5_000).floor
    floor = heard(floor, Sold(START, POINTS[0]), START + 6_000).floor  # its record
    floor = heard(floor, Counted(START + 4_000, NAME, 90), START + 6_000).floor
    found = {(one.place, one.what): one.times for one in doubts(floor, START + 6_000)}
    assert found == {
        (NAME, Fault.NEGATIVE): 2,
        (NAME, Fault.ABSURD): 1,
        (NAME, Doubt.CONTRADICTIONS): 1,
        (NAME, Fault.DUPLICATE): 1,
    }
    later = doubts(floor, START + 7_000 + LATELY_MS)
    assert [one.what for one in later] == [Doubt.CONTRADICTIONS]


def test_every_reason_to_fall_back_is_a_line_of_the_page() -> None:
    assert set(DOUBTS.values()) == set(Doubt) - {Doubt.CONTRADICTIONS}
