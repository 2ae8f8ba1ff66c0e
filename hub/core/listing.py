"""Tallies as rows for the API and for exports, one kind of row at a time, under the floor hidden.

Hours are judged by whole local days and days by whole weeks, whatever range was asked for: so the
answers to two questions never hide different cells, and cannot be taken from each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import TypeVar

from hub.core.hours import Hours, day_after, monday_of
from hub.core.intervals import Share, response
from hub.core.ports import Store
from hub.core.satisfaction import Index, Tally, index
from hub.core.steps import PointHour
from hub.core.suppression import hide_line, hide_table
from shared.places import PointId

Key = TypeVar("Key")


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
    for day in sorted({zone.hour_of(at).day for at in hours}):
        line = [hour.start for hour in zone.hours_of_day(day)]
        shown = hide(line, hours, floor)
        rows += [_hour_row(store, zone, at, shown[at]) for at in line if at in hours]
    return rows


def day_rows(store: Store, zone: Hours, days: Mapping[int, Tally], floor: int) -> list[Row]:
    """A row for each local date that has something; `days` must hold whole weeks (or all)."""
    rows: list[Row] = []
    for monday in sorted({monday_of(day) for day in days}):
        week = [day_after(monday, place) for place in range(7)]
        shown = hide(week, days, floor)
        for day in week:
            if day in days:
                rows.append(Row(store, None, *zone.day_bounds(day), day, None, shown[day]))
    return rows


def hour_of_day_rows(store: Store, hours: Mapping[int, Tally], floor: int) -> list[Row]:
    """A row for each hour of the day that has something."""
    shown = hide(range(24), hours, floor)
    return [Row(store, None, None, None, None, hour, shown[hour]) for hour in sorted(hours)]


def point_rows(
    store: Store,
    bounds: tuple[int, int],
    points: Sequence[PointId],
    tallies: Mapping[PointId, Tally],
    whole: Tally,
    floor: int,
) -> list[Row]:
    """A row for each point, as they stand in the store."""
    shown = hide(points, tallies, floor, whole)
    return [Row(store, point, *bounds, None, None, shown[point]) for point in points]


def point_hour_rows(
    store: Store, zone: Hours, points: Sequence[PointId], rows: Sequence[PointHour], floor: int
) -> list[Row]:
    """A row for each point and trading hour, hidden day by day along both; whole days only."""
    days: dict[int, list[PointHour]] = {}
    for row in rows:
        days.setdefault(zone.hour_of(row.hour).day, []).append(row)
    found = [
        _point_hours(store, zone, day, points, members, floor) for day, members in days.items()
    ]
    return list(chain.from_iterable(found))


def total_row(store: Store, bounds: tuple[int, int], whole: Tally, floor: int) -> Row:
    """All of it in one row."""
    shown = None if 0 < whole.answered < floor else whole
    return Row(store, None, *bounds, None, None, shown)


def hide(
    line: Sequence[Key], tallies: Mapping[Key, Tally], floor: int, whole: Tally | None = None
) -> dict[Key, Tally | None]:
    """The tally of every place of a line, None where it is hidden.

    The line must be the same whoever asks (all hours of a date, all days of a week, all points of
    a store): then the same places are hidden everywhere. What `whole` has beyond them (answers
    that a step holds back) is one more hidden place.
    """
    found = [tallies.get(place, Tally()) for place in line]
    counts = [tally.answered for tally in found]
    beyond = 0 if whole is None else max(0, whole.answered - sum(counts))
    hidden = hide_line([*counts, beyond], floor).cells
    return {
        place: None if number in hidden else tally
        for number, (place, tally) in enumerate(zip(line, found, strict=True))
    }


def _point_hours(
    store: Store,
    zone: Hours,
    day: int,
    points: Sequence[PointId],
    rows: Sequence[PointHour],
    floor: int,
) -> Iterable[Row]:
    hours = [hour.start for hour in zone.hours_of_day(day)]
    cells = {(row.point_id, row.hour): row.tally for row in rows}
    grid = [[cells.get((point, at), Tally()).answered for at in hours] for point in points]
    hidden = hide_table(grid, floor).cells
    for c, at in enumerate(hours):
        for r, point in enumerate(points):
            if (point, at) in cells:
                shown = None if (r, c) in hidden else cells[point, at]
                yield _hour_row(store, zone, at, shown, point)


def _hour_row(
    store: Store, zone: Hours, at: int, tally: Tally | None, point: PointId | None = None
) -> Row:
    hour = zone.hour_of(at)
    return Row(store, point, at, hour.end, hour.day, hour.hour_of_day, tally)
