"""Tallying: contributions are a commutative group, and the tallies are their sums."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import Hours
from hub.core.tallying import COLUMNS, Counts, add, by_day, by_hour, by_reason, contribution
from shared.places import PointId
from shared.visits import Face, Outcome
from tests.fakes.kiosk import NOON, sale, visit

HOUR = Hours("Europe/Madrid").hour_of(NOON)
CAJA = PointId("caja-1")

CONTRIBUTIONS = st.tuples(
    st.sampled_from([CAJA, PointId("caja-2")]),
    st.sampled_from([1, 2]),
    st.sampled_from([20251124, 20251125]),
    st.sampled_from([9, 10]),
    st.sampled_from(COLUMNS),
    st.sampled_from([None, "wait"]),
)
COUNTS = st.dictionaries(CONTRIBUTIONS, st.integers(-5, 5))


def total(*many: Counts) -> tuple[object, object, object]:
    counts: Counts = {}
    for one in many:
        add(counts, one)
    return by_hour(counts), by_day(counts), by_reason(counts)


@pytest.mark.parametrize("face", Face)
def test_an_answer_counts_by_its_face_and_carries_its_reason(face: Face) -> None:
    key = contribution(visit(face=face, reason="staff"), HOUR)
    assert key == (CAJA, HOUR.start, HOUR.day, HOUR.hour_of_day, face.value, "staff")


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.TIMED_OUT, Outcome.BLOCKED])
def test_what_was_not_answered_counts_by_its_outcome(outcome: Outcome) -> None:
    key = contribution(visit(face=None, outcome=outcome), HOUR)
    assert key[4:] == (outcome.value, None)


def test_a_sale_counts_as_a_sale() -> None:
    assert contribution(sale(), HOUR)[4:] == ("sales", None)


def test_rows_are_summed_by_hour_by_day_and_by_reason() -> None:
    happy = contribution(visit(reason="wait"), HOUR)
    other = (PointId("caja-2"), *happy[1:4], "sad", None)
    hours, days, reasons = total({happy: 2, other: 1}, {happy: 1})
    assert hours == {
        (CAJA, HOUR.start): [0, 0, 0, 3, 0, 0, 0, 0],
        ("caja-2", HOUR.start): [0, 1, 0, 0, 0, 0, 0, 0],
    }
    assert days == {(HOUR.day, HOUR.hour_of_day): [0, 1, 0, 3, 0, 0, 0, 0]}
    assert reasons == {(CAJA, HOUR.start, "happy", "wait"): 3}


@settings(deadline=None)
@given(COUNTS, COUNTS, COUNTS)
def test_order_and_grouping_change_nothing(a: Counts, b: Counts, c: Counts) -> None:
    grouped: Counts = dict(b)
    add(grouped, c)
    assert total(a, b, c) == total(c, a, b) == total(a, grouped)


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_what_was_added_can_be_taken_away(a: Counts, b: Counts) -> None:
    minus = {key: -times for key, times in b.items()}
    assert total(a, b, minus) == total(a)
    assert total(b, minus) == ({}, {}, {})


def test_a_suspect_counts_as_one_whatever_its_face_and_names_no_reason() -> None:
    key = contribution(replace(visit(reason="staff"), suspect="burst"), HOUR)
    assert key == (CAJA, HOUR.start, HOUR.day, HOUR.hour_of_day, "suspect", None)


def test_a_suspect_of_a_day_and_code_that_were_decided_counts_like_any_other() -> None:
    plain = visit(face=Face.SAD, reason="staff")
    drummed = replace(plain, suspect="burst")
    assert contribution(drummed, HOUR, frozenset({(HOUR.day, "burst")})) == contribution(
        plain, HOUR
    )
    for other in ((HOUR.day, "haste"), (HOUR.day + 1, "burst")):
        assert contribution(drummed, HOUR, frozenset({other}))[4] == "suspect"
