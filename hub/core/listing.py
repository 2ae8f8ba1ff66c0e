"""Tallies as rows for the API and for exports, one kind of row at a time, under the floor hidden.

Hours are judged by whole local days and days by whole weeks, whatever range was asked for: so the
answers to two questions never hide different cells, and cannot be taken from each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hub.core.hours import Hours, date_of
from hub.core.intervals import Share, response
from hub.core.ports import Store
from hub.core.satisfaction import Index, Tally, index
from hub.core.steps import PointHour, by_hour, by_point, total
from hub.core.suppression import hide_line, hide_table
from shared.places import PointId


class Group(StrEnum):
    """What a row is the sum of."""

    HOUR = "hour"
    DAY = "day"
    HOUR_OF_DAY = "hour_of_day"
    POINT = "point"
    POINT_HOUR = "point_hour"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """One row; None is what does not apply, or (`tally`, with `hidden`) what is not shown."""

    store: Store
    point_id: PointId | None
    start: int | None
    end: int | None
    day: int | None
    hour_of_day: int | None
    tally: Tally | None

    @property
    def hidden(self) -> bool:
        """Whether there is something that is not shown."""
        return self.tally is None

    @property
    def index(self) -> Index | None:
        """The index with its interval and n."""
        return index(self.tally)

    @property
    def response(self) -> Share | None:
        """The share of sales that were answered."""
        return response(self.tally)


def hour_rows(store: Store, zone: Hours, hours: Mapping[int, Tally], floor: int) -> list[Row]:
    """A row for each trading hour that has something; `hours` must hold whole days."""
    rows: list[Row] = []
    for members in _together(hours, lambda at: zone.hour_of(at).day).values():
        shown = _hide([hours[at] for at in members], floor)
        rows += [
            _hour_row(store, zone, at, tally) for at, tally in zip(members, shown, strict=True)
        ]
    return rows


def day_rows(store: Store, zone: Hours, days: Mapping[int, Tally], floor: int) -> list[Row]:
    """A row for each local date that has something; `days` must hold whole weeks (or all)."""
    rows: list[Row] = []
    for members in _together(days, _week).values():
        shown = _hide([days[day] for day in members], floor)
        for day, tally in zip(members, shown, strict=True):
            start, end = zone.day_bounds(day)
            rows.append(Row(store, None, start, end, day, None, tally))
    return rows


def hour_of_day_rows(store: Store, hours: Mapping[int, Tally], floor: int) -> list[Row]:
    """A row for each hour of the day that has something."""
    shown = _hide([hours[hour] for hour in sorted(hours)], floor)
    pairs = zip(sorted(hours), shown, strict=True)
    return [Row(store, None, None, None, None, hour, tally) for hour, tally in pairs]


def point_rows(
    store: Store, bounds: tuple[int, int], points: Mapping[PointId, Tally], whole: Tally, floor: int
) -> list[Row]:
    """A row for each point; what `whole` has beyond them is one more hidden cell."""
    beyond = whole - total(points.values())
    shown = _hide([*points.values(), beyond], floor)[:-1]
    return [
        Row(store, point, *bounds, None, None, tally)
        for point, tally in zip(points, shown, strict=True)
    ]


def point_hour_rows(store: Store, zone: Hours, rows: Sequence[PointHour], floor: int) -> list[Row]:
    """A row for each point and trading hour, hidden day by day along both; whole days only."""
    found: list[Row] = []
    places: dict[int, list[PointHour]] = {}
    for row in rows:
        places.setdefault(zone.hour_of(row.hour).day, []).append(row)
    for members in places.values():
        found += _point_hours(store, zone, members, floor)
    return found


def total_row(store: Store, bounds: tuple[int, int], whole: Tally, floor: int) -> Row:
    """All of it in one row."""
    shown = None if 0 < whole.answered < floor else whole
    return Row(store, None, *bounds, None, None, shown)


def _point_hours(store: Store, zone: Hours, rows: Sequence[PointHour], floor: int) -> Iterable[Row]:
    points, hours = sorted(by_point(rows)), sorted(by_hour(rows))
    cells = {(row.point_id, row.hour): row.tally for row in rows}
    grid = [[cells.get((point, hour), Tally()).answered for hour in hours] for point in points]
    hidden = hide_table(grid, floor).cells
    places = {(p, h): (r, c) for r, p in enumerate(points) for c, h in enumerate(hours)}
    for point, at, tally in rows:
        shown = None if places[point, at] in hidden else tally
        yield _hour_row(store, zone, at, shown, point)


def _hour_row(
    store: Store, zone: Hours, at: int, tally: Tally | None, point: PointId | None = None
) -> Row:
    hour = zone.hour_of(at)
    return Row(store, point, at, hour.end, hour.day, hour.hour_of_day, tally)


def _hide(tallies: Sequence[Tally], floor: int) -> list[Tally | None]:
    hidden = hide_line([tally.answered for tally in tallies], floor).cells
    return [None if place in hidden else tally for place, tally in enumerate(tallies)]


def _together(keys: Iterable[int], line_of: Callable[[int], object]) -> dict[object, list[int]]:
    lines: dict[object, list[int]] = {}
    for key in sorted(keys):
        lines.setdefault(line_of(key), []).append(key)
    return lines


def _week(day: int) -> object:
    return date_of(day).isocalendar()[:2]
