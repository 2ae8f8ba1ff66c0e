"""What the reports read: tallies, steps and ledgers, through one port."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from hub.core.hours import HOUR_MS, Hours, date_of, day_after
from hub.core.ports import Point, Store
from hub.core.releasing import Entry, Kind
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, Step
from shared.errors import WordError
from shared.places import StoreId
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


Key = Any
"""What a sum is named by: a date, an hour of the day, or a point."""


class By(StrEnum):
    """What told sums are grouped by."""

    STORE = "store"
    DAY = "day"
    HOUR_OF_DAY = "hour_of_day"
    POINT = "point"


class Change(NamedTuple):
    """A step and what replaces it."""

    before: Step | None
    after: Step


class Figures(Protocol):
    """Reads what is counted and what is told, never raw records. Any method may raise ArchiveError.

    What is counted (`day_counts`, `day_hours`, `reason_totals`) is shown only after `core.stepping`
    had its say; what is told (`told`, `told_sums`) as it is.
    """

    def stores(self) -> Sequence[Store]:
        """All stores, in their fixed order: by identifier."""

    def points(self, store_id: StoreId) -> Sequence[Point]:
        """The points of a store, as they stand in it."""

    def day_counts(self, store_id: StoreId, day: int, span: Span) -> DayCounts:
        """All tallies and reasons of one local date, as they are at one instant."""

    def day_hours(
        self, store_id: StoreId, days: Days, only: Collection[int] | None = None
    ) -> Sequence[DayHour]:
        """Every local date and hour of the day of one store, in order; of `only` these dates."""

    def reason_totals(
        self, store_id: StoreId, spans: Sequence[Span]
    ) -> dict[tuple[Face, str], int]:
        """How many named each reason after each face, over all points and these spans."""

    def counted_days(self, since: int) -> Mapping[tuple[StoreId, int], int]:
        """The mark (`core.releasing.mark_of`) of each local date since this one that has anything,
        in any store."""

    def told(self, store_id: StoreId, kind: Kind, days: Days) -> Sequence[Entry]:
        """Every entry of this kind, in order of dates, hours and points."""

    def told_sums(
        self, stores: Collection[StoreId], parts: Sequence[tuple[Kind, Days]], by: By
    ) -> Mapping[tuple[StoreId, Key], Tally]:
        """The sums over these kinds and their days, by store and what `by` says (a date, an hour
        of the day, a point; 0 for the store)."""

    def step(self, store_id: StoreId, day: int) -> Step | None:
        """What was last told of that day, if anything."""

    def released_until(self) -> Mapping[StoreId, int]:
        """The last date of each store that is closed, where there is one."""

    def released_days(self, since: int) -> Mapping[tuple[StoreId, int], int]:
        """The dates since this one that are closed, in any store, each with the mark of what was
        counted when it was last judged."""

    def restored_at(self) -> int:
        """When this database was last restored from a backup; 0 where it never was."""

    def keep_steps(
        self, store_id: StoreId, changes: Sequence[Change], entries: Sequence[Entry] = ()
    ) -> bool:
        """Replace the steps and add the entries to what is told; False, changing nothing, where a
        step is not what it was before."""

    def forget_steps(self, store_id: StoreId, before: int) -> None:
        """Drop the steps of dates before this one: what they told stays told."""
