"""From the inbox to the intake, and after its commit: receipts to the kiosks, thanks to the broker.

Laws of this page
1. A letter is acknowledged after the commit of what it brought, in the order in which it came.
2. While the database fails nothing is acknowledged, so the broker and the kiosks keep it: the same
   batch is tried again, ever more slowly.
3. One letter that the database will not have does not hold up the others for ever.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from hub.adapters.inbox import Inbox, Letter
from hub.adapters.tidying import Log
from hub.announcer import Announcer
from hub.core.hearing import Message
from hub.core.measures import (
    BYTES,
    COMMIT,
    DEPTH,
    LAG,
    MESSAGES,
    POISON,
    QUARANTINED,
    RECORDS,
    TRANSACTIONS,
    Meter,
)
from shared.backoff import wait_ms
from shared.deliveries import Receipt
from shared.errors import ArchiveError
from shared.places import StoreId
from shared.topics import Channel, Topic

log = structlog.get_logger(__name__)

Receipts = Sequence[tuple[Topic, Receipt]]

_WAIT = 0.5
"""Seconds without a letter after which a step ends, so that a stop is heard."""

_LINGER = 0.003
"""Seconds given to more letters after the first: a commit costs about as much."""

_SUSPECT = 5
"""Failures in a row after which each letter is tried alone: it may be one of them."""


class Intake(Protocol):
    """What takes messages in; `counted` rises with what was committed."""

    counted: Counter[str]

    def take(self, messages: Sequence[Message], received_at_ms: int) -> Receipts:
        """Take messages in one transaction; raises ArchiveError, nothing taken."""


class Consumer:
    """Carries letters to the intake; its `step` belongs to one thread."""

    def __init__(
        self,
        inbox: Inbox,
        intake: Intake,
        announcer: Announcer,
        meter: Meter,
        now_ms: Callable[[], int],
        counted: Callable[[StoreId], None],
        log_file: Log,
    ) -> None:
        """`counted` is told the stores of each commit: somebody may be looking at them."""
        self._inbox, self._intake, self._announcer = inbox, intake, announcer
        self._meter, self._now_ms, self._tell = meter, now_ms, counted
        self._log_file = log_file
        self._counted: Counter[str] = Counter()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Try no failed batch again; what was not committed comes again from the broker."""
        self._stopping.set()

    def step(self) -> None:
        """Take one batch in, all the way; returns after half a second where there is none."""
        letters = self._inbox.take(wait=_WAIT, linger=_LINGER)
        if letters:
            self._carry(letters)
        self._announcer.flush()
        self._meter.set(DEPTH, self._inbox.depth)
        self._meter.set(LAG, self._inbox.lag())
        wrote = sum(len(letter.payload) for letter in letters)
        self._log_file.tidy(wrote, rest=self._inbox.depth == 0)

    def _carry(self, letters: Sequence[Letter]) -> None:
        failures = 0
        while not self._stopping.is_set():
            if failures >= _SUSPECT and self._carry_each(letters):
                return
            try:
                self.take(letters)
                return
            except ArchiveError as fault:
                failures += 1
                log.warning("intake.waits", why=str(fault), hint=fault.hint, failures=failures)
                chance = random.random()  # noqa: S311 no secret hangs on it
                self._stopping.wait(wait_ms(failures, chance) / 1_000)

    def _carry_each(self, letters: Sequence[Letter]) -> bool:
        """Take each alone; True where the database has some, and so is not what fails."""
        refused: list[Letter] = []
        for letter in letters:
            try:
                self.take([letter])
            except ArchiveError:
                refused.append(letter)
        if len(refused) == len(letters):
            return False
        for letter in refused:
            self._meter.add(POISON)
            log.error("intake.poison", topic=letter.topic[:120], bytes=len(letter.payload))
            letter.line.acknowledge(letter.mid)  # no receipt: its kiosk keeps it
        return True

    def take(self, letters: Sequence[Letter]) -> None:
        """Commit what these brought, tell its kiosks, thank the broker; raises ArchiveError."""
        messages = [Message(letter.topic, letter.payload) for letter in letters]
        began = time.perf_counter()
        try:
            receipts = self._intake.take(messages, self._now_ms())
        except ArchiveError:
            self._meter.add(TRANSACTIONS, label="failed")
            raise
        self._meter.add(MESSAGES, len(letters), Channel.RECORDS.value)
        self._meter.add(BYTES, sum(len(letter.payload) for letter in letters))
        self._meter.observe(COMMIT, time.perf_counter() - began)
        self._meter.add(TRANSACTIONS, label="committed")
        for topic, receipt in receipts:
            self._announcer.receipt(topic, receipt)
        self._announcer.flush()
        for letter in letters:
            letter.line.acknowledge(letter.mid)
        for store in {topic.store_id for topic, _ in receipts}:
            self._tell(store)
        self._count()

    def _count(self) -> None:
        """Carry what the intake counted since the last time over to the metrics."""
        counted = Counter(self._intake.counted)
        for name, times in (counted - self._counted).items():
            kind, _, code = name.partition(":")
            if kind == "quarantined":
                self._meter.add(QUARANTINED, times, code)
            elif kind != "messages":
                self._meter.add(RECORDS, times, name)
        self._counted = counted
