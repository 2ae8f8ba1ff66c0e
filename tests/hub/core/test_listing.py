"""Rows for API and exports: the same places are hidden whoever asks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import Hours, day_after
from hub.core.listing import (
    Row,
    day_rows,
    hide,
    hour_of_day_rows,
    hour_rows,
    point_hour_rows,
    point_rows,
    total_row,
)
from hub.core.ports import Store
from hub.core.satisfaction import Tally
from hub.core.steps import PointHour, total
from shared.places import PointId, StoreId

STORE = Store(StoreId("centro-012"), "Centro", "Europe/Madrid")
ZONE = Hours("Europe/Madrid")
LONG_DAY = [hour.start for hour in ZONE.hours_of_day(20261025)]
POINTS = [PointId(f"caja-{number}") for number in (1, 2, 3)]


def happy(n: int) -> Tally:
    return Tally(happy=n)


def shown(rows: list[Row]) -> list[int | None]:
    return [row.tally.answered if row.tally else None for row in rows]


def test_a_repeated_hour_is_two_rows_of_one_hour_of_day() -> None:
    rows = hour_rows(STORE, ZONE, {at: happy(9) for at in LONG_DAY}, 5)
    assert [row.hour_of_day for row in rows][:5] == [0, 1, 2, 2, 3]
    assert [row.start for row in rows] == LONG_DAY
    assert all(row.end == after.start for row, after in pairwise(rows))


def test_hours_are_hidden_day_by_day() -> None:
    other = ZONE.hours_of_day(20261026)[9].start
    rows = hour_rows(
        STORE, ZONE, {LONG_DAY[9]: happy(2), LONG_DAY[12]: happy(50), other: happy(9)}, 5
    )
    assert shown(rows) == [None, None, 9]


def test_a_week_is_one_line_and_its_neighbour_another() -> None:
    days = {20261116: happy(3), 20261118: happy(30), 20261119: happy(40), 20261123: happy(50)}
    rows = day_rows(STORE, ZONE, days, 5)
    assert [row.day for row in rows] == list(days)
    assert shown(rows) == [None, None, 40, 50]
    assert rows[0].end == ZONE.day_bounds(20261116)[1]


def test_rows_by_hour_of_day_and_in_total() -> None:
    assert shown(hour_of_day_rows(STORE, {9: happy(9), 17: happy(8)}, 5)) == [9, 8]
    assert total_row(STORE, (0, 1), happy(4), 5).hidden
    assert total_row(STORE, (0, 1), Tally(), 5).tally == Tally()
    assert total_row(STORE, (0, 1), happy(5), 5).index is not None


def test_what_a_step_holds_back_hides_no_register_that_is_not_small() -> None:
    tallies = {POINTS[0]: happy(40), POINTS[1]: happy(30)}
    assert shown(point_rows(STORE, (0, 1), POINTS, tallies, happy(78), 5)) == [40, 30, 0]
    assert shown(point_rows(STORE, (0, 1), POINTS, tallies, happy(72), 5)).count(None) >= 2


def test_points_by_hour_are_hidden_along_both() -> None:
    cells = [PointHour(point, at, happy(20)) for point in POINTS for at in LONG_DAY[9:12]]
    cells[4] = cells[4]._replace(tally=happy(2))
    rows = point_hour_rows(STORE, ZONE, POINTS, cells, 5)
    hidden = [(row.point_id, row.start) for row in rows if row.hidden]
    assert (POINTS[1], LONG_DAY[10]) in hidden
    assert len(hidden) == 4
    assert len(rows) == 9


hours = st.dictionaries(
    st.integers(0, 24 * 9).map(lambda n: ZONE.day_bounds(20261020)[0] + n * 3_600_000),
    st.integers(0, 30).map(happy),
)


@given(hours, st.integers(3, 10))
@settings(deadline=None)
def test_rows_are_shown_whole_or_not_at_all(hours: dict[int, Tally], floor: int) -> None:
    rows = hour_rows(STORE, ZONE, hours, floor)
    assert [row.start for row in rows] == sorted(hours)
    for row in rows:
        assert row.start is not None
        assert row.tally in (None, hours[row.start])
        assert row.hidden == (row.tally is None)
        assert row.tally is None or not 0 < row.tally.answered < floor


@given(hours)
@settings(deadline=None)
def test_days_hold_what_their_hours_hold(hours: dict[int, Tally]) -> None:
    days: dict[int, Tally] = {}
    for at, tally in hours.items():
        day = ZONE.hour_of(at).day
        days[day] = days.get(day, Tally()) + tally
    rows = day_rows(STORE, ZONE, days, 3)
    visible = total(row.tally for row in rows if row.tally)
    assert visible.answered <= total(hours.values()).answered
    assert [row.day for row in rows] == sorted(days)


def test_a_line_is_the_same_whoever_asks() -> None:
    line = [day_after(20261116, place) for place in range(7)]
    some = {line[0]: happy(2), line[1]: happy(9), line[6]: happy(70)}
    assert [place for place, tally in hide(line, some, 5).items() if tally is None] == line[:6]
