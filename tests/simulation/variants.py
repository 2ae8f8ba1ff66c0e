"""The same programs, each with one safeguard removed: the judge must notice every one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from unittest.mock import patch

from hub.adapters.consumer import Consumer
from hub.adapters.inbox import Letter
from hub.core.ledger import Ledger, Verdict
from hub.core.ports import Entries
from kiosk.core.delivery import Limits
from kiosk.core.events import Kept
from kiosk.core.ports import Outbox
from kiosk.loop import Loop
from kiosk.writer import Writer
from shared.deliveries import Batch, Receipt
from shared.places import KioskId
from shared.records import Anchor, Record
from shared.visits import Visit
from tests.fakes.archive import FakePage, Memory
from tests.simulation.card import Card, MemoryOutbox
from tests.simulation.disk import SimArchive, copied
from tests.simulation.equipment import KioskParts
from tests.simulation.hub import HubParts
from tests.simulation.simulation import Parts


@dataclass(frozen=True)
class Variant:
    """A safeguard, and the programs without it; `around` is entered while they run."""

    safeguard: str
    parts: Parts = field(default_factory=Parts)
    around: Callable[[], AbstractContextManager[object]] = nullcontext


# Kiosk


class NormalOutbox(MemoryOutbox):
    """`synchronous=NORMAL`: a power cut takes what was committed since the last checkpoint."""

    def __init__(self, kiosk: KioskId, epoch: str, quota: int) -> None:
        super().__init__(kiosk, epoch, quota)
        self._checkpoint = self._state()
        self._commits = 0

    def _check_card(self) -> None:
        super()._check_card()
        self._commits += 1
        if self._commits % 10 == 0:
            self._checkpoint = self._state()

    def cut(self) -> None:
        """The plug is pulled."""
        self.__dict__.update(copied_state(self._checkpoint))

    def _state(self) -> dict[str, object]:
        kept = {name: value for name, value in self.__dict__.items() if name != "_checkpoint"}
        return copied_state(kept)


def copied_state(state: dict[str, object]) -> dict[str, object]:
    """Lists and dictionaries of its own."""
    return {
        name: copy(value) if isinstance(value, dict | list) else value
        for name, value in state.items()
    }


class TwoStepCard(Card):
    """Sealing in two transactions: between them the plug can be pulled."""

    def seal(self, visit: Visit) -> None:
        self._write(partial(self.outbox.add, visit))
        self._write(partial(setattr, self.outbox, "_open", None))


class GullibleOutbox(MemoryOutbox):
    """Believes any receipt: its chain value is not compared."""

    def forget(self, receipt: Receipt) -> int:
        upto = min(receipt.upto, self._last)
        chain = self._chain_at(upto).hex()
        return super().forget(replace(receipt, upto=upto, chain=chain))


class SilentQuotaOutbox(MemoryOutbox):
    """Drops the oldest without a notice."""

    def _make_room(self) -> None:
        gone = sorted(self._rows)[: self._chunk]
        self._forgotten, self._chain = gone[-1], self._rows[gone[-1]].chain
        for seq in gone:
            del self._rows[seq]


class MuteOldestOutbox(MemoryOutbox):
    """Never says from where on it still holds records."""

    def batch_from(self, seq: int, most: int) -> Batch | None:
        found = super().batch_from(seq, most)
        return None if found is None else replace(found, oldest=1)


class EagerWriter(Writer):
    """Says that it is kept before it is."""

    def keep_open(self, ticket: int, visit: Visit) -> None:
        super().keep_open(ticket, visit)
        self._post(Kept(self._clock.now(), ticket))


class ForgetfulWriter(Writer):
    """Tries every record once."""

    def _record(self, job: object) -> float:
        wait = super()._record(job)  # type: ignore[arg-type]
        if wait:
            self._jobs.popleft()
        return 0


class HurriedWriter(Writer):
    """What was asked for last is committed first."""

    def turn(self) -> float | None:
        self._jobs.rotate(1)
        return super().turn()


class AnchorlessLoop(Loop):
    """Never ties the boot clock to true time."""

    def _anchor(self, anchor: Record | None) -> None:
        if not isinstance(anchor, Anchor):
            super()._anchor(anchor)


# Hub


def taken_again(ledger: Ledger, batch: Batch, kiosk: KioskId) -> Verdict:
    """A judge of batches that has no ledger: whatever comes is new."""
    after = Ledger(max(ledger.held, batch.last), bytes.fromhex(batch.chain), ledger.lost)
    return Verdict(after, batch.first, batch.records)


def unchained(ledger: Ledger, batch: Batch, kiosk: KioskId) -> Verdict:
    """A judge of batches that does not compute the chain."""
    if batch.last <= ledger.held:
        return Verdict(ledger)
    lost = None
    if batch.first > ledger.held + 1:
        if batch.first != batch.oldest:
            return Verdict(ledger)
        lost = (ledger.held + 1, batch.first - 1)
    known = max(0, ledger.held + 1 - batch.first)
    gone = 0 if lost is None else lost[1] - lost[0] + 1
    after = Ledger(batch.last, bytes.fromhex(batch.chain), ledger.lost + gone, ledger.refused)
    return Verdict(after, batch.first + known, batch.records[known:], lost)


def skipping(ledger: Ledger, batch: Batch, kiosk: KioskId) -> Verdict:
    """A judge of batches that takes whatever lies beyond what it holds, over any gap."""
    if batch.first > ledger.held + 1:
        ledger = replace(ledger, held=batch.first - 1)
    return unchained(ledger, batch, kiosk)


def taken_whole(*told: object) -> None:
    """Where new anchors come: what was stored before stays where it was."""


class UpsertPage(FakePage):
    """Rows that were there already are written over, and counted."""

    def _place(self, entries: Entries) -> None:
        for row in entries.records:
            self.memory.records.pop(row[:3], None)
        super()._place(entries)


class UpsertArchive(SimArchive):
    page_of = UpsertPage


class LazyArchive(SimArchive):
    """Commits are on the disk only with the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.disk: Memory | None = None

    def commit(self, page: FakePage) -> None:
        self.disk = copied(self.memory)
        super().commit(page)

    def cut(self) -> None:
        if self.disk is not None:
            self.memory, self.disk = self.disk, None


class TwoStepPage(FakePage):
    """Tallies in a transaction of their own."""

    counts: Entries | None = None

    def write(self, entries: Entries) -> None:
        self.counts = Entries(entries.at, counts=entries.counts)
        super().write(replace(entries, counts={}))


class TwoStepArchive(SimArchive):
    page_of = TwoStepPage

    def commit(self, page: FakePage) -> None:
        super().commit(page)
        assert isinstance(page, TwoStepPage)
        if page.counts is not None:
            self.step("commit")
            second = FakePage(copied(self.memory))
            second.write(page.counts)
            super().commit(second)


class HastyConsumer(Consumer):
    """Acknowledges what it has not committed."""

    def take(self, letters: Sequence[Letter]) -> None:
        for letter in letters:
            letter.line.acknowledge(letter.mid)
        super().take(letters)


def _kiosk(**changed: object) -> Parts:
    return Parts(kiosk=replace(KioskParts(), **changed))  # type: ignore[arg-type]


def _outbox(made: Callable[[KioskId, str, int], Outbox]) -> Parts:
    return _kiosk(outbox=made)


def _judging(rule: object) -> Callable[[], AbstractContextManager[object]]:
    return partial(patch, "hub.intake.judge", rule)


VARIANTS: tuple[Variant, ...] = (
    Variant("outbox: synchronous=FULL", _outbox(NormalOutbox)),
    Variant("outbox: sealed in one transaction", _kiosk(card=TwoStepCard)),
    Variant("outbox: a receipt's chain value is compared", _outbox(GullibleOutbox)),
    Variant("outbox: a dropped record leaves a notice", _outbox(SilentQuotaOutbox)),
    Variant("outbox: says the oldest seq that it holds", _outbox(MuteOldestOutbox)),
    Variant(
        "outbox: the chain is computed over what is read",
        around=partial(patch, "tests.fakes.outbox.is_whole", bool),
    ),
    Variant(
        "outbox: one bit is turned back",
        around=partial(patch, "kiosk.core.mending.LONGEST_SEARCHED", 0),
    ),
    Variant(
        "outbox: a response forgets its walk in one transaction",
        around=partial(patch, "tests.fakes.outbox.WALK", "another"),
    ),
    Variant("kiosk: forgets at the receipt, not at PUBACK", _kiosk(forgets_at_puback=True)),
    Variant("kiosk: thanks after the commit", _kiosk(writer=EagerWriter)),
    Variant("kiosk: first asked, first committed", _kiosk(writer=HurriedWriter)),
    Variant("kiosk: records are tried until they are kept", _kiosk(writer=ForgetfulWriter)),
    Variant("kiosk: a start seals what it finds open", _kiosk(finds_open=False)),
    Variant("kiosk: anchors tie the clocks", _kiosk(loop=AnchorlessLoop)),
    Variant(
        "courier: what has no receipt is sent again",
        _kiosk(limits=Limits(answer=10**9, stall=10**9, pause=10**9, longest_wait=20_000)),
    ),
    Variant(
        "hub: the ledger recognises duplicates",
        Parts(hub=HubParts(UpsertArchive)),
        _judging(taken_again),
    ),
    Variant("hub: the chain is computed over what came", around=_judging(unchained)),
    Variant("hub: nothing is taken over a gap", around=_judging(skipping)),
    Variant(
        "hub: later anchors put earlier records right",
        around=partial(patch, "hub.intake.settle_again", taken_whole),
    ),
    Variant("hub: receipts after the commit", Parts(hub=HubParts(LazyArchive))),
    Variant("hub: records and tallies in one transaction", Parts(hub=HubParts(TwoStepArchive))),
    Variant(
        "hub: acknowledged after the commit",
        Parts(hub=HubParts(SimArchive, consumer=HastyConsumer)),
    ),
)
