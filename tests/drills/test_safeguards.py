"""Each patch that removes a safeguard takes hold of the real program: it behaves otherwise then.

A drill without its safeguard fails as well, but costs ten seconds and chance; what is here fails at
once where a signature or a name has changed, and a patch has become a patch of nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, cast

import pytest
from sqlalchemy import func, select

from hub.adapters.archive import SqlArchive
from hub.adapters.consumer import Consumer
from hub.adapters.database import open_engine
from hub.adapters.identities import SqlIdentities
from hub.adapters.inbox import Letter
from hub.adapters.migrations import migrate
from hub.adapters.tables import records, tallies
from hub.core.accounts import Note
from hub.core.hearing import Message
from hub.core.hours import DAY_MS
from hub.core.identity import Claim, JoinCode, Signed
from hub.intake import Intake
from kiosk.adapters.broker import BrokerAddress, _Connection
from kiosk.adapters.disk import Card
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.signatures import Verifier
from kiosk.adapters.versions import Versions
from kiosk.core.events import Kept
from kiosk.core.fitting import Machine
from kiosk.core.updating import Trial
from kiosk.wiring import updating
from shared.deliveries import Receipt
from shared.errors import ArchiveError, DeviceError, JoinRefused, ReceiptError
from shared.places import StoreId
from shared.topics import Channel
from shared.wire import encode_batch
from tests.drills.safeguards import SAFEGUARDS, without
from tests.fakes import kiosk as fake
from tests.fakes.clock import FakeClock
from tests.fakes.kiosk import FakeKiosk
from tests.fakes.outbox import FakeOutbox
from tests.fakes.screen import FakeScreen
from tests.hub.test_identity import Scene
from tests.kiosk import rig as joined
from tests.kiosk.courier import rig as courier
from tests.kiosk.samples import KIOSK, sale, visit
from tests.parts.archives import CAJA_1, CENTRO, K1, furnish
from tests.parts.authority import KIOSK as JOINED
from tests.parts.authority import SmallAuthority
from tests.parts.devices import Device
from tests.parts.releases import Releases

AT: Final = fake.NOON
NOBODYS: Final = Note(AT, "ana", "join code made", "k-1")


# The kiosk


def believes_puback(folder: Path) -> bool:
    """Whether the broker's word on a batch becomes a receipt."""
    heard: list[Channel] = []
    inbound: Any = SimpleNamespace(received=lambda channel, _: heard.append(channel))
    where = BrokerAddress("", 1, StoreId("centro"), KIOSK)
    line = _Connection(where, lambda: True, inbound, b"", None)
    line._standing = True
    rig = courier.Rig()
    rig.outbox.add(sale(1))
    batch = rig.outbox.batch_from(1, 10)
    assert batch is not None
    rig.rounds._settle(Receipt("hub", 1, batch.epoch, 0, batch.before, 1))
    line.publish(Channel.RECORDS, encode_batch(batch))
    mid = line._client._last_mid
    line._on_publish(line._client, None, mid, cast("Any", SimpleNamespace(is_failure=False)), None)  # type: ignore[arg-type]
    return heard == [Channel.RECEIPT]


def believes_any_receipt(folder: Path) -> bool:
    """Whether what no hub has said makes an outbox owe less."""
    with closing(SqliteOutbox(folder / "outbox.db", KIOSK)) as outbox:
        outbox.add(sale(1))
        try:
            outbox.forget(Receipt("hub", 1, outbox.held().epoch, 9, "ff" * 16, 1))
        except ReceiptError:
            return False
        return outbox.held().owed == 0


def sends_what_was_spoiled(folder: Path) -> bool:
    """Whether a record in which bits turned goes out as it is."""
    file = folder / "outbox.db"
    with closing(SqliteOutbox(file, KIOSK)) as outbox:
        for number in (1, 2):
            outbox.add(sale(number))
        with closing(sqlite3.connect(file)) as card, card:
            card.execute("UPDATE records SET body = ? WHERE seq = 1", (b"spoiled",))
        batch = outbox.batch_from(1, 10)
        return batch is not None and b"spoiled" in batch.records


def thanks_before_the_commit(folder: Path) -> bool:
    """Whether the writer says that a visit is kept while it still lies before it."""
    rig = joined.Kiosk(FakeOutbox(KIOSK), FakeScreen())
    rig.writer.keep_open(1, visit())
    told = [] if rig.loop._inbox.empty() else [rig.loop._inbox.get()]
    assert rig.outbox.open_visit() is None
    return [type(one) for one in told] == [Kept]


def forgets_what_it_finds_open(folder: Path) -> bool:
    """Whether a start leaves an open visit as it was."""
    outbox = FakeOutbox(KIOSK)
    outbox.keep_open(visit())
    rig = joined.Kiosk(outbox, FakeScreen())
    rig.loop.begin(outbox.open_visit())
    while rig.writer.turn() == 0:
        pass
    return outbox.open_visit() is not None


# The hub


class Hub:
    """The real intake on a database of its own."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_engine(f"sqlite:///{folder / 'hub.db'}")
        migrate(self.engine)
        archive = SqlArchive(self.engine)
        furnish(archive)
        self.intake = Intake(archive)

    def count(self, what: Any) -> int:
        """One number from the database."""
        with self.engine.connect() as db:
            return int(db.execute(select(what)).scalar() or 0)

    def close(self) -> None:
        """Close it."""
        self.engine.dispose()


def counts_again(folder: Path) -> bool:
    """Whether what comes a second time, beside something new, is counted a second time."""
    kiosk = FakeKiosk()
    kiosk.seal(fake.sale(number=1), fake.sale(number=2))
    with closing(Hub(folder)) as hub:
        for last in (1, 2):
            hub.intake.take([kiosk.message(1, last)], AT)
        assert hub.count(func.count(records.c.seq)) == 2
        return hub.count(func.sum(tallies.c.sales)) == 3


def believes_any_chain(folder: Path) -> bool:
    """Whether a record that its kiosk did not chain is stored."""
    kiosk = FakeKiosk()
    kiosk.seal(fake.sale())
    message = kiosk.message()
    lie = replace(kiosk.batch(1, 1), chain="ff" * 16)
    with closing(Hub(folder)) as hub:
        hub.intake.take([Message(message.topic, encode_batch(lie))], AT)
        return hub.count(func.count(records.c.seq)) == 1


class FailingIntake:
    """The database is away."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def take(self, messages: object, at: int) -> Any:
        """Take nothing."""
        raise ArchiveError("the database is away")


def acknowledges_first(folder: Path) -> bool:
    """Whether the broker is thanked for what could not be committed."""
    thanked: list[int] = []
    line: Any = SimpleNamespace(acknowledge=thanked.append)
    meter: Any = SimpleNamespace(add=lambda *_, **__: None)
    nobody: Any = SimpleNamespace()
    consumer = Consumer(nobody, FailingIntake(), nobody, meter, lambda: AT, nobody, nobody)
    with pytest.raises(ArchiveError):
        consumer.take([Letter("t", b"x", False, 0.0, 7, line)])
    return thanked == [7]


# Certificates


class Listener:
    """What a verifier of the real kiosk lets through to it."""

    def __init__(self) -> None:
        self.authority, outbox = SmallAuthority(), FakeOutbox(JOINED)
        keys = (self.authority.signing_key,)
        self.told: list[str] = []
        self._verifier = Verifier(
            CENTRO, JOINED, lambda: keys, outbox, FakeClock(), lambda: self.told.append("forged")
        )  # fmt: skip

    def believes(self, payload: bytes) -> bool:
        """Whether it is acted on."""
        return self._verifier.body_of(Channel.RECEIPT, payload) is not None


def believes_anybody(folder: Path) -> bool:
    """Whether what somebody else has signed is acted on, and what nobody has."""
    listener = Listener()
    forged = [SmallAuthority().signed(Channel.RECEIPT, b"{}"), b"{}"]
    return any(listener.believes(one) for one in forged)


def believes_what_is_old(folder: Path) -> bool:
    """Whether an older word is acted on after a newer one."""
    listener = Listener()
    old, new = (listener.authority.signed(Channel.RECEIPT, b"{}", serial=n) for n in (1, 2))
    assert listener.believes(new)
    return listener.believes(old)


def keeps_a_lie_to_itself(folder: Path) -> bool:
    """Whether what is forged is refused without a word to anybody."""
    listener = Listener()
    assert not listener.believes(b"{}")
    return not listener.told


def holds_nobody(folder: Path) -> bool:
    """Whether two cards of one kiosk with a certificate are no reason to hold it."""
    with closing(Hub(folder)) as hub:
        book = SqlIdentities(hub.engine)
        book.add(JoinCode("c0de", CENTRO, CAJA_1, K1, AT, "ana", AT + DAY_MS), NOBODYS)
        signed = Signed("5e1", "key", AT, AT + 30 * DAY_MS, "PEM")
        book.redeem(Claim("c0de", "key"), AT, lambda _: signed)
        one, other = FakeKiosk(), FakeKiosk()
        one.seal(fake.sale(number=1))
        other.seal(fake.sale(number=2))
        for card in (one, other):
            hub.intake.take([card.message()], AT)
        return not book.held()


def renews_in_time_only(folder: Path) -> bool:
    """Whether a device whose certificate has ended never comes back."""
    with closing(Hub(folder)) as hub:
        scene = Scene(hub.engine, folder / "authority")
        device = Device()
        joined = scene.join(scene.code(), device)
        scene.now += 31 * DAY_MS
        try:
            scene.renew(joined, device, Device())
        except JoinRefused:
            return True
        return False


class WatchedCard(Card):
    """Sees whether a link is away between two steps."""

    def __init__(self, link: Path) -> None:
        self._link, self.missed = link, False

    def sync_folder(self, folder: Path) -> None:
        """The same, with a look."""
        self.missed |= not self._link.is_symlink()
        super().sync_folder(folder)


def leaves_no_version(folder: Path) -> bool:
    """Whether no version is current for a while when it is switched."""
    for name in ("1", "2"):
        (folder / "versions" / name).mkdir(parents=True)
    (folder / "current").symlink_to("versions/1")
    card = WatchedCard(folder / "current")
    Versions(folder, card).switch(Trial("2", "1"))
    assert str((folder / "current").readlink()) == "versions/2"
    return card.missed


def takes_what_is_older(folder: Path) -> bool:
    """Whether a release with a lower serial fits."""
    manifest = Releases().manifest("1", 1)
    try:
        vars(updating)["check_fits"](manifest, "1", Machine("any", "any", 1), 2)
    except DeviceError:
        return False
    return True


HARMS: Final[dict[str, Callable[[Path], bool]]] = {
    "receipts": believes_puback,
    "receipt-chain": believes_any_receipt,
    "record-check": sends_what_was_spoiled,
    "kept-first": thanks_before_the_commit,
    "found-open": forgets_what_it_finds_open,
    "ledger": counts_again,
    "hub-chain": believes_any_chain,
    "manual-acknowledgement": acknowledges_first,
    "signatures": believes_anybody,
    "serials": believes_what_is_old,
    "forgery-told": keeps_a_lie_to_itself,
    "held-clones": holds_nobody,
    "late-renewal": renews_in_time_only,
    "atomic-switch": leaves_no_version,
    "no-downgrade": takes_what_is_older,
}
"""What the program does without the safeguard, and does not with it."""


@pytest.mark.parametrize("safeguard", SAFEGUARDS)
def test_without_it_the_real_program_does_harm_and_with_it_none(
    safeguard: str, tmp_path: Path
) -> None:
    for removed in (False, True, False):
        folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        with without(safeguard if removed else ""):
            assert HARMS[safeguard](folder) is removed
