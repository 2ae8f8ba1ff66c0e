"""What the reports read: tallies, steps and ledgers, through one port."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from hub.core.hours import HOUR_MS, Hours, date_of, day_after
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, PointHour, Step
from shared.errors import WordError
from shared.places import PointId, StoreId
from shared.visits import Face

MOST_DAYS = 420
"""400 that anybody may ask for (a year, and a month of the year before), and the weeks around."""


@dataclass(frozen=True, slots=True)
class Days:
    """Local dates from `first` to `last` (both as 20261122, both included)."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_DAYS:
            raise WordError(f"from {self.first} to {self.last} are not 1 to {MOST_DAYS} days")

    @property
    def count(self) -> int:
        """How many days."""
        return (date_of(self.last) - date_of(self.first)).days + 1

    @classmethod
    def last_of(cls, last: int, count: int) -> Days:
        """The `count` days that end with `last`."""
        return cls(day_after(last, 1 - count), last)


@dataclass(frozen=True, slots=True)
class Span:
    """The trading hours from `start` up to `end` (instants), but for the `strays`.

    Strays are hours of a neighbouring date that lie in between, where a zone set its clocks back
    across midnight.
    """

    start: int
    end: int
    strays: tuple[int, ...] = ()


def span_of(hours: Hours, days: Days) -> Span:
    """The hours of these local dates."""
    start, end = hours.day_bounds(days.first)[0], hours.day_bounds(days.last)[1]
    near = 4 * HOUR_MS  # since 1970 no zone set its clocks back by more at midnight
    edges = {*hours.hours_between(start, min(start + near, end))}
    edges.update(hours.hours_between(max(start, end - near), end))
    strays = sorted(hour.start for hour in edges if not days.first <= hour.day <= days.last)
    return Span(start, end, tuple(strays))


class DayHour(NamedTuple):
    """The tally of one store, local date and hour of the day."""

    store_id: StoreId
    day: int
    hour_of_day: int
    tally: Tally


class StoreTally(NamedTuple):
    """The tally of one store over one key: a local date or an hour of the day."""

    store_id: StoreId
    key: int
    tally: Tally


class Figures(Protocol):
    """Reads tallies, never raw records. Any method may raise ArchiveError."""

    def stores(self) -> Sequence[Store]:
        """All stores, in their fixed order: by identifier."""

    def points(self, store_id: StoreId) -> Sequence[Point]:
        """The points of a store, as they stand in it."""

    def day_counts(self, store_id: StoreId, day: int, span: Span) -> DayCounts:
        """All tallies and reasons of one local date, as they are at one instant."""

    def point_hours(self, store_id: StoreId, span: Span) -> Sequence[PointHour]:
        """Every tally of the span, by hour and point."""

    def point_totals(self, store_id: StoreId, span: Span) -> dict[PointId, Tally]:
        """The sum over the span for each point that has one."""

    def hour_totals(self, store_id: StoreId, span: Span) -> dict[int, Tally]:
        """The sum over all points for each trading hour that has one, in order."""

    def day_hours(
        self, store_id: StoreId, days: Days, only: Collection[int] | None = None
    ) -> Sequence[DayHour]:
        """Every local date and hour of the day of one store, in order; of `only` these dates."""

    def hours_of_day(self, days: Days) -> Sequence[StoreTally]:
        """The sum over the days by store and hour of the day, for all stores."""

    def days(self, days: Days, stores: Collection[StoreId] | None = None) -> Sequence[StoreTally]:
        """The sum of each local date by store, for these stores (None: all)."""

    def store_totals(self, days: Days) -> dict[StoreId, Tally]:
        """The sum over the days of each store that has one."""

    def reason_totals(
        self, store_id: StoreId, spans: Sequence[Span]
    ) -> dict[tuple[Face, str], int]:
        """How many named each reason after each face, over all points and these spans."""

    def step(self, store_id: StoreId, day: int) -> Step | None:
        """What the live page of a store last showed of that day, if anything."""

    def keep_step(self, store_id: StoreId, before: Step | None, after: Step) -> bool:
        """Replace the step; False, changing nothing, where it is not `before` any more."""
