"""Tallies in memory, read by the same port as the database's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hub.core.figures import DayHour, Days, Span, StoreTally
from hub.core.hours import Hours
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, PointHour, ReasonCount, Step, by_hour, by_point
from shared.places import PointId, StoreId
from shared.visits import Face

Key = TypeVar("Key")


@dataclass
class FakeFigures:
    """Fill it with `count` and `name_reason`; both may be called again and again."""

    places: list[Store] = field(default_factory=list)
    standing: list[Point] = field(default_factory=list)
    tallies: dict[tuple[StoreId, PointId, int], Tally] = field(default_factory=dict)
    named: dict[tuple[StoreId, int, Face, str], int] = field(default_factory=dict)
    kept: dict[tuple[StoreId, int], Step] = field(default_factory=dict)

    def count(self, store: StoreId, point: PointId, hour: int, tally: Tally) -> None:
        key = (store, point, hour)
        self.tallies[key] = self.tallies.get(key, Tally()) + tally

    def name_reason(self, store: StoreId, hour: int, face: Face, reason: str, times: int) -> None:
        key = (store, hour, face, reason)
        self.named[key] = self.named.get(key, 0) + times

    def stores(self) -> Sequence[Store]:
        return sorted(self.places, key=lambda store: store.store_id)

    def points(self, store_id: StoreId) -> Sequence[Point]:
        mine = [point for point in self.standing if point.store_id == store_id]
        return sorted(mine, key=lambda point: (point.position, point.point_id))

    def day_counts(self, store_id: StoreId, day: int, span: Span) -> DayCounts:
        reasons = [
            ReasonCount(hour, face, reason, n)
            for (store, hour, face, reason), n in sorted(self.named.items())
            if store == store_id and _in(span, hour)
        ]
        rows = tuple(self.point_hours(store_id, span))
        return DayCounts(day, span.start, rows, tuple(reasons))

    def point_hours(self, store_id: StoreId, span: Span) -> Sequence[PointHour]:
        rows = [
            PointHour(point, hour, tally)
            for (store, point, hour), tally in self.tallies.items()
            if store == store_id and _in(span, hour)
        ]
        return sorted(rows, key=lambda row: (row.hour, row.point_id))

    def point_totals(self, store_id: StoreId, span: Span) -> dict[PointId, Tally]:
        return by_point(self.point_hours(store_id, span))

    def hour_totals(self, store_id: StoreId, span: Span) -> dict[int, Tally]:
        return by_hour(self.point_hours(store_id, span))

    def day_hours(
        self, store_id: StoreId, days: Days, only: Collection[int] | None = None
    ) -> Sequence[DayHour]:
        found = _summed(
            ((row.day, row.hour_of_day), row.tally)
            for row in self._every(days)
            if row.store_id == store_id and (only is None or row.day in only)
        )
        return [DayHour(store_id, *key, tally) for key, tally in found.items()]

    def hours_of_day(self, days: Days) -> Sequence[StoreTally]:
        return self._by_store(days, lambda row: row.hour_of_day)

    def days(self, days: Days, stores: Collection[StoreId] | None = None) -> Sequence[StoreTally]:
        found = self._by_store(days, lambda row: row.day)
        return [row for row in found if stores is None or row.store_id in stores]

    def store_totals(self, days: Days) -> dict[StoreId, Tally]:
        return _summed((row.store_id, row.tally) for row in self._every(days))

    def reason_totals(
        self, store_id: StoreId, spans: Sequence[Span]
    ) -> dict[tuple[Face, str], int]:
        found: dict[tuple[Face, str], int] = {}
        for (store, hour, face, reason), n in self.named.items():
            if store == store_id and any(_in(span, hour) for span in spans):
                found[face, reason] = found.get((face, reason), 0) + n
        return found

    def step(self, store_id: StoreId, day: int) -> Step | None:
        return self.kept.get((store_id, day))

    def keep_step(self, store_id: StoreId, before: Step | None, after: Step) -> bool:
        if self.kept.get((store_id, after.day)) != before:
            return False
        self.kept[store_id, after.day] = after
        return True

    def _every(self, days: Days) -> Iterable[DayHour]:
        zones = {store.store_id: Hours(store.zone) for store in self.places}
        for (store, _, at), tally in sorted(self.tallies.items()):
            hour = zones[store].hour_of(at)
            if days.first <= hour.day <= days.last:
                yield DayHour(store, hour.day, hour.hour_of_day, tally)

    def _by_store(self, days: Days, key: Callable[[DayHour], int]) -> Sequence[StoreTally]:
        found = _summed(((row.store_id, key(row)), row.tally) for row in self._every(days))
        return [StoreTally(*keys, tally) for keys, tally in found.items()]


def _in(span: Span, hour: int) -> bool:
    return span.start <= hour < span.end and hour not in span.strays


def _summed(parts: Iterable[tuple[Key, Tally]]) -> dict[Key, Tally]:
    sums: dict[Key, Tally] = {}
    for key, tally in parts:
        sums[key] = sums.get(key, Tally()) + tally
    return {key: sums[key] for key in sorted(sums)}  # type: ignore[type-var]
