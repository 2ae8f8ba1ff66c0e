"""Tallies in memory, read by the same port as the database's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from hub.core.figures import By, Change, DayHour, Days, Key, Span
from hub.core.hours import Hours
from hub.core.ports import Point, Store
from hub.core.releasing import Entry, Kind, mark_of
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, PointHour, ReasonCount, Step
from shared.places import PointId, StoreId
from shared.visits import Face

Name = TypeVar("Name")
CAJA_1 = PointId("caja-1")


@dataclass
class FakeFigures:
    """Fill it with `count` and `name_reason`; both may be called again and again."""

    places: list[Store] = field(default_factory=list)
    standing: list[Point] = field(default_factory=list)
    tallies: dict[tuple[StoreId, PointId, int], Tally] = field(default_factory=dict)
    named: dict[tuple[StoreId, PointId, int, Face, str], int] = field(default_factory=dict)
    kept: dict[tuple[StoreId, int], Step] = field(default_factory=dict)
    entries: dict[tuple[StoreId, Kind, int, PointId, int], Entry] = field(default_factory=dict)
    restored: int = 0

    def count(self, store: StoreId, point: PointId, hour: int, tally: Tally) -> None:
        key = (store, point, hour)
        self.tallies[key] = self.tallies.get(key, Tally()) + tally

    def name_reason(
        self,
        store: StoreId,
        hour: int,
        face: Face,
        reason: str,
        times: int,
        point: PointId = CAJA_1,
    ) -> None:
        key = (store, point, hour, face, reason)
        self.named[key] = self.named.get(key, 0) + times

    def stores(self) -> Sequence[Store]:
        return sorted(self.places, key=lambda store: store.store_id)

    def points(self, store_id: StoreId) -> Sequence[Point]:
        mine = [point for point in self.standing if point.store_id == store_id]
        return sorted(mine, key=lambda point: (point.position, point.point_id))

    def day_counts(self, store_id: StoreId, day: int, span: Span) -> DayCounts:
        reasons = [
            ReasonCount(hour, face, reason, n, point)
            for (store, point, hour, face, reason), n in self.named.items()
            if store == store_id and _in(span, hour)
        ]
        rows = tuple(self._point_hours(store_id, span))
        return DayCounts(day, span.start, rows, tuple(sorted(reasons)))

    def _point_hours(self, store_id: StoreId, span: Span) -> Sequence[PointHour]:
        rows = [
            PointHour(point, hour, tally)
            for (store, point, hour), tally in self.tallies.items()
            if store == store_id and _in(span, hour)
        ]
        return sorted(rows, key=lambda row: (row.hour, row.point_id))

    def day_hours(
        self, store_id: StoreId, days: Days, only: Collection[int] | None = None
    ) -> Sequence[DayHour]:
        found = _summed(
            ((row.day, row.hour_of_day), row.tally)
            for row in self._hours()
            if row.store_id == store_id and days.first <= row.day <= days.last
            if only is None or row.day in only
        )
        return [DayHour(store_id, *key, tally) for key, tally in found.items()]

    def counted_days(self, since: int) -> Mapping[tuple[StoreId, int], int]:
        found: dict[tuple[StoreId, int], int] = {}
        for store, day, hour_of_day, tally in self._hours():
            if day >= since:
                found[store, day] = found.get((store, day), 0) + mark_of([(hour_of_day, tally)])
        return found

    def reason_totals(
        self, store_id: StoreId, spans: Sequence[Span]
    ) -> dict[tuple[Face, str], int]:
        found: dict[tuple[Face, str], int] = {}
        for (store, _, hour, face, reason), n in self.named.items():
            if store == store_id and any(_in(span, hour) for span in spans):
                found[face, reason] = found.get((face, reason), 0) + n
        return found

    def told(self, store_id: StoreId, kind: Kind, days: Days) -> Sequence[Entry]:
        found = [entry for (store, *_), entry in self.entries.items() if store == store_id]
        chosen = [e for e in found if e.kind is kind and days.first <= e.day <= days.last]
        return sorted(chosen, key=lambda entry: (entry.day, entry.hour, entry.point_id))

    def told_sums(
        self, stores: Collection[StoreId], parts: Sequence[tuple[Kind, Days]], by: By
    ) -> Mapping[tuple[StoreId, Key], Tally]:
        return _summed(
            ((store, _KEYS[by](entry)), entry.tally)
            for store in stores
            for kind, days in parts
            for entry in self.told(store, kind, days)
        )

    def step(self, store_id: StoreId, day: int) -> Step | None:
        return self.kept.get((store_id, day))

    def restored_at(self) -> int:
        return self.restored

    def released_until(self) -> Mapping[StoreId, int]:
        return {store: day for (store, day), step in sorted(self.kept.items()) if step.over}

    def released_days(self, since: int) -> Mapping[tuple[StoreId, int], int]:
        kept = self.kept.items()
        return {key: step.known for key, step in kept if step.over and key[1] >= since}

    def keep_steps(
        self, store_id: StoreId, changes: Sequence[Change], entries: Sequence[Entry] = ()
    ) -> bool:
        if any(self.kept.get((store_id, after.day)) != before for before, after in changes):
            return False
        self.kept.update(((store_id, after.day), after) for _, after in changes)
        for entry in entries:
            key = (store_id, entry.kind, entry.day, entry.point_id, entry.hour)
            before = self.entries[key].tally if key in self.entries else Tally()
            self.entries[key] = entry._replace(tally=before + entry.tally)
        return True

    def forget_steps(self, store_id: StoreId, before: int) -> None:
        for store, day in [*self.kept]:
            if store == store_id and day < before:
                del self.kept[store, day]

    def _hours(self) -> Iterable[DayHour]:
        zones = {store.store_id: Hours(store.zone) for store in self.places}
        for (store, _, at), tally in sorted(self.tallies.items()):
            hour = zones[store].hour_of(at)
            yield DayHour(store, hour.day, hour.hour_of_day, tally)


_KEYS: Mapping[By, Callable[[Entry], Key]] = {
    By.STORE: lambda _: 0,
    By.DAY: lambda entry: entry.day,
    By.HOUR_OF_DAY: lambda entry: entry.hour_of_day,
    By.POINT: lambda entry: entry.point_id,
}


def _in(span: Span, hour: int) -> bool:
    return span.start <= hour < span.end and hour not in span.strays


def _summed(parts: Iterable[tuple[Name, Tally]]) -> dict[Name, Tally]:
    sums: dict[Name, Tally] = {}
    for key, tally in parts:
        sums[key] = sums.get(key, Tally()) + tally
    return {key: sums[key] for key in sorted(sums)}  # type: ignore[type-var]
