"""The thread in which commits happen, so that a slow card never holds up a finger.

Laws of this page
1. What was asked for first is committed first.
2. Sales, seals and other records are tried again until they are on disk, while the process lives.
3. An open visit is tried once: the shopper stands there and is told the truth at once. So is a
   response that somebody waits for, but then it is tried again like every record.
4. How far somebody walked, and how often a PIN was wrong, is noted once, or not at all: only a
   restart would miss it.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import structlog

from kiosk.core.events import KeepFailed, Kept
from kiosk.core.ports import WALK, WRONG_PINS, Clock, Outbox, Post
from shared.errors import OutboxError, SemblanteError
from shared.questionnaires import Response
from shared.records import Record
from shared.visits import Visit
from shared.wire import encode_record

log = structlog.get_logger(__name__)

PAUSE_SECONDS: Final = 2.0
"""Between two tries on a failing card; a shopper's answer is a reason to try at once."""

_PASSING: Final = (OutboxError, OSError)
"""Faults of the card, which may pass."""

STOP_SECONDS: Final = 10.0
"""A worn card stalls for seconds; more than this, and the next start finds the visit open."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One thing to commit; with a ticket somebody waits for it; `once`: it is not tried again."""

    commit: Callable[[], None]
    ticket: int | None = None
    once: bool = False


class Writer:
    """Commits in order; its methods return at once, from any thread."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        clock: Clock,
        post: Post,
        on_record: Callable[[], None],
        on_trouble: Callable[[bool], None],
        pause_seconds: float = PAUSE_SECONDS,
    ) -> None:
        """`on_record` after each new record; `on_trouble` when storage fails, and when it mends."""
        self._outbox = outbox
        self._clock = clock
        self._post = post
        self._on_record = on_record
        self._on_trouble = on_trouble
        self._pause_seconds = pause_seconds
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def stop(self) -> None:
        """Commit what is waiting, and end; safe to call twice."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def keep_open(self, ticket: int, visit: Visit) -> None:
        """Make this the open visit; answered by Kept or KeepFailed of the ticket."""
        self._put(_Job(partial(self._outbox.keep_open, visit), ticket, once=True))

    def seal(self, visit: Visit) -> None:
        """Give the visit its seq."""
        self._put(_Job(partial(self._outbox.seal, visit)))

    def add(self, record: Record) -> None:
        """Give another record its seq."""
        self._put(_Job(partial(self._outbox.add, record)))

    def keep_response(self, response: Response, ticket: int | None) -> None:
        """Give it its seq; with a ticket it is answered by Kept or KeepFailed."""
        self._put(_Job(partial(self._outbox.add, response), ticket))

    def note_walk(self, response: Response) -> None:
        """Remember how far somebody walked."""
        self._put(_Job(partial(self._note, response), once=True))

    def note_wrong_pins(self, count: int) -> None:
        """Remember how often the technician's PIN was wrong."""
        note = partial(self._outbox.remember, WRONG_PINS, str(count).encode())
        self._put(_Job(note, once=True))

    def _put(self, job: _Job) -> None:
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    # The thread

    def turn(self) -> float | None:
        """Commit what is first, and return 0; else in how many seconds to try again, if at all."""
        with self._changed:
            job = self._jobs.popleft() if self._jobs else None
        if job is None:
            return None
        if not job.once:
            return self._record(job)
        self._answer(job, self._fault_of(job))
        return 0

    def _run(self) -> None:
        while True:
            wait = self.turn()
            if wait is None and not self._is_awaited():
                return
            if wait:
                self._pause(wait)

    def _is_awaited(self) -> bool:
        """Wait for a job; False where none will come."""
        with self._changed:
            self._changed.wait_for(lambda: self._jobs or self._stopping)
            return bool(self._jobs)

    def _note(self, response: Response) -> None:
        self._outbox.remember(WALK, encode_record(response))

    def _answer(self, job: _Job, fault: Exception | None) -> None:
        if job.ticket is None:
            return
        if fault is None:
            self._post(Kept(self._clock.now(), job.ticket))
        else:
            self._post(KeepFailed(self._clock.now(), job.ticket, str(fault)))

    def _record(self, job: _Job) -> float:
        """Commit it, or say when to try again."""
        fault = self._fault_of(job)
        self._answer(job, fault)
        if fault is None:
            self._guarded(self._on_record)
            return 0
        self._tell_waiting(fault)
        if not isinstance(fault, _PASSING) or self._stopping:
            log.error("record_lost", why=str(fault)[:300], hint=OutboxError.hint)
            return 0
        with self._changed:
            self._jobs.appendleft(replace(job, ticket=None))
        return self._pause_seconds

    def _fault_of(self, job: _Job) -> Exception | None:
        try:
            job.commit()
        except _PASSING as fault:
            self._trouble(fault)
            return fault
        except Exception as fault:
            log.exception("commit_fault")  # ours, not the card's: trying again would never end
            return fault
        self._mended()
        return None

    def _mended(self) -> None:
        if self._failing:
            self._failing = False
            log.warning("storage_mended")
            self._guarded(partial(self._on_trouble, False))

    def _trouble(self, fault: Exception) -> None:
        if self._failing:
            return
        self._failing = True
        hint = fault.hint if isinstance(fault, SemblanteError) else OutboxError.hint
        log.error("storage_failed", why=str(fault)[:300], hint=hint)
        self._guarded(partial(self._on_trouble, True))

    def _tell_waiting(self, fault: Exception) -> None:
        """Nobody waits before the glass for a card that fails: their seals carry the visit."""
        with self._changed:
            waiting = [job for job in self._jobs if job.ticket is not None]
            records = (job for job in self._jobs if job.ticket is None or not job.once)
            self._jobs = deque(replace(job, ticket=None) for job in records)
        for job in waiting:
            self._answer(job, fault)

    def _pause(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(self._is_hurried, seconds)

    def _is_hurried(self) -> bool:
        """Somebody stands before the glass, or the end has come."""
        return self._stopping or any(job.ticket is not None for job in self._jobs)

    def _guarded(self, tell: Callable[[], None]) -> None:
        try:
            tell()
        except Exception:
            log.exception("writer_listener_failed")
