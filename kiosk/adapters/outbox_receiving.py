"""What a receipt does to the rows of an outbox, within the transaction of its caller.

Laws of this page
1. Only a receipt of this epoch with this chain value moves what was received forward.
2. What was received is deleted only when it was so for the time that it is kept, by the hub's own
   clock: that of a kiosk may stand in 1970. Old receipts and forged ones make nothing go.
3. It becomes owed again only by a word of a later generation of the hub, or of another hub, that
   says less. Where the chain value there is known it must agree; sending again harms nobody.
4. A receipt writes one row, and nothing is written where it says nothing new.
"""

from __future__ import annotations

from typing import Any, Final

import structlog
from sqlalchemy import Connection, Row, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kiosk.adapters import outbox_mending
from kiosk.adapters.outbox_rows import about_it, chain_at, drop_upto, received_upto, tip
from kiosk.adapters.outbox_tables import about, marks
from shared.deliveries import Receipt, chain_start
from shared.errors import ReceiptError
from shared.places import KioskId

log = structlog.get_logger(__name__)

HOUR_MS: Final = 3_600_000

MOST_DELETED: Final = 2_000
"""Rows that one receipt deletes: a card needs some 50 ms for them, and a shopper may be waiting."""


def receive(receipt: Receipt, keep_ms: int, connection: Connection) -> int:
    """Owe no more what the receipt covers; returns how many those were. Raises ReceiptError."""
    mine = about_it(connection)
    last, _ = tip(connection)
    _check_ours(receipt, mine, last)
    if receipt.hub == mine.hub and receipt.generation < mine.generation:
        return 0  # from before the hub was restored; the broker had kept it
    known = _check_chain(receipt, mine, connection)
    before = received_upto(mine)
    if receipt.upto >= before:
        _go_on(receipt, mine, keep_ms, connection)
        return receipt.upto - before
    if mine.hub is not None and _is_of_another_life(receipt, mine):
        _owe_again(receipt, mine, known, connection)
    return 0


def _check_ours(receipt: Receipt, mine: Row[Any], last: int) -> None:
    if receipt.epoch != mine.epoch:
        raise ReceiptError(f"a receipt for the epoch {receipt.epoch}; this is {mine.epoch}")
    if receipt.upto > last:
        raise ReceiptError(f"a receipt up to {receipt.upto}, and the last record is {last}")


def _check_chain(receipt: Receipt, mine: Row[Any], connection: Connection) -> bool:
    """Whether the chain value there is known at all, and agrees; raises ReceiptError."""
    if receipt.upto >= mine.forgotten:
        expected = chain_at(receipt.upto, connection)
        if expected.hex() != receipt.chain and receipt.upto > mine.forgotten:
            outbox_mending.look(receipt.upto, 1, connection)  # it may be ours that is spoiled
            expected = chain_at(receipt.upto, connection)
    elif receipt.upto == 0:
        expected = chain_start(KioskId(mine.kiosk_id), mine.epoch)
    else:
        return False
    if expected.hex() != receipt.chain:
        raise ReceiptError(f"the chain value at {receipt.upto} is not ours")
    return True


def _is_of_another_life(receipt: Receipt, mine: Row[Any]) -> bool:
    return receipt.hub != mine.hub or receipt.generation > int(mine.generation)


def _go_on(receipt: Receipt, mine: Row[Any], keep_ms: int, connection: Connection) -> None:
    noted = [one.seq for one in receipt.refused if one.seq <= receipt.upto]
    changes: dict[str, Any] = {"refused_seen": max([mine.refused_seen, *noted])}
    further = receipt.upto > received_upto(mine)
    if further:  # only then did the hub prove that it knows this chain
        changes |= {"received": receipt.upto, "hub": receipt.hub, "generation": receipt.generation}
    if any(getattr(mine, name) != value for name, value in changes.items()):
        connection.execute(update(about).values(**changes))
    if further:
        _mark(receipt, connection)
        _delete_the_old((receipt.at - keep_ms) // HOUR_MS, mine, connection)


def _mark(receipt: Receipt, connection: Connection) -> None:
    row = upsert(marks).values(hour=receipt.at // HOUR_MS, upto=receipt.upto)
    kept = row.on_conflict_do_update(index_elements=["hour"], set_={"upto": receipt.upto})
    connection.execute(kept)


def _delete_the_old(before: int, mine: Row[Any], connection: Connection) -> None:
    """Delete what was received in the hour `before` or earlier, a bounded part of it at once."""
    aged = marks.c.hour <= before
    oldest = connection.execute(select(func.max(marks.c.upto)).where(aged)).scalar()
    if oldest is None:
        return
    upto = min(oldest, mine.forgotten + MOST_DELETED)
    if upto > mine.forgotten:
        drop_upto(upto, chain_at(upto, connection), connection)
    connection.execute(delete(marks).where(aged, marks.c.upto <= upto))


def _owe_again(receipt: Receipt, mine: Row[Any], known: bool, connection: Connection) -> None:
    before, upto = received_upto(mine), max(receipt.upto, int(mine.forgotten))
    if upto == before:
        return
    changes: dict[str, Any] = {"received": upto, "again": max(int(mine.again), before)}
    if known and receipt.upto:  # else the hub proves itself when it receives
        changes |= {"hub": receipt.hub, "generation": receipt.generation}
    connection.execute(update(about).values(**changes))
    connection.execute(delete(marks).where(marks.c.upto > upto))
    log.warning("hub_restored", generation=receipt.generation, upto=receipt.upto,
                again=before - upto)  # fmt: skip
