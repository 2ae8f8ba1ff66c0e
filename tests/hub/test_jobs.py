from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from structlog.testing import capture_logs

from hub.core.measures import DIFFERENCES, JOBS, QUARANTINE_ROWS, VERIFIED
from hub.core.ports import Store
from hub.jobs import EVERY_MS, LEASE_MS, SHORT_LEASE_MS, Jobs, Plan
from shared.places import StoreId
from tests.fakes.metrics import FakeMetrics

NIGHT = 1_763_780_400_000
"""2025-11-22T03:00:00Z."""

STORES = [
    Store(StoreId("centro"), "Centro", "Europe/Madrid"),
    Store(StoreId("norte"), "Norte", "America/Bogota"),
]


class FakeLeases:
    """Leases of one process."""

    def __init__(self) -> None:
        self.done_at: dict[str, int] = {}
        self.taken_by_others: set[str] = set()
        self.released: list[str] = []
        self.lasts: dict[str, int] = {}

    def take(self, name: str, holder: str, now: int, *, due: int, lasts: int = LEASE_MS) -> bool:
        self.lasts[name] = lasts
        return name not in self.taken_by_others and self.done_at.get(name, 0) < due

    def done(self, name: str, holder: str, now: int) -> None:
        self.done_at[name] = now

    def release(self, name: str, holder: str) -> None:
        self.released.append(name)


class FakeRetention:
    """Remembers what was sealed."""

    def __init__(self) -> None:
        self.sealed: dict[StoreId, int] = {}

    def seal(self, store_id: StoreId, before: int) -> int:
        self.sealed[store_id] = before
        return 1


class FakeQuarantine:
    """Holds what it is given, and remembers what was emptied."""

    def __init__(self) -> None:
        self.emptied: list[int] = []

    def empty(self, before: int) -> int:
        self.emptied.append(before)
        return 3

    def counts(self) -> Mapping[str, int]:
        return {"chain": 2, "unreadable": 5}


class Night:
    """The jobs with everything around them."""

    def __init__(self, keep_days: int | None = None) -> None:
        self.now = NIGHT + 60_000
        self.verified = 0
        self.differences = 0
        self.broken = False
        self.ended = 0
        self.told_late: list[int] = []
        self.looked: list[int] = []
        self.every_minute: dict[str, Callable[[], object]] = {}
        self.every_night: dict[str, Callable[[], object]] = {}
        self.quarantine = FakeQuarantine()
        self.leases, self.retention, self.metrics = FakeLeases(), FakeRetention(), FakeMetrics()
        self.jobs = Jobs(
            Plan(3, "UTC", keep_days),
            "me",
            leases=self.leases,
            verify=self._verify,
            retention=self.retention,
            quarantine=self.quarantine,
            end_old_sessions=self._end_old_sessions,
            tell_late=self.told_late.append,
            look_for_silence=self.looked.append,
            stores=lambda: STORES,
            meter=self.metrics,
            now_ms=lambda: self.now,
            every_minute=self.every_minute,
            every_night=self.every_night,
        )

    def _end_old_sessions(self) -> int:
        self.ended += 1
        return 2

    def _verify(self) -> int:
        self.verified += 1
        if self.broken:
            raise RuntimeError("out of memory")
        return self.differences


@pytest.fixture
def night() -> Night:
    return Night()


def test_the_work_of_a_night_is_done_once_however_often_it_is_looked_at(night: Night) -> None:
    for minutes in (0, 20, 40, 60):
        night.now = NIGHT + minutes * 60_000
        night.jobs.tonight()
    assert night.verified == 1
    night.now += 86_400_000
    night.jobs.tonight()
    assert night.verified == 2


def test_what_somebody_else_is_at_is_left_alone(night: Night) -> None:
    night.leases.taken_by_others = {"verify"}
    night.jobs.tonight()
    assert night.verified == 0
    assert "quarantine" in night.leases.done_at


def test_work_that_failed_is_counted_given_back_and_holds_up_nothing(night: Night) -> None:
    night.broken = True
    night.jobs.tonight()
    assert night.leases.released == ["verify"]
    assert night.metrics.counted[JOBS, "failed"] == 1
    assert {"retention", "quarantine"} <= night.leases.done_at.keys()
    night.broken = False
    night.jobs.tonight()
    assert "verify" in night.leases.done_at


def test_differences_and_the_quarantine_can_be_watched(night: Night) -> None:
    night.differences = 4
    night.jobs.tonight()
    assert night.metrics.gauges[DIFFERENCES] == 4
    assert night.metrics.gauges[VERIFIED] == night.now / 1000
    assert night.metrics.gauges[QUARANTINE_ROWS] == 7


def test_riddles_are_emptied_after_ninety_days_and_still_reported(night: Night) -> None:
    with capture_logs() as logs:
        night.jobs.tonight()
    assert night.quarantine.emptied == [night.now - 90 * 86_400_000]
    told = {line["event"]: line for line in logs}
    assert told["jobs.quarantine_emptied"]["rows"] == 3
    assert told["jobs.quarantine"]["unreadable"] == 5


def test_sessions_that_are_over_are_forgotten_once_a_night(night: Night) -> None:
    night.jobs.tonight()
    night.jobs.tonight()
    assert night.ended == 1
    night.now += 86_400_000
    night.jobs.tonight()
    assert night.ended == 2


def test_what_came_late_is_told_every_minute_by_one_process(night: Night) -> None:
    began = night.now
    for minutes in range(3):
        night.now = began + minutes * EVERY_MS
        night.jobs.this_minute()
        night.now += 200  # it took a moment; another process looks meanwhile
        night.jobs.this_minute()
    assert night.told_late == [began + minutes * EVERY_MS for minutes in range(3)]
    assert night.looked == night.told_late
    assert night.leases.lasts == {"late": SHORT_LEASE_MS, "silence": SHORT_LEASE_MS}
    assert night.verified == 0


def test_what_else_is_due_every_minute_is_done_and_never_in_the_others_way(night: Night) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("fails")
        raise RuntimeError("out of memory")

    night.every_minute.update({"fails": fail, "phones": lambda: done.append("phones")})
    night.jobs.this_minute()
    night.jobs.this_minute()
    assert done == ["fails", "phones", "fails"]


def test_what_else_is_due_at_night_is_done_once_a_night(night: Night) -> None:
    done: list[int] = []
    night.every_night["notices"] = lambda: done.append(night.now)
    night.jobs.tonight()
    night.jobs.tonight()
    assert done == [night.now]


def test_everything_is_kept_unless_told_otherwise(night: Night) -> None:
    night.jobs.tonight()
    assert night.retention.sealed == {}


def test_each_store_is_sealed_at_its_own_midnight() -> None:
    night = Night(keep_days=30)
    night.jobs.tonight()
    day, hour = 86_400_000, 3_600_000
    midnight = NIGHT - 3 * hour
    assert night.retention.sealed == {
        "centro": midnight - 30 * day - 2 * hour,  # summer time in October
        "norte": midnight - 31 * day + 5 * hour,  # still the day before in Bogotá
    }
