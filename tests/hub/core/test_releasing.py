"""What is told of days and weeks that are over."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.holding import size
from hub.core.hours import Hours, day_after
from hub.core.releasing import NOBODY, Closed, Entry, Kind, close_day, entries_of, settle_week
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, PointHour, total
from shared.places import PointId

ZONE = Hours("Europe/Madrid")
MONDAY = 20261109
A, B, C = PointId("caja-1"), PointId("caja-2"), PointId("caja-3")
FLOOR = 5


def counts(day: int, cells: dict[tuple[PointId, int], int]) -> DayCounts:
    hours = ZONE.hours_of_day(day)
    found = (
        PointHour(p, hours[h].start, Tally(sales=2 * n, happy=n)) for (p, h), n in cells.items()
    )
    return DayCounts(day, hours[0].start, tuple(found))


def week(*days: dict[tuple[PointId, int], int]) -> list[Closed]:
    every = [counts(day_after(MONDAY, n), cells) for n, cells in enumerate(days)]
    return [close_day(each, None, FLOOR, 0) for each in every]


def by_key(entries: list[Entry]) -> dict[tuple[Kind, PointId, int], int]:
    return {(e.kind, e.point_id, e.hour_of_day): e.tally.answered for e in entries}


def test_a_day_tells_its_store_hours_points_and_cells() -> None:
    (day,) = week({(A, 9): 20, (B, 9): 30, (A, 10): 10})
    found = by_key(entries_of(day, ZONE))
    assert found == {
        (Kind.DAY, NOBODY, -1): 60,
        (Kind.HOUR, NOBODY, 9): 50,
        (Kind.HOUR, NOBODY, 10): 10,
        (Kind.POINT, A, -1): 30,
        (Kind.POINT, B, -1): 30,
        (Kind.CELL, A, 9): 20,
        (Kind.CELL, B, 9): 30,
        (Kind.CELL, A, 10): 10,
    }


def test_what_is_hidden_is_said_to_be_there() -> None:
    (day,) = week({(A, 9): 20, (B, 9): 1})
    found = {(e.kind, e.point_id): e.tally for e in entries_of(day, ZONE)}
    assert found[Kind.POINT, B] == Tally()
    assert found[Kind.POINT, A].answered == found[Kind.DAY, NOBODY].answered == 20


def test_a_day_of_nothing_tells_nothing() -> None:
    (day,) = week({})
    assert entries_of(day, ZONE) == []
    assert settle_week([day], ZONE, FLOOR)[1] == []


def test_a_quiet_register_is_told_by_the_week() -> None:
    days = week(*[{(A, 9): 20, (C, 9): 2}] * 7)
    assert all((Kind.POINT, C, -1) in by_key(entries_of(day, ZONE)) for day in days)
    settled, entries = settle_week(days, ZONE, FLOOR)
    found = by_key(entries)
    assert found[Kind.WEEK, NOBODY, -1] == 7 * 22
    assert found[Kind.WEEK_POINT, C, -1] == 14
    assert found[Kind.WEEK_HOUR, NOBODY, 9] == 7 * 22
    assert all(day.after.settled for day in settled)


def test_the_hours_of_a_small_store_are_told_by_the_week() -> None:
    days = week(*[{(A, 9): 3, (A, 10): 3 + n % 2, (A, 11): 2} for n in range(7)])
    daily = by_key([entry for day in days for entry in entries_of(day, ZONE)])
    assert daily[Kind.HOUR, NOBODY, 9] == 0
    _, entries = settle_week(days, ZONE, FLOOR)
    found = by_key(entries)
    assert [found[Kind.WEEK_HOUR, NOBODY, hour] for hour in (9, 10, 11)] == [21, 24, 14]


def test_a_store_with_a_few_answers_a_day_is_told_by_the_week() -> None:
    days = week(*[{(A, 9): 1, (A, 12): 2}] * 7)
    assert by_key(entries_of(days[0], ZONE))[Kind.DAY, NOBODY, -1] == 0
    assert by_key(settle_week(days, ZONE, FLOOR)[1])[Kind.WEEK, NOBODY, -1] == 21


def test_late_records_join_their_day_and_its_week_once() -> None:
    days = week(*[{(A, 9): 20, (B, 9): 20}] * 7)
    settled, _ = settle_week(days, ZONE, FLOOR)
    before = settled[2].after
    more = counts(before.day, {(A, 9): 27, (B, 9): 28})
    late = close_day(more, before, FLOOR, 0)
    found = by_key(entries_of(late, ZONE))
    assert found[Kind.DAY, NOBODY, -1] == found[Kind.WEEK, NOBODY, -1] == 15
    assert (found[Kind.POINT, A, -1], found[Kind.WEEK_POINT, A, -1]) == (7, 7)
    assert entries_of(close_day(more, late.after, FLOOR, 0), ZONE) == []


cells = st.dictionaries(
    st.tuples(st.sampled_from([A, B, C]), st.integers(9, 12)), st.integers(1, 12), max_size=9
)


@given(st.lists(cells, min_size=7, max_size=7))
@settings(deadline=None)
def test_what_a_week_tells_beyond_its_days_is_five_answers_at_least(
    days: list[dict[tuple[PointId, int], int]],
) -> None:
    closed = week(*days)
    daily = [entry for day in closed for entry in entries_of(day, ZONE)]
    _, weekly = settle_week(closed, ZONE, FLOOR)
    known = total(row.tally for day in closed for row in day.counts.point_hours)
    for line, of_week in (
        (Kind.DAY, Kind.WEEK),
        (Kind.HOUR, Kind.WEEK_HOUR),
        (Kind.POINT, Kind.WEEK_POINT),
    ):
        for entry in (entry for entry in weekly if entry.kind is of_week):
            same = [
                each.tally
                for each in daily
                if each.kind is line
                and (each.hour_of_day, each.point_id) == (entry.hour_of_day, entry.point_id)
            ]
            beyond = size(entry.tally - total(same))
            assert beyond == 0 or beyond >= FLOOR
            assert entry.tally.answered <= known.answered
