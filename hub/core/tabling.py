"""Draws the tables of longer times: weekday × hour, registers, stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.core.comparing import verdicts
from hub.core.figures import Days
from hub.core.hours import weekday_of
from hub.core.intervals import response
from hub.core.listing import tell, told
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally, index
from hub.core.showing import registers
from hub.core.steps import summed, total
from hub.core.views import HeatCell, HeatRow, HoursView, RegistersView, StoreRow, StoresView
from shared.places import PointId, StoreId

WEEKDAYS = range(7)


@dataclass(frozen=True, slots=True)
class Heat:
    """What is told of some weeks: by date and hour of the day, by hour of the day, by date, all."""

    cells: Sequence[tuple[int, int, Tally]]
    hours: Mapping[int, Tally]
    days: Mapping[int, Tally]
    whole: Tally | None


def heat_map(store: Store, days: Days, heat: Heat, floor: int) -> HoursView:
    """Weekday × hour of the day; hours in which nothing ever happened are left out."""
    hours = tuple(sorted(heat.hours))
    cells = summed(((weekday_of(day), hour), tally) for day, hour, tally in heat.cells)
    totals = summed((weekday_of(day), tally) for day, tally in heat.days.items())
    rows = tuple(
        HeatRow(
            weekday,
            tuple(_cell(weekday, hour, cells.get((weekday, hour)), floor) for hour in hours),
            _cell(weekday, None, totals.get(weekday), floor),
        )
        for weekday in WEEKDAYS
    )
    bottom = tuple(_cell(None, hour, heat.hours[hour], floor) for hour in hours)
    whole = _cell(None, None, heat.whole, floor)
    return HoursView(store, days, floor, hours, rows, HeatRow(None, bottom, whole))


def register_table(
    store: Store,
    days: Days,
    points: Sequence[Point],
    tallies: Mapping[PointId, Tally],
    whole: Tally | None,
    floor: int,
    *,
    live: bool,
) -> RegistersView:
    """All points over some days; `whole` is the store's figure, which may be ahead of the rows."""
    shown = None if whole is None else told(whole, floor)
    rows, groups = registers(points, tallies, floor, live=live)
    return RegistersView(store, days, floor, shown, index(shown), response(shown), rows, groups)


def store_table(
    days: Days, stores: Sequence[Store], tallies: Mapping[StoreId, Tally], floor: int
) -> StoresView:
    """The stores in their fixed order, and all of them together."""
    shown = list(tell([store.store_id for store in stores], tallies, floor).values())
    whole = total(tally for tally in shown if tally)
    judged = [tally if tally and tally.answered else None for tally in shown]
    rows = [
        StoreRow(store, tally, index(tally), response(tally), verdict, hidden=tally is None)
        for store, tally, verdict in zip(stores, shown, verdicts(judged), strict=True)
    ]
    return StoresView(days, floor, index(whole if whole.answered >= floor else None), tuple(rows))


def _cell(weekday: int | None, hour: int | None, tally: Tally | None, floor: int) -> HeatCell:
    """A cell; None is that there is nothing."""
    shown = Tally() if tally is None else told(tally, floor)
    return HeatCell(weekday, hour, shown, index(shown), hidden=shown is None)
