"""When the scheduled work is looked at: APScheduler, and for each kind a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from hub.jobs import EVERY_MS

HOURS_LONG = 4
"""For so long each night the work is looked at: time for another process to take over."""


class Schedule:
    """Calls `tonight` every twenty minutes for a few hours of each night, and `this_minute` every
    minute; leases do the rest."""

    def __init__(
        self, tonight: Callable[[], None], this_minute: Callable[[], None], hour: int, zone: str
    ) -> None:
        self._scheduler = BackgroundScheduler(timezone=ZoneInfo(zone))
        self.night, self.minute = Shift("night", tonight), Shift("minute", this_minute)
        hours = ",".join(str((hour + later) % 24) for later in range(HOURS_LONG))
        nightly = CronTrigger(hour=hours, minute="0,20,40", timezone=ZoneInfo(zone), jitter=60)
        minutely = IntervalTrigger(seconds=EVERY_MS // 1000, timezone=ZoneInfo(zone))
        for shift, trigger in ((self.night, nightly), (self.minute, minutely)):
            # once for all that a suspended machine slept through
            self._scheduler.add_job(
                shift.begin, trigger, id=shift.name, coalesce=True, misfire_grace_time=3600
            )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin nothing any more; work under way is not waited for (its lease runs out)."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


class Shift:
    """Work that is begun now and then, and never while it is still under way.

    In a thread of its own: Python waits at its end for those of the scheduler, and a recount of
    many records takes longer than anybody waits for a program to stop.
    """

    def __init__(self, name: str, work: Callable[[], None]) -> None:
        self.name, self._work = name, work
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin it in its thread; returns at once."""
        if self.thread is None or not self.thread.is_alive():
            self.thread = threading.Thread(target=self._work, name=self.name, daemon=True)
            self.thread.start()
