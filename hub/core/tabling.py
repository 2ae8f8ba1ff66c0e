"""Draws the tables of longer times: weekday × hour, registers, stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.core.comparing import verdicts
from hub.core.figures import DayHour, Days
from hub.core.hours import weekday_of
from hub.core.intervals import response
from hub.core.listing import hide
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally, index
from hub.core.showing import registers
from hub.core.steps import total
from hub.core.suppression import HiddenTable, hide_table
from hub.core.views import HeatCell, HeatRow, HoursView, RegistersView, StoreRow, StoresView
from shared.places import PointId, StoreId

WEEKDAYS = range(7)
HOURS_OF_DAY = range(24)


def heat_map(store: Store, days: Days, rows: Sequence[DayHour], floor: int) -> HoursView:
    """Weekday × hour of the day; hours in which nothing ever happened are left out."""
    used = {row.hour_of_day for row in rows if row.tally.asked or row.tally.sales}
    grid = [[Tally() for _ in HOURS_OF_DAY] for _ in WEEKDAYS]
    for row in rows:
        weekday = grid[weekday_of(row.day)]
        weekday[row.hour_of_day] = weekday[row.hour_of_day] + row.tally
    hidden = hide_table([[tally.answered for tally in row] for row in grid], floor)
    hours = tuple(sorted(used))
    return HoursView(
        store=store,
        days=days,
        floor=floor,
        hours=hours,
        rows=tuple(_heat_row(weekday, hours, grid[weekday], hidden) for weekday in WEEKDAYS),
        bottom=_bottom(hours, grid, hidden),
    )


def register_table(
    store: Store,
    days: Days,
    points: Sequence[Point],
    tallies: Mapping[PointId, Tally],
    whole: Tally,
    floor: int,
) -> RegistersView:
    """All points over some days; `whole` is the store's figure, which may be ahead of the rows."""
    shown = whole if whole.answered >= floor else None
    rows, groups = registers(points, tallies, whole, floor)
    return RegistersView(store, days, floor, shown, index(shown), response(shown), rows, groups)


def store_table(
    days: Days, stores: Sequence[Store], tallies: Mapping[StoreId, Tally], floor: int
) -> StoresView:
    """The stores in their fixed order, and all of them together."""
    whole = total(tallies.get(store.store_id, Tally()) for store in stores)
    shown = list(hide([store.store_id for store in stores], tallies, floor).values())
    judged = [tally if tally and tally.answered else None for tally in shown]
    rows = [
        StoreRow(store, tally, index(tally), response(tally), verdict, hidden=tally is None)
        for store, tally, verdict in zip(stores, shown, verdicts(judged), strict=True)
    ]
    return StoresView(days, floor, index(whole if whole.answered >= floor else None), tuple(rows))


def _heat_row(
    weekday: int, hours: Sequence[int], tallies: Sequence[Tally], hidden: HiddenTable
) -> HeatRow:
    cells = tuple(
        _cell(weekday, hour, tallies[hour], (weekday, hour) in hidden.cells) for hour in hours
    )
    return HeatRow(weekday, cells, _cell(weekday, None, total(tallies), weekday in hidden.rows))


def _bottom(hours: Sequence[int], grid: Sequence[Sequence[Tally]], hidden: HiddenTable) -> HeatRow:
    columns = [total(column) for column in zip(*grid, strict=True)]
    cells = tuple(_cell(None, hour, columns[hour], hour in hidden.columns) for hour in hours)
    return HeatRow(None, cells, _cell(None, None, total(columns), hidden.total))


def _cell(weekday: int | None, hour: int | None, tally: Tally, hidden: bool) -> HeatCell:
    shown = None if hidden else tally
    return HeatCell(weekday, hour, shown, index(shown), hidden)
