"""The scheduled work, each piece done by one process at a time, whoever else runs."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from hub.core.measures import DIFFERENCES, JOBS, QUARANTINE_ROWS, VERIFIED, Meter
from hub.core.nightly import days_before, due_since, seal_before
from hub.core.ports import Store
from shared.places import StoreId

log = structlog.get_logger(__name__)

LEASE_MS = 55 * 60_000
"""How long a process may be at one piece of work before another takes it over: the attempts are
twenty minutes apart, and a recount of a hundred million records takes minutes."""


EVERY_MS = 60_000
"""Late records show a minute later at most; to look costs two queries."""

SHORT_LEASE_MS = 5 * 60_000
"""The same for what is done every minute: where two are at it after all, one of them finds it
done."""


class Leases(Protocol):
    """Who is at which work, known to every process on the same database."""

    def take(self, name: str, holder: str, now: int, *, due: int, lasts: int = LEASE_MS) -> bool:
        """Take the work if nobody is at it and it was not done since `due`."""

    def done(self, name: str, holder: str, now: int) -> None:
        """The work is done; it is due again only later."""

    def release(self, name: str, holder: str) -> None:
        """The work was not done; anybody may try again."""


class Retention(Protocol):
    """Forgets raw records; their tallies stay."""

    def seal(self, store_id: StoreId, before: int) -> int:
        """Seal what counts before this instant and delete its records; returns how many."""


class Quarantine(Protocol):
    """What lies in quarantine."""

    def counts(self) -> Mapping[str, int]:
        """How many, by code."""

    def empty(self, before: int) -> int:
        """Forget the bytes of what last came before this instant, not that it came; how many."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When the night begins, and how long raw records (None: for ever) and riddles are kept."""

    hour: int = 3
    zone: str = "UTC"
    keep_days: int | None = None
    quarantine_days: int = 90


class Jobs:
    """At night verify, retention, the quarantine report, and the end of sessions that are over;
    every minute what came late, and registers that are silent."""

    def __init__(
        self,
        plan: Plan,
        holder: str,
        *,
        leases: Leases,
        verify: Callable[[], int],
        retention: Retention,
        quarantine: Quarantine,
        end_old_sessions: Callable[[], int],
        tell_late: Callable[[int], None],
        look_for_silence: Callable[[int], None],
        stores: Callable[[], Collection[Store]],
        meter: Meter,
        now_ms: Callable[[], int],
        every_minute: Mapping[str, Callable[[], object]] | None = None,
        every_night: Mapping[str, Callable[[], object]] | None = None,
    ) -> None:
        self._every_minute = {} if every_minute is None else every_minute
        self._every_night = {} if every_night is None else every_night
        self._plan, self._holder, self._leases = plan, holder, leases
        self._verify, self._retention, self._quarantine = verify, retention, quarantine
        self._end_old_sessions, self._tell_late = end_old_sessions, tell_late
        self._look_for_silence = look_for_silence
        self._stores, self._meter, self._now_ms = stores, meter, now_ms

    def tonight(self) -> None:
        """Do what is due and what nobody else is at; never raises."""
        for name, work in self._work().items():
            self._attempt(name, work, self._since_nightfall, LEASE_MS)

    def this_minute(self) -> None:
        """Tell what came late, and look for silence, where nobody else just did; never raises."""
        self._attempt("late", self.tell_late, self._half_a_round_ago, SHORT_LEASE_MS)
        self._attempt("silence", self.look_for_silence, self._half_a_round_ago, SHORT_LEASE_MS)
        for name, work in self._every_minute.items():
            self._attempt(name, work, self._half_a_round_ago, SHORT_LEASE_MS)

    def tell_late(self) -> None:
        """Let what is over be told, with what came late."""
        self._tell_late(self._now_ms())

    def look_for_silence(self) -> None:
        """Note registers where sales arrive and nobody answers."""
        self._look_for_silence(self._now_ms())

    def verify(self) -> None:
        """Recount everything and compare."""
        differences = self._verify()
        self._meter.set(DIFFERENCES, differences)
        self._meter.set(VERIFIED, self._now_ms() / 1000)
        if differences:
            hint = "Run “semblante-hub verify” to see them, then “semblante-hub rebuild”."
            log.error("jobs.tallies_differ", differences=differences, hint=hint)
        else:
            log.info("jobs.verified")

    def retain(self) -> None:
        """Forget the raw records and the riddles that are older than the plan says."""
        before = days_before(self._now_ms(), self._plan.quarantine_days)
        if emptied := self._quarantine.empty(before):
            log.info("jobs.quarantine_emptied", before=before, rows=emptied)
        if self._plan.keep_days is None:
            return
        for store in self._stores():
            before = seal_before(self._now_ms(), self._plan.keep_days, store.zone)
            if gone := self._retention.seal(store.store_id, before):
                log.info("jobs.sealed", store=store.store_id, before=before, records=gone)

    def report_quarantine(self) -> None:
        """Say what lies in quarantine: somebody has to look at it."""
        counts = dict(self._quarantine.counts())
        self._meter.set(QUARANTINE_ROWS, sum(counts.values()))
        if counts:
            log.warning("jobs.quarantine", **counts)

    def end_sessions(self) -> None:
        """Forget the sessions that are over; nobody can use them any more."""
        if ended := self._end_old_sessions():
            log.info("jobs.sessions_ended", sessions=ended)

    def _work(self) -> dict[str, Callable[[], object]]:
        # verify first: what retention seals is never recounted again
        return {
            "verify": self.verify,
            "retention": self.retain,
            "quarantine": self.report_quarantine,
            "sessions": self.end_sessions,
            **self._every_night,
        }

    def _since_nightfall(self) -> int:
        return due_since(self._now_ms(), self._plan.hour, self._plan.zone)

    def _half_a_round_ago(self) -> int:
        return self._now_ms() - EVERY_MS // 2  # a whole one would pass over every second round

    def _attempt(
        self, name: str, work: Callable[[], object], due: Callable[[], int], lasts: int
    ) -> None:
        try:
            now = self._now_ms()
            if not self._leases.take(name, self._holder, now, due=due(), lasts=lasts):
                return
            try:
                work()
            except BaseException:
                self._leases.release(name, self._holder)
                raise
            self._leases.done(name, self._holder, self._now_ms())
            self._meter.add(JOBS, label="done")
        except Exception:
            self._meter.add(JOBS, label="failed")
            log.exception("jobs.failed", job=name)
