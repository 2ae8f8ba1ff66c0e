"""Writes down what is told of the days and weeks of a store, once they are over."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from hub.core.figures import Change, Days, Figures, span_of
from hub.core.hours import Hours, day_after
from hub.core.ports import Store
from hub.core.releasing import Closed, close_day, entries_of, mark_of, settle_week, week_of
from hub.core.returning import as_told, without_held
from shared.errors import ArchiveError
from shared.places import StoreId

REMEMBERED_DAYS = 100
"""For so long a late record still joins its day: more than any kiosk was ever away."""


class Releases:
    """What is over is told once; every method is told “now”. Safe to call from several threads.

    A page tells nothing but days that nobody has told yet; what comes late is told by a job, so
    that no page waits its turn behind the intake for each store that has late records.
    """

    def __init__(self, figures: Figures, floor: int) -> None:
        self._figures, self._floor = figures, floor
        self._until: dict[StoreId, int] = {}

    def until(self, store: Store, zone: Hours, now: int) -> int:
        """The last date of which all is told that may be: yesterday, or 0 where nothing is over.

        Where the database is busy it is the date up to which another time went well.
        """
        yesterday = day_after(zone.hour_of(now).day, -1)
        if self._until.get(store.store_id, 0) < yesterday:
            self._close_up_to(store, zone, yesterday)
        return min(yesterday, self._until.get(store.store_id, 0))

    def tell_late(self, hours_of: Callable[[Store], Hours], now: int) -> None:
        """Tell every store's days that are over, and what came late for them."""
        stores = self._figures.stores()
        for store in stores:
            self._tell_over(store, hours_of(store), now)
        if not stores:
            return
        since = day_after(max(self._until.values()), 2 - REMEMBERED_DAYS)  # zones have two dates
        counted, judged = self._figures.counted_days(since), self._figures.released_days(since)
        late = {key for key, mark in counted.items() if judged.get(key) != mark}
        for store in stores:
            name, zone = store.store_id, hours_of(store)
            over = {day for at, day in late if at == name and day <= self._until.get(name, 0)}
            known = {day for day in over if self._is_known(name, day, judged)}
            if known:  # together: each transaction waits its turn behind the intake
                self._close(store, zone, sorted(known))
            for monday, sunday in sorted({week_of(day) for day in over - known}):
                self._close(store, zone, _days(monday, sunday))

    def _tell_over(self, store: Store, zone: Hours, now: int) -> None:
        """Tell the days that are over; and once a day forget what no late record joins any more."""
        before, until = self._until.get(store.store_id), self.until(store, zone, now)
        if until != before:
            self._figures.forget_steps(store.store_id, day_after(until, -REMEMBERED_DAYS))

    def _is_known(self, name: StoreId, day: int, judged: Container[tuple[StoreId, int]]) -> bool:
        """Whether the day was closed before, or its week still runs: else its week is told anew."""
        return (name, day) in judged or week_of(day)[1] > self._until[name]

    def _close_up_to(self, store: Store, zone: Hours, yesterday: int) -> None:
        name = store.store_id
        until = self._figures.released_until().get(name)
        first = self._first_day(name) if until is None else day_after(until)
        if first is None:
            self._until[name] = yesterday
            return
        self._until[name] = day_after(first, -1)
        while first <= yesterday:
            monday, sunday = week_of(first)
            last = min(sunday, yesterday)
            if not self._close(store, zone, _days(monday, last)):
                return
            self._until[name] = last
            first = day_after(last)

    def _first_day(self, name: StoreId) -> int | None:
        return min((day for at, day in self._figures.counted_days(0) if at == name), default=None)

    def _close(self, store: Store, zone: Hours, days: Sequence[int]) -> bool:
        """Close these days; where they are a whole week that is not settled, settle it."""
        closed = [self._closed(store, zone, day) for day in days]
        open_ = [day for day in closed if not (day.before and day.before.settled)]
        entries = [entry for day in closed for entry in entries_of(day, zone)]
        if open_ and list(days) == _days(*week_of(days[0])):
            settled, more = settle_week(open_, zone, self._floor)
            entries += more
            closed = [day for day in closed if day.before and day.before.settled] + settled
        changes = [Change(day.before, day.after) for day in closed if day.before != day.after]
        try:
            return self._figures.keep_steps(store.store_id, changes, entries)
        except ArchiveError:
            return False  # the database is busy: it is tried again with the next question

    def _closed(self, store: Store, zone: Hours, day: int) -> Closed:
        span = span_of(zone, Days(day, day))
        before = self._figures.step(store.store_id, day)  # first: what it knew is then counted, too
        counts = self._figures.day_counts(store.store_id, day, span)
        at = self._figures.restored_at()
        told = as_told(before, counts, at)
        closed = close_day(told, without_held(before, at), self._floor, span.end)
        mark = mark_of(
            (zone.hour_of(row.hour).hour_of_day, row.tally) for row in counts.point_hours
        )
        after = replace(closed.after, known=mark)
        return replace(closed, before=before, after=after, hidden=counts)


def _days(first: int, last: int) -> list[int]:
    days = [first]
    while days[-1] < last:
        days.append(day_after(days[-1]))
    return days
