from __future__ import annotations

import itertools
import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.adapters.schedule import HOURS_LONG, Schedule, Shift

ZONE = ZoneInfo("Europe/Madrid")


def runs_of_a_night(schedule: Schedule) -> list[datetime]:
    """When it would look, over one day, without the jitter."""
    job = schedule._scheduler.get_job("night")
    job.trigger.jitter = None
    moment = datetime(2026, 11, 22, 12, tzinfo=ZONE)
    found: list[datetime] = []
    last = None
    while (last := job.trigger.get_next_fire_time(last, moment)) is not None:
        if found and last - found[0] > timedelta(hours=20):
            break
        found.append(last)
        moment = last
    return found


@pytest.mark.parametrize("hour", [3, 22])
def test_the_work_is_looked_at_every_twenty_minutes_of_the_night(hour: int) -> None:
    runs = runs_of_a_night(Schedule(lambda: None, lambda: None, hour, "Europe/Madrid"))
    assert runs[0].hour == hour
    assert len(runs) == HOURS_LONG * 3
    assert {later - sooner for sooner, later in itertools.pairwise(runs)} == {timedelta(minutes=20)}


def test_work_is_begun_once_and_nobody_waits_for_it_at_the_end() -> None:
    begun, over = threading.Semaphore(0), threading.Event()

    def work() -> None:
        begun.release()
        over.wait(10)

    night = Shift("night", work)
    for _ in range(2):
        night.begin()
    assert begun.acquire(timeout=10)
    assert not begun.acquire(blocking=False)
    assert night.thread is not None
    assert night.thread.daemon
    over.set()
    night.thread.join(10)


def test_what_came_late_is_looked_for_every_minute_also_while_the_night_is_at_work() -> None:
    schedule = Schedule(lambda: None, lambda: None, 3, "UTC")
    assert schedule._scheduler.get_job("minute").trigger.interval == timedelta(minutes=1)
    assert schedule.minute is not schedule.night


@pytest.mark.parametrize("shift", ["night", "minute"])
def test_it_calls_and_it_stops(shift: str) -> None:
    called = threading.Event()
    ours = {"night": lambda: None, "minute": lambda: None} | {shift: called.set}
    schedule = Schedule(ours["night"], ours["minute"], 3, "UTC")
    schedule.start()
    job = schedule._scheduler.get_job(shift)
    job.modify(next_run_time=datetime.now(ZONE))
    assert called.wait(10)
    schedule.stop()
    schedule.stop()
    assert not schedule._scheduler.running
