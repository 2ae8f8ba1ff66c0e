"""The kiosk's card: what is committed survives, what is not is gone; and it may fail or stall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from kiosk.core.losing import loss_of
from kiosk.core.ports import Held, Outbox
from shared.deliveries import Batch, Receipt
from shared.errors import NotKept, ReceiptError, WireError
from shared.places import KioskId
from shared.records import Record
from shared.visits import Visit
from shared.wire import decode_record
from tests.fakes.outbox import FakeOutbox

T = TypeVar("T")


class MemoryOutbox(FakeOutbox):
    """The fake with the real one's quota; it is the disk, and outlives the program."""

    def __init__(self, kiosk: KioskId, epoch: str, quota: int) -> None:
        super().__init__(kiosk, epoch)
        self._quota = quota
        self._chunk = max(2, quota // 100)

    def add(self, record: Record) -> None:
        """Give it its seq; at the quota the oldest make room."""
        with self._lock:
            self._check_card()
            if len(self._rows) >= self._quota:
                self._make_room()
            super().add(record)

    def cut(self) -> None:
        """The plug is pulled: nothing committed is lost."""

    def _make_room(self) -> None:
        received = self._received_upto()
        spare = received - self._forgotten
        gone = sorted(self._rows)[: min(self._chunk, spare) or self._chunk]
        owed = [seq for seq in gone if seq > received]
        bodies = [_readable(self._rows[seq].body) for seq in owed]
        self._drop_upto(gone[-1])
        if owed:
            super().add(loss_of(owed[0], bodies))


@dataclass
class Log:
    """What one outbox really did, written down after each commit; the judge reads it.

    `forgotten` is owed no more, for a receipt; `dropped` went without one.
    """

    epoch: str
    sealed: dict[int, bytes] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    forgotten: set[int] = field(default_factory=set)
    turned: set[int] = field(default_factory=set)  # the card turned one bit of it
    spoiled: set[int] = field(default_factory=set)  # … or many: past mending
    oldest: int = 1
    received: int = 0
    last: int = 0
    set_aside: int | None = None  # true time at which the file was found damaged
    disagreed: int = 0


class Ground(Protocol):
    """The machine on which the outbox lies."""

    def before_commit(self) -> None:
        """May raise NotKept or Crash: nothing was committed."""

    def after_commit(self) -> None:
        """May raise Crash: it was committed all the same."""

    def before_reading(self) -> None:
        """May raise NotKept."""

    def forgot(self, log: Log, seqs: range) -> None:
        """These are owed no more, for a receipt."""


class Card:
    """Port `Outbox`: the outbox as one run of the program sees it, and its log."""

    def __init__(self, outbox: Outbox, ground: Ground, log: Log | None = None) -> None:
        self.outbox = outbox
        self.log = log or Log(outbox.held().epoch)
        self._ground = ground

    def keep_open(self, visit: Visit) -> None:
        """Make this the open visit."""
        self._write(lambda: self.outbox.keep_open(visit))

    def open_visit(self) -> Visit | None:
        """The visit that was open."""
        self._ground.before_reading()
        return self.outbox.open_visit()

    def seal(self, visit: Visit) -> None:
        """Give the visit its seq."""
        self._write(lambda: self.outbox.seal(visit))

    def add(self, record: Record) -> None:
        """Give any other record its seq."""
        self._write(lambda: self.outbox.add(record))

    def batch_from(self, seq: int, most: int) -> Batch | None:
        """Records from there on."""
        self._ground.before_reading()
        found = self.outbox.batch_from(seq, most)
        if self.log.turned:
            self._look(forgets=False)  # it may have dropped what was past mending
        return found

    def forget(self, receipt: Receipt) -> int:
        """Owe no more what the receipt covers."""
        try:
            return self._write(lambda: self.outbox.forget(receipt), forgets=True)
        except ReceiptError:
            self.log.disagreed += 1
            raise

    def held(self) -> Held:
        """What is there now."""
        self._ground.before_reading()
        return self.outbox.held()

    def next_connection(self) -> int:
        """One more connection."""
        return self._write(self.outbox.next_connection)

    def remember(self, name: str, value: bytes) -> None:
        """Keep a small document."""
        self._write(lambda: self.outbox.remember(name, value))

    def recall(self, name: str) -> bytes | None:
        """The document of that name."""
        self._ground.before_reading()
        return self.outbox.recall(name)

    def close(self) -> None:
        """Close the file."""

    def _write(self, work: Callable[[], T], *, forgets: bool = False) -> T:
        self._ground.before_commit()
        done = work()
        self._look(forgets=forgets)
        self._ground.after_commit()
        return done

    def _look(self, *, forgets: bool) -> None:
        """Write down what this commit did."""
        log, held = self.log, self.outbox.held()
        if held.last > log.last:
            fresh = self.outbox.batch_from(log.last + 1, 500)
            if fresh is not None:
                log.sealed.update(enumerate(fresh.records, fresh.first))
            log.last = held.last
        if forgets and held.received > log.received:
            received = range(log.received + 1, held.received + 1)
            log.forgotten.update(received)
            self._ground.forgot(log, received)
        if held.oldest > log.oldest:
            log.dropped.update(set(range(log.oldest, held.oldest)) - log.forgotten)
        log.oldest, log.received = held.oldest, held.received


def _readable(body: bytes) -> Record | None:
    try:
        return decode_record(body)
    except WireError:
        return None


def not_kept() -> NotKept:
    """What a failing card says."""
    return NotKept("the card fails")
