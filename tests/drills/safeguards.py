"""The real programs, each with one safeguard removed: a drill must notice every one of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import Connection, delete, tuple_

from hub.adapters import entering
from hub.adapters.consumer import Consumer
from hub.adapters.identities import SqlIdentities
from hub.adapters.inbox import Letter
from hub.adapters.statements import Statements
from hub.adapters.tables import records
from hub.core.ports import Entries
from kiosk.adapters import outbox_receiving, outbox_rows, versions
from kiosk.adapters.broker import _Connection
from kiosk.adapters.disk import Disk
from kiosk.adapters.signatures import Verifier
from kiosk.core.events import Kept
from kiosk.core.fitting import Machine
from kiosk.courier.rounds import Rounds
from kiosk.wiring import updating
from kiosk.writer import Writer
from shared.bundles import Manifest
from shared.deliveries import Batch, Receipt
from shared.errors import WireError
from shared.moments import LATEST_WALL_MS
from shared.signing import SignedMessage, read_signed
from shared.topics import Channel
from shared.wire import decode_batch, encode
from tests.simulation.variants import taken_again, unchained


def _forget_at_puback() -> AbstractContextManager[object]:
    """The broker's word is taken for the hub's: once the hub is known, PUBACK makes a receipt."""
    batches: dict[int, Batch] = {}
    known: list[Receipt] = []
    publish, heard, settle = _Connection.publish, _Connection._on_publish, Rounds._settle

    def published(self: _Connection, channel: Channel, payload: bytes) -> bool:
        if channel is Channel.RECORDS:
            batches[self._client._last_mid + 1] = decode_batch(payload)
        return publish(self, channel, payload)

    def acknowledged(self: _Connection, client: Any, data: Any, mid: int, *rest: Any) -> None:
        heard(self, client, data, mid, *rest)
        batch = batches.pop(mid, None)
        if batch is not None and known and batch.epoch == known[-1].epoch:
            word = replace(known[-1], upto=batch.last, chain=batch.chain)
            self._inbound.received(Channel.RECEIPT, encode(word))

    def settled(self: Rounds, receipt: Receipt) -> None:
        known.append(receipt)
        settle(self, receipt)

    return _both(
        patch.object(_Connection, "publish", published),
        patch.object(_Connection, "_on_publish", acknowledged),
        patch.object(Rounds, "_settle", settled),
    )


def _believe_any_receipt() -> AbstractContextManager[object]:
    """The chain value of a receipt is not compared, nor whether it could be so far."""
    receive = outbox_receiving.receive

    def gullible(receipt: Receipt, keep_ms: int, connection: Connection) -> int:
        upto = min(receipt.upto, outbox_rows.tip(connection)[0])
        return receive(replace(receipt, upto=upto), keep_ms, connection)

    return _both(
        patch.object(outbox_receiving, "receive", gullible),
        patch.object(outbox_receiving, "_check_chain", lambda *_: True),
    )


def _acknowledge_first() -> AbstractContextManager[object]:
    """The broker is thanked before anything is kept."""
    take = Consumer.take

    def hasty(self: Consumer, letters: Sequence[Letter]) -> None:
        for letter in letters:
            letter.line.acknowledge(letter.mid)
        take(self, letters)

    return patch.object(Consumer, "take", hasty)


def _begin_again_at_the_start() -> AbstractContextManager[object]:
    """What a restart finds open is not sealed."""
    return patch("kiosk.loop.Loop.begin", _begin_blind)


def _begin_blind(loop: Any, _open: object, walked: object = None) -> None:
    now = loop._clock.now()
    loop._anchor(loop._watch.observe(now))
    loop._carry_out(loop._turns.start(None, now, walked))


def _thank_at_once() -> AbstractContextManager[object]:
    """Thanks come before the commit."""
    keep_open = Writer.keep_open

    def eager(self: Writer, ticket: int, visit: Any) -> None:
        self._post(Kept(self._clock.now(), ticket))
        keep_open(self, ticket, visit)

    return patch.object(Writer, "keep_open", eager)


def _count_all_that_comes() -> AbstractContextManager[object]:
    """No ledger: a row that is there is written over, as by an upsert, and counted again."""
    keep = entering._keep_records

    def upsert(db: Connection, statements: Statements, entries: Entries) -> None:
        for row in entries.records:
            key = (records.c.store_id, records.c.ledger, records.c.seq)
            db.execute(delete(records).where(tuple_(*key) == row[:3]))
        keep(db, statements, entries)

    return _both(_judging(taken_again), patch.object(entering, "_keep_records", upsert))


def _judging(rule: object) -> AbstractContextManager[object]:
    return patch("hub.intake.judge", rule)


def _send_unread() -> AbstractContextManager[object]:
    """What is sent is not looked at before."""
    return patch.object(outbox_rows, "is_whole", bool)


def _believe_anybody() -> AbstractContextManager[object]:
    """No signature is looked at, nor whether there is one."""

    def believed(_self: Verifier, _channel: Channel, payload: bytes) -> SignedMessage:
        try:
            return read_signed(payload)
        except WireError:
            return SignedMessage("", 1, LATEST_WALL_MS, payload)

    return patch.object(Verifier, "_verified", believed)


def _believe_what_is_old() -> AbstractContextManager[object]:
    """Whatever was signed once is news for ever."""
    return patch.object(Verifier, "_is_news", lambda *_: True)


def _keep_a_lie_to_itself() -> AbstractContextManager[object]:
    """What is forged is refused and counted, and nobody is told."""

    def refused(self: Verifier, _channel: Channel, _why: str) -> None:
        self.counts["forged"] += 1

    return patch.object(Verifier, "_refuse", refused)


def _hold_nobody() -> AbstractContextManager[object]:
    """Two devices may be one kiosk."""
    return _both(
        patch.object(entering, "hold", lambda *_: False),
        patch.object(SqlIdentities, "hold", lambda *_: False),
    )


def _renew_in_time_only() -> AbstractContextManager[object]:
    """A certificate that has ended cannot be renewed any more."""
    return patch("hub.identity.LATE_DAYS", 0)


def _switch_in_two_steps() -> AbstractContextManager[object]:
    """A link is taken away, and after a while there is another one."""

    def pointed(disk: Disk, path: Path, target: str) -> None:
        disk.remove(path)
        for _ in range(_WHILE if path.name == "current" else 1):
            disk.sync_folder(path.parent)
        disk.symlink(target, path)

    return patch.object(versions, "point", pointed)


def _take_any_release() -> AbstractContextManager[object]:
    """Whatever is signed is taken, however old."""
    fits = vars(updating)["check_fits"]

    def checked(manifest: Manifest, ordered: str, machine: Machine, _highest: int) -> None:
        fits(manifest, ordered, machine, 0)

    return _both(
        patch.object(updating, "check_fits", checked),
        patch.object(updating.Updater, "_check_serial", lambda *_: None),
    )


_WHILE: Final = 200
"""Steps of a slow card, which open the window that the safeguard closes."""

SAFEGUARDS: Final[dict[str, Callable[[], AbstractContextManager[object]]]] = {
    "receipts": _forget_at_puback,
    "receipt-chain": _believe_any_receipt,
    "record-check": _send_unread,
    "kept-first": _thank_at_once,
    "found-open": _begin_again_at_the_start,
    "ledger": _count_all_that_comes,
    "hub-chain": partial(_judging, unchained),
    "manual-acknowledgement": _acknowledge_first,
    "signatures": _believe_anybody,
    "serials": _believe_what_is_old,
    "forgery-told": _keep_a_lie_to_itself,
    "held-clones": _hold_nobody,
    "late-renewal": _renew_in_time_only,
    "atomic-switch": _switch_in_two_steps,
    "no-downgrade": _take_any_release,
}
"""By the name of what is removed."""


def without(safeguard: str) -> AbstractContextManager[object]:
    """The programs without it, while the block lasts; an empty name removes nothing."""
    return SAFEGUARDS[safeguard]() if safeguard else _both()


@contextmanager
def _both(*patches: AbstractContextManager[object]) -> Any:
    with ExitStack() as stack:
        for one in patches:
            stack.enter_context(one)
        yield
