"""What one more register would have done: for each day's worst window, and where it is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import structlog

from hub.core.hours import HOUR_MS, Hours, day_after
from hub.core.ports import Store
from hub.core.waiting.facts import LineId
from hub.core.waiting.joins import Paces
from hub.core.waiting.layout import Layout, Layouts
from hub.core.waiting.windows import (
    BEFORE_MS,
    DAYS,
    LONGEST_HOURS,
    Seen,
    WhatIf,
    WhatIfBook,
    Why,
    Window,
    judged,
    starts_of,
    worst_window,
)
from shared.places import StoreId

log = structlog.get_logger(__name__)

KEPT_DAYS: Final = 100
"""Windows of earlier days are forgotten: nobody can ask for them any more."""

STORES_AT_ONCE: Final = 20
"""Stores in one go, some seconds: other work of every minute waits meanwhile."""

Stores = Callable[[], Iterable[Store]]


class WhatIfs:
    """One drawing at a time in a process: it takes seconds of a core, and pages have to answer."""

    def __init__(self, book: WhatIfBook, paces: Paces, layouts: Layouts, stores: Stores) -> None:
        self._book, self._paces, self._layouts, self._stores = book, paces, layouts, stores
        self._busy = threading.Lock()
        self._hour, self._due = 0, list[tuple[Store, Layout]]()

    def look(self, now: int) -> None:
        """Work out the worst window of each line's yesterday, once; raises ArchiveError."""
        if now // HOUR_MS != self._hour:
            stores = {store.store_id: store for store in self._stores()}
            known = self._layouts.layouts()
            self._due = [(stores[name], layout) for name, layout in known if name in stores]
            self._hour = now // HOUR_MS
        for _ in range(min(STORES_AT_ONCE, len(self._due))):
            self._look_at_store(*self._due.pop(), now)

    def found(self, store: Store, now: int) -> Sequence[WhatIf]:
        """What was worked out of the days that can be asked for, latest first."""
        return self._book.found(store.store_id, _earliest(store, now))

    def asked(self, store: Store, line: LineId, begins: int, hours: int, now: int) -> WhatIf | None:
        """One window; None where another is being worked out. Raises ValueError for no window."""
        layout, zone = self._layouts.layout(store.store_id), Hours(store.zone)
        window = _window(zone, line, begins, hours)
        day, today = window.day, zone.hour_of(now).day
        if layout is None or line not in {one.line_id for one in layout.lines}:
            raise ValueError(f"no line {line!r:.50}")
        if not _earliest(store, now) <= day < today:
            raise ValueError(f"{day} is not one of the last {DAYS} days")
        known = (one for one in self.found(store, now) if one.window == window)
        return next(known, None) or self._worked_out(store.store_id, layout, window)

    def _worked_out(self, store: StoreId, layout: Layout, window: Window) -> WhatIf | None:
        if not self._busy.acquire(blocking=False):
            return None
        try:
            whatif = self._judged(store, layout, window)
            self._book.keep(store, whatif)
            return whatif
        finally:
            self._busy.release()

    def _look_at_store(self, store: Store, layout: Layout, now: int) -> None:
        zone = Hours(store.zone)
        day = day_after(zone.hour_of(now - HOUR_MS).day, -1)  # an hour late: sales come in
        kept = self._book.found(store.store_id, day)
        known = {one.window.line_id for one in kept if one.worst and one.window.day == day}
        for line in _lines(layout):
            if line not in known:
                self._look_at(store.store_id, layout, zone, line, day)

    def _look_at(self, store: StoreId, layout: Layout, zone: Hours, line: LineId, day: int) -> None:
        since, until = zone.day_bounds(day)
        waits = self._book.waits(store, line, since, until)
        starts = starts_of([hour.start for hour in zone.hours_of_day(day)], until)
        worst = worst_window(waits, starts, layout.terms.percentile)
        if worst is None:
            nothing = WhatIf(Window(line, day, since, since), len(waits), None, None, Why.FEW, True)
            self._book.keep(store, nothing)
            return
        with self._busy:
            whatif = self._judged(store, layout, Window(line, day, *worst))
        self._book.keep(store, whatif._replace(worst=True))
        self._book.forget(day_after(day, -KEPT_DAYS))
        log.info("whatifs.worked_out", store=store, line=line, day=day)

    def _judged(self, store: StoreId, layout: Layout, window: Window) -> WhatIf:
        line, day, begins, ends = window
        if line in layout.lanes:
            return WhatIf(window, 0, None, None, Why.LANES)
        points = next(one.registers for one in layout.lines if one.line_id == line)
        since = begins - BEFORE_MS
        seen = Seen(
            self._book.waits(store, line, since, ends),
            self._book.openings(store, points, since, ends),
            self._book.sales(store, points, begins, ends),
        )
        pace = self._paces.pace(store, day, layout.usual_ms)
        return judged(window, seen, pace, layout.terms.percentile)


def _lines(layout: Layout) -> list[LineId]:
    return [line.line_id for line in layout.lines if line.line_id not in layout.lanes]


def _earliest(store: Store, now: int) -> int:
    return day_after(Hours(store.zone).hour_of(now).day, -DAYS)


def _window(zone: Hours, line: LineId, begins: int, hours: int) -> Window:
    hour = zone.hour_of(begins)
    ends = begins + hours * HOUR_MS
    if hour.start != begins or not 1 <= hours <= LONGEST_HOURS:
        raise ValueError("a window is one to four whole hours")
    if zone.hour_of(ends - 1).day != hour.day or zone.hour_of(ends).start != ends:
        raise ValueError("a window lies within one day")
    return Window(line, hour.day, begins, ends)
