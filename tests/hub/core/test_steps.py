"""Steps: whoever looks at every moment still cannot tell what one shopper touched."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.satisfaction import Tally
from hub.core.steps import (
    PAUSE_MS,
    STEP,
    DayCounts,
    PointHour,
    ReasonCount,
    Step,
    by_hour,
    by_point,
    closed,
    next_step,
    pack,
    total,
    unpack,
)
from shared.places import PointId
from shared.visits import Face

DAY, BEGINS = 20261122, 1_795_302_000_000
NINE = BEGINS + 9 * 3_600_000
A, B = PointId("caja-1"), PointId("caja-2")


def day(a: int = 0, b: int = 0, *, day: int = DAY) -> DayCounts:
    rows = (PointHour(A, NINE, Tally(happy=a, sales=9)), PointHour(B, NINE, Tally(happy=b)))
    return DayCounts(day, BEGINS, rows)


def answers(step: Step) -> int:
    return step.tally.answered


def test_the_first_step_waits_for_five_answers() -> None:
    assert answers(next_step(None, day(2, 2), NINE)) == 0
    assert answers(next_step(None, day(2, 3), NINE)) == 5


def test_five_from_two_points_are_shown_at_once() -> None:
    first = next_step(None, day(3, 2), NINE)
    assert (first.serial, first.made_at) == (1, NINE)
    assert next_step(first, day(5, 4), NINE + 1) is first
    second = next_step(first, day(6, 4), NINE + 2)
    assert (second.serial, answers(second), second.made_at) == (2, 10, NINE + 2)


def test_five_from_one_point_wait_for_the_hour() -> None:
    first = next_step(None, day(3, 2), NINE)
    assert next_step(first, day(40, 2), NINE + PAUSE_MS - 1) is first
    assert answers(next_step(first, day(40, 2), NINE + PAUSE_MS)) == 42


def test_the_hour_alone_moves_nothing_under_five_answers() -> None:
    first = next_step(None, day(3, 2), NINE)
    assert next_step(first, day(7, 2), NINE + 10 * PAUSE_MS) is first


def test_another_day_begins_with_nothing() -> None:
    first = next_step(None, day(30, 20), NINE)
    fresh = next_step(first, day(1, 1, day=20261123), NINE + 24 * 3_600_000)
    assert (fresh.day, fresh.serial, answers(fresh)) == (20261123, 0, 0)


def test_a_row_of_one_register_waits_until_it_has_five_of_its_own() -> None:
    first = next_step(None, day(4, 1), NINE)
    assert (answers(first), first.points) == (5, ())
    second = next_step(first, day(40, 4), NINE + 1)
    assert (answers(second), second.points) == (44, ())  # else 44 − 40 would tell the other's
    third = next_step(second, day(45, 5), NINE + 2)
    assert [tally.answered for _, tally in third.points] == [45, 5]


def test_a_closed_day_is_shown_whole() -> None:
    assert answers(closed(day(3, 1), NINE)) == 4


def test_a_correction_that_takes_answers_away_counts_as_movement() -> None:
    first = next_step(None, day(30, 20), NINE)
    assert next_step(first, day(28, 19), NINE + 1) is first
    assert answers(next_step(first, day(26, 19), NINE + 1)) == 45


faces = st.sampled_from(["sad", "neutral", "happy"])
taps = st.lists(
    st.tuples(st.sampled_from(["caja-1", "caja-2", "caja-3"]), st.integers(0, 3), faces),
    max_size=120,
)


def watched(taps: list[tuple[str, int, str]], each_ms: int) -> list[Step]:
    """Every step that somebody sees who looks after every single tap."""
    rows: dict[tuple[str, int], Tally] = {}
    seen: list[Step] = []
    step: Step | None = None
    for number, (point, hour, face) in enumerate(taps):
        at = NINE + hour * 3_600_000
        rows[point, at] = rows.get((point, at), Tally()) + Tally(**{face: 1})
        counts = tuple(PointHour(PointId(p), h, tally) for (p, h), tally in rows.items())
        step = next_step(step, DayCounts(DAY, BEGINS, counts), NINE + number * each_ms)
        if not seen or step != seen[-1]:
            seen.append(step)
    return seen


@given(taps, st.sampled_from([1000, 900_000]))
@settings(deadline=None)
def test_two_steps_never_differ_by_fewer_than_five_answers(
    taps: list[tuple[str, int, str]], each_ms: int
) -> None:
    seen = watched(taps, each_ms)
    for before, after in pairwise(seen):
        assert after.serial == before.serial + 1
        assert answers(after) - answers(before) >= STEP
        rows, rows_before = dict(after.points), dict(before.points)
        for point, row in rows.items():
            moved = row.answered - rows_before.get(point, Tally()).answered
            assert moved == 0 or moved >= STEP
        if after.made_at - before.made_at < PAUSE_MS:
            truth, truth_before = dict(after.behind), dict(before.behind)
            assert sum(truth[point] != truth_before.get(point) for point in truth) >= 2


@given(taps, st.sampled_from([1000, 900_000]))
@settings(deadline=None)
def test_what_the_rows_leave_of_the_stores_figure_is_never_one_points_or_under_five(
    taps: list[tuple[str, int, str]], each_ms: int
) -> None:
    for step in watched(taps, each_ms):
        left = answers(step) - total(tally for _, tally in step.points).answered
        rows = dict(step.points)
        behind = [p for p, t in step.behind if t.answered > rows.get(p, Tally()).answered]
        assert left == 0 or (left >= STEP and len(behind) >= 2)


@given(taps)
@settings(deadline=None)
def test_a_step_that_was_kept_is_the_step_that_comes_back(taps: list[tuple[str, int, str]]) -> None:
    for step in watched(taps, 1000):
        assert unpack(step.day, step.made_at, pack(step)) == step


def test_reasons_come_back_too() -> None:
    step = Step(DAY, 3, NINE, reasons=(ReasonCount(NINE, Face.SAD, "wait", 7),))
    assert unpack(DAY, NINE, pack(step)) == step


@given(taps)
def test_sums_by_point_and_by_hour_have_the_same_total(taps: list[tuple[str, int, str]]) -> None:
    rows = [PointHour(PointId(p), hour, Tally(**{face: 1})) for p, hour, face in taps]
    assert total(by_point(rows).values()) == total(by_hour(rows).values())
    assert total(by_hour(rows).values()).answered == len(taps)
