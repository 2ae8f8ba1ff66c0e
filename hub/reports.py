"""The questions a manager asks, answered from tallies with interval and n.

What is said of today is what the published step says, on every page and in every export: else two
pages, or a page and an export, could be taken from each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hub.core.figures import By, Change, Days, Figures, Key, span_of
from hub.core.hours import Hours, day_after, weekday_of
from hub.core.listing import (
    Group,
    Row,
    day_rows,
    hour_of_day_rows,
    hour_rows,
    point_hour_rows,
    point_rows,
    total_row,
)
from hub.core.ports import Store
from hub.core.ranges import lines_of, parts_of
from hub.core.releasing import Kind
from hub.core.returning import as_told, without_held
from hub.core.satisfaction import Tally
from hub.core.showing import History, Occasion, same_weekday, today
from hub.core.stepping import next_step
from hub.core.steps import Step, total
from hub.core.suppression import FLOOR, check_floor
from hub.core.tabling import Heat, heat_map, register_table, store_table
from hub.core.views import HoursView, KioskAway, RegistersView, StoresView, TodayView
from hub.releases import Releases
from shared.errors import ArchiveError, NoSuchStore
from shared.places import StoreId

USUAL_WEEKS = 8
"""Of one weekday: two months know the spread between days, and the season is still the same."""

REMEMBERED_MS = 60_000
"""What was usual changes only when late records come: a minute late is soon enough."""

_OF_A_DAY = (Kind.DAY, Kind.HOUR, Kind.POINT)


class Reports:
    """Answers for one hub; every method is told “now”, nothing here asks the time.

    A store that is not there raises NoSuchStore. Safe to call from several threads.
    """

    def __init__(self, figures: Figures, floor: int = FLOOR) -> None:
        """`floor` is how many answers a figure needs to be shown; never under LOWEST_FLOOR."""
        self.figures, self.floor = figures, check_floor(floor)
        self._releases = Releases(figures, self.floor)
        self._zones: dict[str, Hours] = {}
        self._histories: dict[tuple[StoreId, int], tuple[int, History]] = {}

    def today(
        self, store_id: StoreId, now: int, day: int | None = None, away: Sequence[KioskAway] = ()
    ) -> TodayView:
        """The page Today, or the same of an earlier local day; `away` are kiosks not connected."""
        store = self.store(store_id)
        hours = self.hours_of(store)
        present = hours.hour_of(now).day
        day = present if day is None else min(day, present)
        live = day == present
        what = Occasion(
            store=store,
            points=tuple(self.figures.points(store_id)),
            hours=hours.hours_of_day(day),
            now=now,
            live=live,
            floor=self.floor,
        )
        step = self._step(store, now) if live else self._closed(store, day, now)
        return today(what, step, self._history(store, day, now), away)

    def hours(self, store_id: StoreId, now: int, weeks: int = 4) -> HoursView:
        """Weekday × hour of the day over the last whole weeks, up to yesterday."""
        store = self.store(store_id)
        days = Days.last_of(day_after(self._today(store, now), -1), 7 * weeks)
        past = self._past(store, now, days)
        found = self.figures.told(store_id, Kind.HOUR, past) if past else ()
        cells = [(entry.day, entry.hour_of_day, entry.tally) for entry in found]
        hours, dates, whole = (
            self._told(store, past, None, by) for by in (By.HOUR_OF_DAY, By.DAY, By.STORE)
        )
        return heat_map(store, days, Heat(cells, hours, dates, whole.get(0)), self.floor)

    def registers(self, store_id: StoreId, now: int, days: Days) -> RegistersView:
        """The points of a store over some days."""
        store = self.store(store_id)
        # One step for both: a step between them would tell what the rows do not have yet.
        past, step = self._past(store, now, days), self._live(store, now, days)
        rows = self._told(store, past, step, By.POINT)
        whole = self._told(store, past, step, By.STORE).get(0)
        points, live = self.figures.points(store_id), step is not None
        return register_table(store, days, points, rows, whole, self.floor, live=live)

    def stores(self, now: int, days: Days, only: Collection[StoreId] | None = None) -> StoresView:
        """Stores over some days: all, or only those that the viewer may see."""
        every = self.figures.stores()
        chosen = [store for store in every if only is None or store.store_id in only]
        return store_table(days, chosen, self.store_sums(chosen, now, days), self.floor)

    def day(self, store_id: StoreId, now: int) -> int:
        """Which local date it is in the store."""
        return self._today(self.store(store_id), now)

    def step(self, store_id: StoreId, now: int) -> Step:
        """The step that the live page of a store shows now: cheap, and moved on where it may be.

        The page needs to be drawn anew only where `serial` has risen.
        """
        return self._step(self.store(store_id), now)

    def tell_late(self, now: int) -> None:
        """Let every day that is over be told, with what came late: a job's work, and no page's."""
        self._releases.tell_late(self.hours_of, now)

    def store(self, store_id: StoreId) -> Store:
        """The store of that name; raises NoSuchStore."""
        for store in self.figures.stores():
            if store.store_id == store_id:
                return store
        raise NoSuchStore(f"there is no store {store_id!r:.50}")

    def hours_of(self, store: Store) -> Hours:
        """The trading hours of the store's zone."""
        if store.zone not in self._zones:
            self._zones[store.zone] = Hours(store.zone)
        return self._zones[store.zone]

    def rows(self, store: Store, now: int, days: Days, group: Group) -> list[Row]:
        """What is told of a store over some days, grouped; today as its step shows it."""
        zone = self.hours_of(store)
        if group is Group.HOUR:
            return hour_rows(store, zone, self._hours(store, now, days), self.floor)
        if group is Group.DAY:
            return day_rows(store, zone, self._sums(store, now, days, By.DAY), self.floor)
        if group is Group.HOUR_OF_DAY:
            sums = self._sums(store, now, days, By.HOUR_OF_DAY)
            return hour_of_day_rows(store, sums, self.floor)
        if group is Group.POINT_HOUR:
            past = self._past(store, now, days)
            found = self.figures.told(store.store_id, Kind.CELL, past) if past else ()
            cells = ((entry.point_id, entry.hour, entry.tally) for entry in found)
            return point_hour_rows(store, zone, cells, self.floor)
        bounds = zone.day_bounds(days.first)[0], zone.day_bounds(days.last)[1]
        if group is Group.POINT:
            standing = [point.point_id for point in self.figures.points(store.store_id)]
            points = self._sums(store, now, days, By.POINT)
            return point_rows(store, bounds, standing, points, self.floor)
        return [total_row(store, bounds, self._sums(store, now, days, By.STORE).get(0), self.floor)]

    def store_sums(self, stores: Sequence[Store], now: int, days: Days) -> dict[StoreId, Tally]:
        """Each store's sum over those of its own local dates that lie in these days."""
        sums: dict[StoreId, Tally] = {}
        for past, members in self._by_past(stores, now, days).items():
            found = self.figures.told_sums(members, parts_of(past, By.STORE), By.STORE)
            sums |= {name: tally for (name, _), tally in found.items()}
        for store in stores:
            if step := self._live(store, now, days):
                sums[store.store_id] = sums.get(store.store_id, Tally()) + step.tally
        return sums

    def _sums(self, store: Store, now: int, days: Days, by: By) -> dict[Key, Tally]:
        """What is told of these days, and of today what its step tells."""
        past, step = self._past(store, now, days), self._live(store, now, days)
        return self._told(store, past, step, by)

    def _told(self, store: Store, past: Days | None, step: Step | None, by: By) -> dict[Key, Tally]:
        """What is told of the days that are over, and what a step tells."""
        sums: dict[Key, Tally] = {}
        if past:
            found = self.figures.told_sums([store.store_id], parts_of(past, by), by)
            sums.update((key, tally) for (_, key), tally in found.items())
        for key, tally in lines_of(step, self.hours_of(store), by) if step else ():
            sums[key] = sums.get(key, Tally()) + tally
        return sums

    def _hours(self, store: Store, now: int, days: Days) -> dict[int, Tally]:
        past = self._past(store, now, days)
        found = self.figures.told(store.store_id, Kind.HOUR, past) if past else ()
        hours = {entry.hour: entry.tally for entry in found}
        if step := self._live(store, now, days):
            hours.update(step.hours)
        return hours

    def _until(self, store: Store, now: int) -> int:
        return self._releases.until(store, self.hours_of(store), now)

    def _past(self, store: Store, now: int, days: Days) -> Days | None:
        """Of these days those that are over in the store, and told."""
        last = min(days.last, self._until(store, now))
        return Days(days.first, last) if days.first <= last else None

    def _live(self, store: Store, now: int, days: Days) -> Step | None:
        """The step of today where today is one of these days."""
        running = days.first <= self._today(store, now) <= days.last
        return self._step(store, now) if running else None

    def _by_past(self, stores: Sequence[Store], now: int, days: Days) -> dict[Days, list[StoreId]]:
        """The stores by which of the days are over there: their zones have two dates at most."""
        groups: dict[Days, list[StoreId]] = {}
        for store in stores:
            if past := self._past(store, now, days):
                groups.setdefault(past, []).append(store.store_id)
        return groups

    def _today(self, store: Store, now: int) -> int:
        return self.hours_of(store).hour_of(now).day

    def _step(self, store: Store, now: int) -> Step:
        hours = self.hours_of(store)
        day = hours.hour_of(now).day
        shown = self.figures.step(store.store_id, day)
        span = span_of(hours, Days(day, day))
        counts, at = self.figures.day_counts(store.store_id, day, span), self.figures.restored_at()
        after = next_step(without_held(shown, at), as_told(shown, counts, at), now, self.floor)
        if after.serial == (shown.serial if shown else 0):
            return after
        return self._keep(store, shown, after)

    def _keep(self, store: Store, shown: Step | None, after: Step) -> Step:
        try:
            kept = self.figures.keep_steps(store.store_id, [Change(shown, after)])
        except ArchiveError:
            kept = False  # the database is busy: what was shown stays, and is tried again
        if kept:
            return after
        known = self.figures.step(store.store_id, after.day)
        return known or Step(after.day, 0, after.made_at)

    def _closed(self, store: Store, day: int, now: int) -> Step:
        """What is told of a day that is over."""
        one, span = Days(day, day), span_of(self.hours_of(store), Days(day, day))
        if self._past(store, now, one) is None:
            return Step(day, 0, span.end)
        told = {kind: self.figures.told(store.store_id, kind, one) for kind in _OF_A_DAY}
        kept = self.figures.step(store.store_id, day)  # of long ago there is none, and no reasons
        return Step(
            day=day,
            serial=0,
            made_at=span.end,
            tally=total(entry.tally for entry in told[Kind.DAY]),
            hours=tuple((entry.hour, entry.tally) for entry in told[Kind.HOUR]),
            points=tuple((entry.point_id, entry.tally) for entry in told[Kind.POINT]),
            reasons=kept.reasons if kept else (),
        )

    def _history(self, store: Store, day: int, now: int) -> History:
        key = (store.store_id, day)
        until, history = self._histories.get(key, (0, None))
        if history is None or until <= now:
            if len(self._histories) > 1_000:  # stores × days that people look at in a minute
                self._histories.clear()
            history = self._read_history(store, day)
            self._histories[key] = (now + REMEMBERED_MS, history)
        return history

    def _read_history(self, store: Store, day: int) -> History:
        days, dates = same_weekday(day, USUAL_WEEKS)
        hours, zone = self.figures.day_hours(store.store_id, days, dates), self.hours_of(store)
        spans = [span_of(zone, Days(date, date)) for date in dates]
        reasons = self.figures.reason_totals(store.store_id, spans)
        return History(weekday_of(day), tuple(hours), tuple(reasons.items()))
