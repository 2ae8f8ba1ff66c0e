"""Joins answers to the waits in force, hour by hour, and tells weeks of it once they are over."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import structlog

from hub.core.hours import DAY_MS, HOUR_MS, Hours, day_after, monday_of
from hub.core.ports import Store
from hub.core.satisfaction import Tally
from hub.core.waiting.bands import SETTLES_MS, WEEKS, Week, told_week
from hub.core.waiting.facts import LineId
from hub.core.waiting.joining import InForce
from hub.core.waiting.joins import Paces, ScoreBook
from hub.core.waiting.layout import Layout, Layouts
from hub.core.waiting.scoring import REACH_MS, WITHOUT, Joined, Scores, by_hour, in_force, scored
from shared.places import PointId, StoreId

log = structlog.get_logger(__name__)

READ_AT_ONCE: Final = 7 * 25
"""Hours that are read in one go: a week with a change of clocks; each goes once through all that
came since, because any of it may be late."""

AT_ONCE: Final = 24
"""Hours in one transaction: some hundred rows, so that the intake hardly waits."""

JOINED_DAYS: Final = 34
"""So far back hours can be joined anew: notices are forgotten after 35 days, and an hour without
them would lose every wait that it has."""

SCORED_DAYS: Final = 100
"""Hours of earlier days are forgotten: no slope rests on them any more."""

STORES_AT_ONCE: Final = 100
"""Stores in one go, a few seconds: other work of every minute waits meanwhile."""

REMEMBERED: Final = 64
"""Days of lines in memory at once, some 10 MB: kiosks send in order, so each is read about once."""

Stores = Callable[[], Iterable[Store]]


class Joins:
    """A job's work of every hour. Safe to run twice, and beside a command: hours are whole."""

    def __init__(
        self, book: ScoreBook, paces: Paces, layouts: Layouts, stores: Stores, floor: int
    ) -> None:
        self._book, self._paces, self._layouts = book, paces, layouts
        self._stores, self._floor = stores, floor
        self._hour, self._due = 0, list[tuple[Store, Layout]]()

    def look(self, now: int) -> None:
        """Once an hour: join the hours that are over, and what came late; raises ArchiveError."""
        if now // HOUR_MS != self._hour:
            self._hour, self._due = now // HOUR_MS, self._laid_out()
        for _ in range(min(STORES_AT_ONCE, len(self._due))):
            store, layout = self._due.pop()  # first: a store that fails keeps no other waiting
            zone = Hours(store.zone)
            self._join_new(store, layout, zone, now)
            self._tell(store, layout, zone, now)

    def again(self, since: int, now: int) -> tuple[int, int]:
        """Join every hour since a local day anew; how many answers, and how many had a wait."""
        sums = [0, 0]
        for store, layout in self._laid_out():
            zone = Hours(store.zone)
            first = zone.day_bounds(since)[0]
            hours = zone.hours_between(first, _over(zone, now))
            known = [hour.start for hour in hours if hour.start >= _earliest(now)]
            for joined in self._join(store, layout, known):
                for (_, _, minutes), tally in joined.items():
                    sums[0] += tally.answered
                    sums[1] += tally.answered if minutes != WITHOUT else 0
        return sums[0], sums[1]

    def _laid_out(self) -> list[tuple[Store, Layout]]:
        stores = {store.store_id: store for store in self._stores()}
        return [(stores[name], one) for name, one in self._layouts.layouts() if name in stores]

    def _join_new(self, store: Store, layout: Layout, zone: Hours, now: int) -> None:
        name = store.store_id
        first = self._book.first_told(name)
        if first is None:
            return
        since = max(zone.hour_of(first).start, self._book.sealed(name), _earliest(now))
        came = self._book.arrived(name, since, _over(zone, now))
        for _ in self._join(store, layout, sorted(came.hours)):
            pass
        self._book.write(name, [], {}, came.marks)  # last: what was cut short comes again
        if came.hours:
            log.info("joins.joined", store=name, hours=len(came.hours))

    def _join(self, store: Store, layout: Layout, hours: Sequence[int]) -> Iterator[Joined]:
        sealed = self._book.sealed(store.store_id)
        known = [hour for hour in hours if hour >= sealed]
        waits = _Waits(self._book, self._paces, store, layout)
        for some in _cut(known, READ_AT_ONCE):
            answers = self._book.answers(store, frozenset(some))
            joined = scored(answers, waits.before, waits.service)
            self._write(store.store_id, some, by_hour(joined))
            yield joined

    def _write(self, store: StoreId, hours: Sequence[int], scores: Scores) -> None:
        for some in _cut(hours, AT_ONCE):
            among = {key: tally for key, tally in scores.items() if key[0] in some}
            self._book.write(store, some, among, {})

    def _tell(self, store: Store, layout: Layout, zone: Hours, now: int) -> None:
        """Tell the weeks that are over and settled, each joined once more right before."""
        name, first = store.store_id, self._book.first_told(store.store_id)
        if first is None:
            return
        monday = monday_of(zone.hour_of(now - SETTLES_MS).day)
        earliest = day_after(monday, -7 * WEEKS)
        weeks = {week.monday: week for week in self._book.weeks(name, earliest)}
        restored_at = self._book.restored_at()
        for back in range(WEEKS, 0, -1):
            wanted = day_after(monday, -7 * back)
            since, before = _bounds(zone, wanted)
            if wanted in weeks or before <= first or since < _earliest(now):
                continue
            if since < restored_at:
                continue  # told again it could differ by one shopper
            hours = [hour.start for hour in zone.hours_between(since, before)]
            joined: dict[tuple[PointId, int, int], Tally] = {}
            for some in self._join(store, layout, hours):  # those that are sealed tell nothing
                joined.update(some)
            weeks[wanted] = self._told(name, zone, wanted, joined, weeks.values())

    def _told(
        self, name: StoreId, zone: Hours, monday: int, joined: Joined, weeks: Iterable[Week]
    ) -> Week:
        since = day_after(monday, -7 * (WEEKS - 1))
        earlier = sorted(
            (week for week in weeks if since <= week.monday < monday),
            key=lambda week: -week.monday,
        )
        before = [(week, self._book.scores(name, *_bounds(zone, week.monday))) for week in earlier]
        week = told_week(monday, joined, before, self._floor)
        self._book.tell(name, week)
        self._book.forget(name, _bounds(zone, monday)[0] - SCORED_DAYS * DAY_MS)
        return week


class _Waits:
    """The waits in force before the points of one store, remembered by line and day."""

    def __init__(self, book: ScoreBook, paces: Paces, store: Store, layout: Layout) -> None:
        self._book, self._paces, self._store, self._layout = book, paces, store, layout
        self._zone = Hours(store.zone)
        self._known: OrderedDict[tuple[LineId, int], list[InForce]] = OrderedDict()
        self._services: dict[int, float] = {}

    def before(self, point: PointId, paid: int) -> list[InForce]:
        """Those that matter for who paid there at that instant."""
        line = self._layout.line_at(point)
        if line is None:
            return []
        key = line, paid // DAY_MS
        if key not in self._known:
            begins = key[1] * DAY_MS
            told = self._book.told(self._store.store_id, line, begins - REACH_MS, begins + DAY_MS)
            self._known[key] = in_force(told)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[key]

    def service(self, paid: int) -> float:
        """What a service of the store took on that day."""
        day = self._zone.hour_of(paid).day
        if day not in self._services:
            usual = self._layout.usual_ms
            self._services[day] = self._paces.pace(self._store.store_id, day, usual).mean
        return self._services[day]


def _cut(hours: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (hours[place : place + size] for place in range(0, len(hours), size))


def _earliest(now: int) -> int:
    return now - JOINED_DAYS * DAY_MS


def _over(zone: Hours, now: int) -> int:
    """The hours before this instant are over for an hour at least."""
    return zone.hour_of(now - HOUR_MS).start


def _bounds(zone: Hours, monday: int) -> tuple[int, int]:
    return zone.day_bounds(monday)[0], zone.day_bounds(day_after(monday, 7))[0]
