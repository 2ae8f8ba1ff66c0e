"""Rows for API and exports: what is told, and what says that it is hidden."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import Hours
from hub.core.listing import (
    Row,
    day_rows,
    hour_of_day_rows,
    hour_rows,
    point_hour_rows,
    point_rows,
    tell,
    told,
    total_row,
)
from hub.core.ports import Store
from hub.core.satisfaction import Tally
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


def test_a_tally_of_nothing_says_that_there_is_something_hidden() -> None:
    rows = hour_rows(STORE, ZONE, {LONG_DAY[9]: Tally(), LONG_DAY[12]: happy(50)}, 5)
    assert shown(rows) == [None, 50]
    assert rows[0].hidden
    assert tell("ab", {"a": Tally()}, 5) == {"a": None, "b": Tally()}


def test_while_it_is_live_nobody_knows_whether_there_is_something() -> None:
    assert tell("ab", {"a": happy(9)}, 5, live=True) == {"a": happy(9), "b": None}


def test_a_floor_that_was_raised_hides_what_was_told_before() -> None:
    assert told(happy(6), 5) == happy(6)
    assert told(happy(6), 7) is None
    assert told(Tally(sales=60), 7) is None  # perhaps four answered, and are held back
    assert told(None, 5) is None


def test_rows_by_day_tell_where_the_day_ends() -> None:
    rows = day_rows(STORE, ZONE, {20261119: happy(40), 20261116: happy(30)}, 5)
    assert [row.day for row in rows] == [20261116, 20261119]
    assert rows[0].end == ZONE.day_bounds(20261116)[1]


def test_rows_by_hour_of_day_and_in_total() -> None:
    assert shown(hour_of_day_rows(STORE, {17: happy(8), 9: happy(9)}, 5)) == [9, 8]
    assert total_row(STORE, (0, 1), Tally(), 5).hidden
    assert total_row(STORE, (0, 1), None, 5).tally == Tally()
    assert total_row(STORE, (0, 1), happy(5), 5).index is not None


def test_points_stand_in_their_order_with_those_that_have_nothing() -> None:
    tallies = {POINTS[2]: happy(40), POINTS[1]: Tally()}
    assert shown(point_rows(STORE, (0, 1), POINTS, tallies, 5)) == [0, None, 40]


def test_points_by_hour_have_their_hour_and_their_point() -> None:
    cells = [(point, LONG_DAY[9], happy(20)) for point in POINTS]
    rows = point_hour_rows(STORE, ZONE, cells, 5)
    assert [row.point_id for row in rows] == POINTS
    assert {row.start for row in rows} == {LONG_DAY[9]}


hours = st.dictionaries(
    st.integers(0, 24 * 9).map(lambda n: ZONE.day_bounds(20261020)[0] + n * 3_600_000),
    st.integers(1, 30).map(happy),
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
