"""What is let in, and what is wrong with the rest."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.crowd import MOST_WAITING
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Fact, Left, LineId, Sold, Source
from hub.core.waiting.trusting import (
    AHEAD_MS,
    BEHIND_MS,
    LATE_MS,
    REMEMBERED,
    Fault,
    Gate,
    noted,
    passed,
    place_of,
)
from shared.places import PointId
from tests.hub.core.waiting.lines import NAME, POINTS

GATE = Gate(frozenset({NAME}), frozenset(POINTS))
NOW = 1_763_971_200_000


@pytest.mark.parametrize(
    ("fact", "fault"),
    [
        (Counted(NOW, NAME, -1), Fault.NEGATIVE),
        (Counted(NOW, NAME, MOST_WAITING + 1), Fault.ABSURD),
        (Counted(NOW - LATE_MS - 1, NAME, 3), Fault.LATE),
        (Counted(0, NAME, 3), Fault.LATE),
        (Counted(NOW, LineId("line-9"), 3), Fault.UNKNOWN_LINE),
        (Sold(NOW, PointId("caja-99")), Fault.UNKNOWN_LINE),
        (Drew(NOW, NAME, ""), Fault.ABSURD),
        (Called(NOW, NAME, "A" * 33), Fault.ABSURD),
    ],
)
def test_nonsense_is_refused_and_noted(fact: Fact, fault: Fault) -> None:
    gate, let_in, found = passed(GATE, fact, NOW)
    assert (let_in, found) == (None, fault)
    place = "?" if fault is Fault.UNKNOWN_LINE else place_of(fact)
    assert gate.troubles[place, fault] == (1, NOW)


def test_a_counter_whose_clock_is_ahead_takes_no_word_from_whoever_types() -> None:
    gate, let_in, _ = passed(GATE, Counted(NOW + 4_000, NAME, 12), NOW)
    assert let_in is not None
    typed = Counted(NOW + 1_000, NAME, 3, Source.TYPED)
    assert passed(gate, typed, NOW + 1_000)[1:] == (typed, None)


def test_the_same_again_is_a_duplicate_and_a_pulse_is_the_record_of_its_sale() -> None:
    gate, let_in, fault = passed(GATE, Sold(NOW, POINTS[0]), NOW)
    assert (let_in, fault) == (Sold(NOW, POINTS[0]), None)
    again = passed(gate, Sold(NOW, POINTS[0]), NOW + 500)
    assert (again.fact, again.fault) == (None, Fault.DUPLICATE)
    assert not again.gate.troubles, "each sale is told twice: nothing is wrong with that"
    assert passed(gate, Sold(NOW, POINTS[1]), NOW + 500).fault is None
    for number in range(REMEMBERED):
        gate = passed(gate, Counted(NOW + number, NAME, number), NOW + number).gate
    assert passed(gate, Sold(NOW, POINTS[0]), NOW + 500).fault is Fault.DUPLICATE


def test_who_enters_and_leaves_in_one_instant_is_no_duplicate() -> None:
    gate = passed(GATE, Entered(NOW, NAME), NOW).gate
    assert passed(gate, Left(NOW, NAME), NOW).fault is None
    assert passed(gate, Entered(NOW, NAME), NOW).fault is Fault.DUPLICATE


def test_what_comes_out_of_order_from_one_source_is_late() -> None:
    gate = passed(GATE, Counted(NOW, NAME, 3), NOW).gate
    assert passed(gate, Counted(NOW - 1, NAME, 4), NOW).fault is Fault.LATE
    assert passed(gate, Sold(NOW - 1, POINTS[0]), NOW).fault is None


@pytest.mark.parametrize(
    "passing",
    [Entered(NOW, NAME), Left(NOW, NAME), Drew(NOW, NAME, "A1"), Called(NOW, NAME, "A1")],
    ids=lambda fact: type(fact).__name__,
)
def test_two_gates_of_one_line_may_have_clocks_that_differ_a_little(passing: Fact) -> None:
    gate = passed(GATE, passing, NOW).gate
    slower = passing._replace(at=NOW - BEHIND_MS)
    behind, let_in, fault = passed(gate, slower, NOW)
    assert (let_in, fault) == (slower, None)
    for again in (passing, slower):
        assert passed(behind, again, NOW).fault is Fault.DUPLICATE
    for known in (gate, behind):
        late = passing._replace(at=NOW - BEHIND_MS - 1)
        assert passed(known, late, NOW).fault is Fault.LATE


def test_a_clock_that_is_ahead_is_mended_and_told() -> None:
    gate, let_in, fault = passed(GATE, Counted(NOW + 10 * AHEAD_MS, NAME, 3), NOW)
    assert let_in == Counted(NOW, NAME, 3)
    assert fault is Fault.CLOCK_AHEAD
    later = passed(gate, Counted(NOW + 10 * AHEAD_MS + 5_000, NAME, 4), NOW + 5_000)
    assert later.fact == Counted(NOW + 5_000, NAME, 4)
    assert passed(gate, Counted(NOW + AHEAD_MS, NAME, 4), NOW).fault is None


def test_troubles_are_counted_for_each_place() -> None:
    gate = noted(noted(GATE, NAME, Fault.LATE, 5), NAME, Fault.LATE, 9)
    assert gate.troubles[NAME, Fault.LATE] == (2, 9)


anything = st.one_of(
    st.builds(Counted, st.integers(), st.text(max_size=5).map(LineId), st.integers()),
    st.builds(Counted, st.integers(NOW - 10, NOW + 10), st.just(NAME), st.integers(-2, 300)),
    st.builds(Drew, st.integers(NOW - 10, NOW + 10), st.just(NAME), st.text(max_size=40)),
    st.builds(Sold, st.integers(), st.sampled_from(POINTS)),
)


@settings(deadline=None, max_examples=40)
@given(st.lists(anything, max_size=30))
def test_whatever_comes_what_is_let_in_is_sound(facts: list[Fact]) -> None:
    gate = GATE
    for fact in facts:
        gate, let_in, fault = passed(gate, fact, NOW)
        if let_in is None:
            assert fault is not None
        else:
            assert NOW - LATE_MS <= let_in.at <= NOW + AHEAD_MS
            assert not isinstance(let_in, Counted) or 0 <= let_in.number <= MOST_WAITING
        assert len(gate.recent) <= REMEMBERED
    assert len(gate.troubles) <= (1 + 1 + len(POINTS)) * len(Fault)
