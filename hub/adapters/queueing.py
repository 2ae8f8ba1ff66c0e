"""The queue's two threads: one hears, looks and tells; the other, which may wait, keeps the book.

Laws of this page
1. What tells never waits for the database, and what reads and writes there tells nothing.
2. Only whoever has the turn does either; whoever loses it forgets, and begins anew with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol

import structlog

from hub.core.sensing import Unheard
from hub.core.waiting.book import Memory, Rows, WaitBook
from hub.core.waiting.posting import Plot
from hub.queue import Queues
from shared.errors import ArchiveError
from shared.places import StoreId

log = structlog.get_logger(__name__)

_WAIT: Final = 0.25
"""Seconds without a fact after which a step ends."""

FETCH_SECONDS: Final = 0.5
"""Between two looks for facts that the web process put down."""

ROUND_SECONDS: Final = 2.0
"""How soon a changed layout, or a kiosk that moved, is known."""

MOST_TELLINGS: Final = 2_000
"""Taken at once: some tens of milliseconds of the database."""

MOST_LESSONS: Final = 20
"""Stores whose lessons are written at once: of 2,000 each comes about once in a quarter hour."""


class Mailbox(Protocol):
    """Where facts wait that the web process took in."""

    def take(self, most: int) -> Sequence[Unheard]:
        """Those that wait longest; they wait no longer. Raises ArchiveError."""


class Teller:
    """Hears, looks and tells; its `step` belongs to one thread."""

    def __init__(self, queues: Queues, flush: Callable[[], None], ours: Callable[[], bool]) -> None:
        """`flush` hands over what is to be told; `ours` says whether it is our turn."""
        self._queues, self._flush, self._ours = queues, flush, ours

    def step(self) -> None:
        """Take in what came, and tell what follows from it."""
        if not self._ours():
            self._queues.rest()
            time.sleep(_WAIT)
            return
        self._queues.step(_WAIT)
        self._flush()


class Bookkeeper:
    """Brings layouts and facts, keeps rows and lessons; its `step` belongs to one thread."""

    def __init__(
        self,
        queues: Queues,
        book: WaitBook,
        mailbox: Mailbox,
        now_ms: Callable[[], int],
        ours: Callable[[], bool],
    ) -> None:
        self._queues, self._book, self._mailbox = queues, book, mailbox
        self._now_ms, self._ours = now_ms, ours
        self._plots: dict[StoreId, Plot] = {}
        self._rows = Rows()
        self._lessons: dict[StoreId, str] = {}
        self._next_round = 0.0
        self._rests = 0
        self._is_away = False

    def step(self) -> None:
        """Do what is due, and wait a little."""
        if not self._ours() or self._queues.rests != self._rests:
            self._rests = self._queues.rests
            self._plots, self._rows, self._lessons, self._next_round = {}, Rows(), {}, 0.0
        if self._ours():
            self._attempt()
        time.sleep(FETCH_SECONDS)

    def finish(self) -> None:
        """Keep what is left, and all lessons: it was our turn, and it ends."""
        if not self._plots:
            return
        try:
            self._write()
            self._book.keep(
                self._queues.lessons(len(self._plots), all_of_them=True), self._now_ms()
            )
        except ArchiveError as fault:
            log.warning("queue.not_kept", why=str(fault), hint=fault.hint)

    def _attempt(self) -> None:
        try:
            self._arrange()
            for one in self._mailbox.take(MOST_TELLINGS):
                self._queues.hear(one.store_id, one.fact, one.received_at)
            self._write()
            self._keep(self._queues.lessons(MOST_LESSONS))
            self._is_away = False
        except ArchiveError as fault:
            if not self._is_away:
                log.warning("queue.not_kept", why=str(fault), hint=fault.hint)
            self._is_away = True

    def _arrange(self) -> None:
        if time.monotonic() < self._next_round:
            return
        plots = {plot.store_id: plot for plot in self._book.plots()}
        if plots != self._plots:
            fresh = plots.keys() - self._plots.keys()
            memories: Mapping[StoreId, Memory] = self._book.memories(fresh) if fresh else {}
            self._queues.arrange(plots, memories)
            self._plots = plots
        self._next_round = time.monotonic() + ROUND_SECONDS

    def _write(self) -> None:
        self._rows.absorb(self._queues.take_rows())
        if not self._rows:
            return
        try:
            self._book.write(self._rows)
        except ArchiveError:
            raise  # the same again, with what comes until then
        except Exception:
            self._rows = Rows()  # whatever it is that no database takes, it holds up nothing else
            raise
        self._rows = Rows()

    def _keep(self, lessons: Mapping[StoreId, str]) -> None:
        self._lessons |= lessons  # with those that could not be kept before
        if self._lessons:
            self._book.keep(self._lessons, self._now_ms())
            self._lessons = {}
