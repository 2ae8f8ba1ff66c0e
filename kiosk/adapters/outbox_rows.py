"""What is done to the rows of an outbox, each within the transaction of its caller."""

from __future__ import annotations

from typing import Any, Final

import structlog
from sqlalchemy import Connection, Row, delete, insert, select, update

from kiosk.adapters.outbox_tables import about, records
from kiosk.core.losing import loss_of
from kiosk.core.ports import Held
from shared.deliveries import LAST_SEQ, Batch, Receipt, chain_on
from shared.errors import ReceiptError, WireError
from shared.records import Record
from shared.wire import LONGEST_MESSAGE, decode_record, encode_record

log = structlog.get_logger(__name__)

LONGEST_BATCH: Final = LONGEST_MESSAGE // 2
"""Bytes of records in one batch: the envelope and a broker's own bound have room beside them."""

HINT: Final = "The hub has not been reached for months, or refuses this kiosk: see its alarms."


def _about(connection: Connection) -> Row[Any]:
    return connection.execute(select(about)).one()


def _tip(connection: Connection) -> tuple[int, bytes]:
    """The last seq that was ever given, and the chain value there."""
    newest = select(records.c.seq, records.c.chain).order_by(records.c.seq.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    if found is not None:
        return found.seq, found.chain
    mine = _about(connection)
    return mine.forgotten, mine.chain


def tip_chain(connection: Connection) -> bytes:
    """The chain value at the last seq that was ever given."""
    return _tip(connection)[1]


def append(record: Record, connection: Connection) -> bytes:
    """Give the record its seq; returns the chain value after it."""
    seq, chain = _tip(connection)
    body = encode_record(record)
    after = chain_on(chain, body)
    connection.execute(insert(records), {"seq": seq + 1, "body": body, "chain": after})
    return after


def held(connection: Connection) -> Held:
    """What is there now."""
    mine = _about(connection)
    last, _ = _tip(connection)
    return Held(mine.epoch, mine.forgotten + 1, last, mine.refused_seen, mine.connection)


def make_room(chunk: int, connection: Connection) -> None:
    """Drop the `chunk` oldest records, and say in a notice what they were."""
    oldest = select(records).order_by(records.c.seq).limit(chunk)
    rows = connection.execute(oldest).all()
    if not rows:
        return
    first, last = rows[0].seq, rows[-1].seq
    connection.execute(delete(records).where(records.c.seq <= last))
    connection.execute(update(about).values(forgotten=last, chain=rows[-1].chain))
    append(loss_of(first, [_readable(row.body) for row in rows]), connection)
    log.error("outbox_full", dropped=len(rows), first=first, last=last, hint=HINT)


def batch(seq: int, most: int, connection: Connection) -> Batch | None:
    """Up to `most` records beginning at `seq`, or at the oldest held."""
    mine = _about(connection)
    first = max(seq, mine.forgotten + 1)
    if first > LAST_SEQ:
        return None
    wanted = select(records).where(records.c.seq >= first).order_by(records.c.seq).limit(most)
    rows = _fitting(connection.execute(wanted))
    if not rows:
        return None
    return Batch(
        epoch=mine.epoch,
        oldest=mine.forgotten + 1,
        first=first,
        before=_chain_at(first - 1, connection).hex(),
        chain=rows[-1].chain.hex(),
        records=tuple(row.body for row in rows),
        refused_seen=mine.refused_seen,
    )


def _fitting(rows: Any) -> list[Row[Any]]:
    """As many as one message carries, but at least one."""
    fitting: list[Row[Any]] = []
    room = LONGEST_BATCH
    for row in rows:
        room -= len(row.body) + 1
        if fitting and room < 0:
            break
        fitting.append(row)
    return fitting


def _chain_at(seq: int, connection: Connection) -> bytes:
    """The chain value at a seq that is held, or that was the last to be forgotten."""
    wanted = select(records.c.chain).where(records.c.seq == seq)
    found = connection.execute(wanted).scalar()
    return bytes(_about(connection).chain if found is None else found)


def forget(receipt: Receipt, connection: Connection) -> int:
    """Delete what the receipt covers, if it agrees with our chain; raises ReceiptError."""
    mine = _about(connection)
    last, _ = _tip(connection)
    _check_ours(receipt, mine, last)
    restored_since = receipt.hub == mine.hub and receipt.generation < mine.generation
    if restored_since or receipt.upto < mine.forgotten:
        return 0  # an older word, which the broker had kept
    if _chain_at(receipt.upto, connection).hex() != receipt.chain:
        raise ReceiptError(f"the chain value at {receipt.upto} is not ours")
    noted = [one.seq for one in receipt.refused if one.seq <= receipt.upto]
    changes: dict[str, Any] = {"refused_seen": max([mine.refused_seen, *noted])}
    gone = delete(records).where(records.c.seq <= receipt.upto)
    deleted = connection.execute(gone).rowcount
    if deleted:  # only then did the hub prove that it knows this chain
        changes |= {"forgotten": receipt.upto, "chain": bytes.fromhex(receipt.chain)}
        changes |= {"hub": receipt.hub, "generation": receipt.generation}
    if deleted or changes["refused_seen"] != mine.refused_seen:
        connection.execute(update(about).values(**changes))
    return deleted


def _check_ours(receipt: Receipt, mine: Row[Any], last: int) -> None:
    if receipt.epoch != mine.epoch:
        raise ReceiptError(f"a receipt for the epoch {receipt.epoch}; this is {mine.epoch}")
    if receipt.upto > last:
        raise ReceiptError(f"a receipt up to {receipt.upto}, and the last record is {last}")


def next_connection(connection: Connection) -> int:
    """Count one more connection."""
    risen = update(about).values(connection=about.c.connection + 1)
    return int(connection.execute(risen.returning(about.c.connection)).scalar_one())


def _readable(body: bytes) -> Record | None:
    try:
        return decode_record(body)
    except WireError:
        return None
