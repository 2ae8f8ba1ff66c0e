"""Steps: whoever looks at every moment still cannot tell what one shopper touched."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.holding import size
from hub.core.hours import HOUR_MS
from hub.core.satisfaction import Tally
from hub.core.stepping import PAUSE_MS, STEP, close, left_over, next_step, settle
from hub.core.steps import DayCounts, PointHour, ReasonCount, Step, total
from hub.core.suppression import weak
from shared.places import PointId
from shared.visits import Face

DAY, BEGINS = 20261122, 1_795_302_000_000
NINE = BEGINS + 9 * HOUR_MS
END = BEGINS + 24 * HOUR_MS
A, B, C = PointId("caja-1"), PointId("caja-2"), PointId("caja-3")


def day(a: int = 0, b: int = 0, *, day: int = DAY) -> DayCounts:
    rows = (PointHour(A, NINE, Tally(happy=a, sales=9)), PointHour(B, NINE, Tally(happy=b)))
    return DayCounts(day, BEGINS, rows)


def hours_of(*answers: int, point: PointId = A) -> DayCounts:
    """So many answers in each hour from nine."""
    rows = (PointHour(point, NINE + n * HOUR_MS, Tally(happy=k)) for n, k in enumerate(answers))
    return DayCounts(DAY, BEGINS, tuple(rows))


def answers(step: Step) -> int:
    return step.tally.answered


def bars(step: Step) -> list[int]:
    return [tally.answered for _, tally in step.hours]


def rows(step: Step) -> dict[str, int]:
    return {point: tally.answered for point, tally in step.points}


def test_the_first_step_waits_for_five_answers() -> None:
    assert answers(next_step(None, day(2, 2), NINE)) == 0
    assert answers(next_step(None, day(2, 3), NINE)) == 5


def test_five_from_two_points_are_shown_at_once() -> None:
    first = next_step(None, day(3, 2), NINE)
    assert (first.serial, first.made_at) == (1, NINE)
    assert next_step(first, day(5, 4), NINE + 1) is first
    second = next_step(first, day(7, 5), NINE + 2)
    assert (second.serial, answers(second), second.made_at) == (2, 12, NINE + 2)


def test_five_from_one_point_wait_for_the_hour() -> None:
    first = next_step(None, day(30, 20), NINE)
    assert next_step(first, day(70, 20), NINE + PAUSE_MS - 1) is first
    assert answers(next_step(first, day(70, 20), NINE + PAUSE_MS)) == 90


def test_the_hour_alone_moves_nothing_under_five_answers() -> None:
    first = next_step(None, day(3, 2), NINE)
    assert next_step(first, day(6, 3), NINE + 10 * PAUSE_MS) is first


def test_another_day_begins_with_nothing() -> None:
    first = next_step(None, day(30, 20), NINE)
    fresh = next_step(first, day(1, 1, day=20261123), NINE + 24 * HOUR_MS)
    assert (fresh.day, fresh.serial, answers(fresh)) == (20261123, 0, 0)


def test_a_row_of_one_register_waits_until_it_has_five_of_its_own() -> None:
    first = next_step(None, day(4, 1), NINE)
    assert (answers(first), rows(first)) == (5, {})
    second = next_step(first, day(40, 4), NINE + PAUSE_MS)
    assert (answers(second), rows(second)) == (41, {A: 36})  # 40 would tell the other's
    third = next_step(second, day(45, 6), NINE + PAUSE_MS + 1)
    assert rows(third) == {A: 45, B: 6}


def test_a_lonely_answer_at_another_register_is_held_back_from_every_figure() -> None:
    first = next_step(None, day(20, 20), NINE)
    second = next_step(first, day(40, 21), NINE + PAUSE_MS)
    assert (answers(second), rows(second), bars(second)) == (60, {A: 40, B: 20}, [60])


def test_the_last_answers_of_an_hour_are_held_back_while_the_next_one_is_shown() -> None:
    first = next_step(None, both(20, 0), NINE)
    second = next_step(first, both(21, 8), NINE + HOUR_MS + 1)
    assert (answers(second), bars(second)) == (56, [40, 16])


def both(*answers: int) -> DayCounts:
    """The same at two points."""
    one, other = hours_of(*answers), hours_of(*answers, point=B)
    return DayCounts(DAY, BEGINS, (*one.point_hours, *other.point_hours))


def test_the_hours_of_a_small_store_are_dark_and_its_day_is_shown() -> None:
    step = None
    for hour in range(12):
        step = next_step(step, hours_of(*[3] * (hour + 1)), NINE + (hour + 1) * HOUR_MS)
    assert step is not None
    assert answers(step) > 25
    assert bars(step) == []
    assert answers(close(step, hours_of(*[3] * 12), END)) == 36


def test_a_correction_that_takes_answers_away_counts_as_movement() -> None:
    first = next_step(None, day(30, 20), NINE)
    assert next_step(first, day(28, 19), NINE + 1) is first
    assert answers(next_step(first, day(24, 15), NINE + 1)) == 39


def test_a_day_that_nobody_watched_is_told_when_it_is_over() -> None:
    step = close(None, both(20, 30, 7), END)
    assert (answers(step), bars(step), rows(step)) == (114, [40, 60, 14], {A: 57, B: 57})
    assert len(step.cells) == 6
    assert step.over


def test_what_is_too_little_for_its_day_is_left_over_for_its_week() -> None:
    counts = DayCounts(DAY, BEGINS, (*both(20).point_hours, PointHour(C, NINE, Tally(sad=1))))
    step = close(None, counts, END)
    assert (answers(step), rows(step)) == (40, {A: 20, B: 20})
    assert left_over(step, counts) == {(C, NINE): Tally(sad=1)}
    assert left_over(settle(step, counts), counts) == {}


def test_a_day_under_the_floor_tells_nothing() -> None:
    step = close(None, day(3, 1), END)
    assert (answers(step), step.hours, step.points, step.cells) == (0, (), (), ())


def test_sales_alone_move_no_live_figure_and_are_told_in_the_end() -> None:
    first = next_step(None, day(30, 20), NINE)
    more = DayCounts(DAY, BEGINS, (*day(30, 20).point_hours, PointHour(C, NINE, Tally(sales=7))))
    assert next_step(first, more, NINE + PAUSE_MS) is first
    assert close(first, more, END).tally.sales == 16


def test_what_comes_late_waits_until_it_is_enough_and_joins_its_day() -> None:
    first = close(None, both(20, 30), END)
    assert answers(close(first, both(21, 31), END)) == 100
    late = close(first, both(25, 35), END)
    assert (answers(late), bars(late), rows(late)) == (120, [50, 70], {A: 60, B: 60})
    settled = settle(first, both(20, 30))
    assert answers(close(settled, both(25, 35), END)) == 120


def test_a_correction_that_cannot_be_told_does_not_hold_up_the_others() -> None:
    first = next_step(None, table({(A, 0): 6, (A, 1): 20, (B, 1): 20}), NINE + 3 * HOUR_MS)
    fewer = table({(A, 0): 1, (A, 1): 40, (B, 1): 40})
    assert bars(next_step(first, fewer, NINE + 3 * HOUR_MS)) == [6, 80]


def table(answers: dict[tuple[PointId, int], int]) -> DayCounts:
    """Answers by point and hour from nine."""
    found = (PointHour(p, NINE + h * HOUR_MS, Tally(happy=n)) for (p, h), n in answers.items())
    return DayCounts(DAY, BEGINS, tuple(found))


def test_one_answer_elsewhere_does_not_make_the_only_busy_register_live() -> None:
    first = next_step(None, day(30, 20), NINE)
    assert next_step(first, day(70, 21), NINE + PAUSE_MS - 1) is first


def test_who_looks_before_and_after_the_hour_does_not_learn_of_the_one_between() -> None:
    """The second register closes at ten; the first has one answer more before, and five after."""
    first = next_step(None, table({(A, 0): 20, (B, 0): 20}), NINE)
    second = next_step(first, table({(A, 0): 21, (B, 0): 25, (A, 1): 5}), NINE + HOUR_MS + 1)
    assert (bars(second), rows(second)) == ([45, 5], {A: 25, B: 25})


def test_a_day_that_another_process_has_closed_does_not_move_live() -> None:
    closed = close(None, both(20), END)
    assert next_step(closed, both(90), END - 1) is closed


def test_late_answers_do_not_tell_what_an_hour_held_at_one_point() -> None:
    """(A, ten) and (A, eleven) have three each, which hide each other; then B tells of its own."""
    before = {(A, 0): 20, (B, 0): 20, (A, 1): 3, (A, 2): 3}
    late = {(B, 1): 6, (B, 2): 6}
    step = close(close(None, table(before), END), table({**before, **late}), END)
    told = {(row.point_id, row.hour): row.tally.answered for row in step.cells}
    hours = {at: tally.answered for at, tally in step.hours}
    for hour in (NINE + HOUR_MS, NINE + 2 * HOUR_MS):
        assert hours[hour] == 9
        assert (B, hour) not in told  # else nine less six would be the three
    assert told[A, NINE] == told[B, NINE] == 20


def test_a_reason_waits_for_its_answer() -> None:
    def named(counts: DayCounts, *points: PointId) -> DayCounts:
        rows = (ReasonCount(NINE, Face.SAD, "wait", 1, point) for point in points)
        return replace(counts, reasons=tuple(rows))

    first = next_step(None, day(20, 20), NINE)
    second = next_step(first, named(day(40, 21), B), NINE + PAUSE_MS)
    assert (answers(second), second.reasons) == (60, ())
    assert close(second, named(day(40, 21), B), END).reasons == ()
    third = close(second, named(day(40, 25), A, B), END)
    assert [row.point_id for row in third.reasons] == [B]


def test_many_quiet_registers_are_never_stuck() -> None:
    """Eight registers, a few answers an hour each, looked at every minute for twelve hours."""
    draw, step = random.Random(9), Step(DAY, 0, BEGINS)  # this day was stuck once
    counted: dict[tuple[PointId, int], int] = {}
    for minute in range(12 * 60):
        hour = minute // 60
        for number in range(8):
            if draw.random() < (7.5 if hour in (3, 4, 9, 10) else 2.5) / 60:
                place = PointId(f"caja-{number}"), hour
                counted[place] = counted.get(place, 0) + 1
        step = next_step(step, table(counted), NINE + minute * 60_000)
        assert sum(counted.values()) - answers(step) < 40
    assert answers(close(step, table(counted), END)) > 0.97 * sum(counted.values())


faces = st.sampled_from(["sad", "neutral", "happy"])
taps = st.lists(
    st.tuples(st.sampled_from(["caja-1", "caja-2", "caja-3"]), st.integers(0, 3), faces),
    max_size=120,
)
late_taps = st.lists(
    st.tuples(st.sampled_from(["caja-1", "caja-2", "caja-4"]), st.integers(0, 4), faces),
    max_size=30,
)
Tap = tuple[str, int, str]


class Day:
    """A day as it fills."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], Tally] = {}

    def tap(self, tap: Tap) -> DayCounts:
        point, hour, face = tap
        place = point, NINE + hour * HOUR_MS
        self.rows[place] = self.rows.get(place, Tally()) + Tally(**{face: 1})
        return self.counts()

    def counts(self) -> DayCounts:
        found = (PointHour(PointId(p), h, tally) for (p, h), tally in self.rows.items())
        return DayCounts(DAY, BEGINS, tuple(found))


def watched(taps: list[Tap], each_ms: int, late: list[Tap]) -> tuple[list[Step], DayCounts]:
    """Every step that somebody sees who looks after every tap, at the end, and at late records."""
    day, seen = Day(), [Step(DAY, 0, BEGINS)]
    for number, tap in enumerate(sorted(taps, key=lambda tap: tap[1]) if each_ms > 9 else taps):
        at = NINE + tap[1] * HOUR_MS + number * each_ms
        _see(seen, next_step(seen[-1], day.tap(tap), at))
    _see(seen, close(seen[-1], day.counts(), END))
    for tap in late:
        _see(seen, close(seen[-1], day.tap(tap), END))
    return seen, day.counts()


def _see(seen: list[Step], step: Step) -> None:
    if step != seen[-1]:
        seen.append(step)


def moves(
    before: Iterable[tuple[object, Tally]], after: Iterable[tuple[object, Tally]]
) -> list[int]:
    known: Mapping[object, Tally] = dict(before)
    return [size(tally - known.get(key, Tally())) for key, tally in after]


@given(taps, st.sampled_from([1, 1000, 900_000]), late_taps)
@settings(deadline=None, max_examples=200)
def test_nothing_that_is_shown_moves_by_fewer_than_five_answers(
    taps: list[Tap], each_ms: int, late: list[Tap]
) -> None:
    seen, counts = watched(taps, each_ms, late)
    for before, after in pairwise(seen):
        moved = [size(after.tally - before.tally)]
        moved += moves(before.hours, after.hours) + moves(before.points, after.points)
        moved += moves(_cells(before), _cells(after))
        assert all(n == 0 or n >= STEP for n in moved)
        assert {key for key, _ in before.hours} <= {key for key, _ in after.hours}
    end = seen[-1]
    assert answers(end) + total(left_over(end, counts).values()).answered == len(taps) + len(late)


def _cells(step: Step) -> list[tuple[object, Tally]]:
    return [((row.point_id, row.hour), row.tally) for row in step.cells]


@given(taps, st.sampled_from([1, 1000, 900_000]), late_taps)
@settings(deadline=None, max_examples=200)
def test_what_the_lines_leave_of_the_stores_figure_is_never_one_lines_or_under_five(
    taps: list[Tap], each_ms: int, late: list[Tap]
) -> None:
    seen, _ = watched(taps, each_ms, late)
    for step in seen:
        for held, told in ((step.held.hours, step.hours), (step.held.points, step.points)):
            left = step.tally - total(tally for _, tally in told)
            assert left == total(tally for _, tally in held)
            sizes = [size(tally) for _, tally in held if size(tally)]
            assert not sizes or not weak(sizes, STEP)


@given(taps, st.sampled_from([1, 1000, 900_000]), late_taps)
@settings(deadline=None, max_examples=200)
def test_what_joins_or_leaves_the_held_lines_is_five_answers_at_least(
    taps: list[Tap], each_ms: int, late: list[Tap]
) -> None:
    seen, _ = watched(taps, each_ms, late)
    for before, after in pairwise(seen):
        pairs: list[tuple[Mapping[object, Tally], Mapping[object, Tally]]] = [
            ({**dict(before.held.hours)}, {**dict(after.held.hours)}),
            ({**dict(before.held.points)}, {**dict(after.held.points)}),
        ]
        for old, new in pairs:
            freed = total(tally for key, tally in old.items() if key not in new)
            grown = total(tally - old.get(key, Tally()) for key, tally in new.items())
            assert size(freed) == 0 or size(freed) >= STEP
            assert size(grown) == 0 or size(grown) >= STEP


@given(taps, late_taps)
@settings(deadline=None)
def test_cells_never_exceed_their_point_and_hour(taps: list[Tap], late: list[Tap]) -> None:
    seen, _ = watched(taps, 1000, late)
    for step in seen:
        for told, place in ((dict(step.points), 0), (dict(step.hours), 1)):
            sums: dict[object, int] = {}
            for row in step.cells:
                sums[row[place]] = sums.get(row[place], 0) + row.tally.answered
            for key, n in sums.items():
                left = told[key].answered - n  # type: ignore[index]
                assert left == 0 or left >= STEP
