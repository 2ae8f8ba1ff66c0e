"""What is told, as rows for the API and for exports, one kind of row at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from hub.core.hours import Hours
from hub.core.intervals import Share, response
from hub.core.ports import Store
from hub.core.satisfaction import Index, Tally, index
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
    """A row for each trading hour that has something."""
    return [_hour_row(store, zone, at, told(n, floor)) for at, n in sorted(hours.items())]


def day_rows(store: Store, zone: Hours, days: Mapping[int, Tally], floor: int) -> list[Row]:
    """A row for each local date that has something."""
    return [
        Row(store, None, *zone.day_bounds(day), day, None, told(n, floor))
        for day, n in sorted(days.items())
    ]


def hour_of_day_rows(store: Store, hours: Mapping[int, Tally], floor: int) -> list[Row]:
    """A row for each hour of the day that has something."""
    rows = sorted(hours.items())
    return [Row(store, None, None, None, None, hour, told(n, floor)) for hour, n in rows]


def point_rows(
    store: Store,
    bounds: tuple[int, int],
    points: Sequence[PointId],
    tallies: Mapping[PointId, Tally],
    floor: int,
) -> list[Row]:
    """A row for each point, as they stand in the store."""
    shown = tell(points, tallies, floor)
    return [Row(store, point, *bounds, None, None, shown[point]) for point in points]


def point_hour_rows(
    store: Store, zone: Hours, rows: Iterable[tuple[PointId, int, Tally]], floor: int
) -> list[Row]:
    """A row for each point and trading hour that has something."""
    return [_hour_row(store, zone, at, told(n, floor), point) for point, at, n in rows]


def total_row(store: Store, bounds: tuple[int, int], whole: Tally | None, floor: int) -> Row:
    """All of it in one row; `whole` is None where there is nothing."""
    shown = Tally() if whole is None else told(whole, floor)
    return Row(store, None, *bounds, None, None, shown)


def told(tally: Tally | None, floor: int) -> Tally | None:
    """What is told of something: None where it rests on fewer answers than the floor.

    That is hidden, too, where none was told of some that were given: its sales would look as if
    nobody had answered. A floor that was raised since hides more.
    """
    return None if tally is None or tally.answered < floor else tally


def tell(
    line: Iterable[Key], tallies: Mapping[Key, Tally], floor: int, *, live: bool = False
) -> dict[Key, Tally | None]:
    """What is told of each place of a line.

    A place that is not there has nothing; while it is `live`, nobody shall know so soon.
    """
    nothing = Tally()
    return {
        place: told(tallies[place], floor) if place in tallies else None if live else nothing
        for place in line
    }


def _hour_row(
    store: Store, zone: Hours, at: int, tally: Tally | None, point: PointId | None = None
) -> Row:
    hour = zone.hour_of(at)
    return Row(store, point, at, hour.end, hour.day, hour.hour_of_day, tally)
