"""The questions a manager asks, answered from tallies with interval and n.

What is said of today is what the published step says, on every page and in every export: else two
pages, or a page and an export, could be taken from each other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from hub.core.figures import Days, Figures, span_of
from hub.core.hours import Hours, day_after, monday_of, weekday_of
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
from hub.core.satisfaction import Tally
from hub.core.showing import History, Occasion, same_weekday, today
from hub.core.steps import Step, closed, next_step, total
from hub.core.suppression import FLOOR, check_floor
from hub.core.tabling import heat_map, register_table, store_table
from hub.core.views import HoursView, KioskAway, RegistersView, StoresView, TodayView
from shared.errors import ArchiveError, NoSuchStore
from shared.places import PointId, StoreId

USUAL_WEEKS = 8
"""Of one weekday: two months know the spread between days, and the season is still the same."""

REMEMBERED_MS = 60_000
"""What was usual changes only when late records come: a minute late is soon enough."""


class Reports:
    """Answers for one hub; every method is told “now”, nothing here asks the time.

    A store that is not there raises NoSuchStore. Safe to call from several threads.
    """

    def __init__(self, figures: Figures, floor: int = FLOOR) -> None:
        """`floor` is how many answers a figure needs to be shown; never under LOWEST_FLOOR."""
        self.figures, self.floor = figures, check_floor(floor)
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
        step = self._step(store, now) if live else self._closed(store, day)
        return today(what, step, self._history(store, day, now), away)

    def hours(self, store_id: StoreId, now: int, weeks: int = 4) -> HoursView:
        """Weekday × hour of the day over the last whole weeks, up to yesterday."""
        store = self.store(store_id)
        days = Days.last_of(day_after(self._today(store, now), -1), 7 * weeks)
        return heat_map(store, days, self.figures.day_hours(store_id, days), self.floor)

    def registers(self, store_id: StoreId, now: int, days: Days) -> RegistersView:
        """The points of a store over some days."""
        store = self.store(store_id)
        rows, whole = self.point_sums(store, now, days)
        points = self.figures.points(store_id)
        return register_table(store, days, points, rows, whole, self.floor)

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

    def past(self, store: Store, now: int, days: Days) -> Days | None:
        """Of these days those that are over in the store."""
        last = min(days.last, day_after(self._today(store, now), -1))
        return Days(days.first, last) if days.first <= last else None

    def live(self, store: Store, now: int, days: Days) -> Step | None:
        """The step of today where today is one of these days."""
        running = days.first <= self._today(store, now) <= days.last
        return self._step(store, now) if running else None

    def point_sums(self, store: Store, now: int, days: Days) -> tuple[dict[PointId, Tally], Tally]:
        """Each point's sum, and the store's, which may be ahead of them by what a step holds."""
        rows: dict[PointId, Tally] = {}
        if past := self.past(store, now, days):
            span = span_of(self.hours_of(store), past)
            rows.update(self.figures.point_totals(store.store_id, span))
        whole = total(rows.values())
        if step := self.live(store, now, days):
            whole += step.tally
            for point, tally in step.points:
                rows[point] = rows.get(point, Tally()) + tally
        return rows, whole

    def store_sums(self, stores: Sequence[Store], now: int, days: Days) -> dict[StoreId, Tally]:
        """Each store's sum over those of its own local dates that lie in these days."""
        sums = {store.store_id: Tally() for store in stores}
        for (first, last), members in self._by_past(stores, now, days).items():
            found = self.figures.store_totals(Days(first, last))
            sums |= {member: found.get(member, Tally()) for member in members}
        for store in stores:
            if step := self.live(store, now, days):
                sums[store.store_id] += step.tally
        return sums

    def rows(self, store: Store, now: int, days: Days, group: Group) -> list[Row]:
        """The tallies of a store over some days, grouped; today as its step shows it."""
        zone = self.hours_of(store)
        if group is Group.HOUR:
            return hour_rows(store, zone, self._hour_sums(store, now, days), self.floor)
        if group is Group.DAY:
            rows = day_rows(store, zone, self._day_sums(store, now, _whole_weeks(days)), self.floor)
            return [row for row in rows if row.day and days.first <= row.day <= days.last]
        if group is Group.HOUR_OF_DAY:
            sums: dict[int, Tally] = {}
            for at, tally in self._hour_sums(store, now, days).items():
                hour = zone.hour_of(at).hour_of_day
                sums[hour] = sums.get(hour, Tally()) + tally
            return hour_of_day_rows(store, sums, self.floor)
        standing = [point.point_id for point in self.figures.points(store.store_id)]
        if group is Group.POINT_HOUR:
            past = self.past(store, now, days)
            span = span_of(zone, past) if past else None
            found = self.figures.point_hours(store.store_id, span) if span else ()
            return point_hour_rows(store, zone, standing, found, self.floor)
        bounds = zone.day_bounds(days.first)[0], zone.day_bounds(days.last)[1]
        points, whole = self.point_sums(store, now, days)
        if group is Group.POINT:
            return point_rows(store, bounds, standing, points, whole, self.floor)
        return [total_row(store, bounds, whole, self.floor)]

    def _hour_sums(self, store: Store, now: int, days: Days) -> dict[int, Tally]:
        past, step = self.past(store, now, days), self.live(store, now, days)
        span = span_of(self.hours_of(store), past) if past else None
        sums = self.figures.hour_totals(store.store_id, span) if span else {}
        return {**sums, **dict(step.hours)} if step else sums

    def _day_sums(self, store: Store, now: int, days: Days) -> dict[int, Tally]:
        past, step = self.past(store, now, days), self.live(store, now, days)
        found = self.figures.days(past, [store.store_id]) if past else ()
        sums = {day: tally for _, day, tally in found}
        return {**sums, step.day: step.tally} if step else sums

    def _by_past(
        self, stores: Sequence[Store], now: int, days: Days
    ) -> dict[tuple[int, int], list[StoreId]]:
        """The stores by which of the days are over there: their zones have two dates at most."""
        groups: dict[tuple[int, int], list[StoreId]] = {}
        for store in stores:
            if past := self.past(store, now, days):
                groups.setdefault((past.first, past.last), []).append(store.store_id)
        return groups

    def _today(self, store: Store, now: int) -> int:
        return self.hours_of(store).hour_of(now).day

    def _step(self, store: Store, now: int) -> Step:
        hours = self.hours_of(store)
        day = hours.hour_of(now).day
        shown = self.figures.step(store.store_id, day)
        span = span_of(hours, Days(day, day))
        after = next_step(shown, self.figures.day_counts(store.store_id, day, span), now)
        if after.serial == (shown.serial if shown else 0):
            return after
        return self._keep(store, shown, after)

    def _keep(self, store: Store, shown: Step | None, after: Step) -> Step:
        try:
            kept = self.figures.keep_step(store.store_id, shown, after)
        except ArchiveError:
            kept = False  # the database is busy: what was shown stays, and is tried again
        if kept:
            return after
        known = self.figures.step(store.store_id, after.day)
        return known or replace(after, serial=0, hours=(), points=(), reasons=(), behind=())

    def _closed(self, store: Store, day: int) -> Step:
        span = span_of(self.hours_of(store), Days(day, day))
        return closed(self.figures.day_counts(store.store_id, day, span), span.end)

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


def _whole_weeks(days: Days) -> Days:
    """From the Monday before to the Sunday after, so that days are always judged alike."""
    return Days(monday_of(days.first), day_after(monday_of(days.last), 6))
