"""What is told and what is held of a day, kept as text and read again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.satisfaction import Tally
from hub.core.steps import (
    Held,
    PointHour,
    ReasonCount,
    Step,
    by_hour,
    by_point,
    pack,
    summed,
    total,
    unpack,
)
from shared.places import PointId
from shared.visits import Face

A, B = PointId("caja-1"), PointId("caja-2")
tallies = st.builds(Tally, *[st.integers(-9, 99)] * 8)
cells = st.lists(
    st.builds(PointHour, st.sampled_from([A, B]), st.integers(0, 3), tallies), max_size=5
).map(tuple)
hours = st.lists(st.tuples(st.integers(), tallies), max_size=3).map(tuple)
points = st.lists(st.tuples(st.sampled_from([A, B]), tallies), max_size=3).map(tuple)
reasons = st.lists(
    st.builds(ReasonCount, st.integers(), st.sampled_from(Face), st.text(), st.integers()),
    max_size=3,
).map(tuple)
helds = st.builds(Held, cells, hours, points, cells)
flags, whole = st.booleans(), st.integers(0, 10**9)
steps = st.builds(
    Step, whole, whole, whole, tallies, hours, points, cells, reasons, helds, flags, flags, whole
)


@given(steps)
def test_a_step_that_was_kept_is_the_step_that_comes_back(step: Step) -> None:
    assert unpack(step.day, step.made_at, pack(step)) == step


def test_rows_are_summed_by_point_and_by_hour() -> None:
    rows = [
        PointHour(A, 1, Tally(sad=1)),
        PointHour(B, 1, Tally(happy=2)),
        PointHour(A, 2, Tally()),
    ]
    assert by_point(rows) == {A: Tally(sad=1), B: Tally(happy=2)}
    assert by_hour(rows) == {1: Tally(sad=1, happy=2), 2: Tally()}
    assert total(by_hour(rows).values()) == Tally(sad=1, happy=2)
    assert summed([]) == {}


def test_a_step_of_before_there_were_suspects_is_read_and_stays_the_same_bytes() -> None:
    of_then = Step(20261122, 3, 9, Tally(40, 1, 2, 7, 3, 5, 0), (), ((A, Tally(sad=5)),))
    text = pack(of_then)
    assert '"tally":[40,1,2,7,3,5,0]' in text
    assert pack(unpack(20261122, 9, text)) == text
    now = Step(20261122, 3, 9, Tally(sales=40, happy=7, suspect=2))
    assert unpack(20261122, 9, pack(now)) == now
