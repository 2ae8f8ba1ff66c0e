"""When the nightly work is looked at: APScheduler, in a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

HOURS_LONG = 4
"""For so long each night the work is looked at: time for another process to take over."""


class Schedule:
    """Calls `tonight` every twenty minutes for a few hours of each night; leases do the rest."""

    def __init__(self, tonight: Callable[[], None], hour: int, zone: str) -> None:
        self._scheduler = BackgroundScheduler(timezone=ZoneInfo(zone))
        hours = ",".join(str((hour + later) % 24) for later in range(HOURS_LONG))
        trigger = CronTrigger(hour=hours, minute="0,20,40", timezone=ZoneInfo(zone), jitter=60)
        self._tonight = tonight
        self._work: threading.Thread | None = None
        # once for all that a suspended machine slept through
        self._scheduler.add_job(self._begin, trigger, coalesce=True, misfire_grace_time=3600)

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()

    def stop(self) -> None:
        """Begin nothing any more; work under way is not waited for (its lease runs out)."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def _begin(self) -> None:
        # In a thread of our own: Python waits at its end for those of the scheduler, and a
        # recount of many records takes longer than anybody waits for a program to stop.
        if self._work is None or not self._work.is_alive():
            self._work = threading.Thread(target=self._tonight, name="night", daemon=True)
            self._work.start()
