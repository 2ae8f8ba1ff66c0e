"""What is done to the rows of an outbox, each within the transaction of its caller."""

from __future__ import annotations

from typing import Any, Final

import structlog
from sqlalchemy import Connection, LargeBinary, Row, cast, delete, insert, select, update

from kiosk.adapters.outbox_tables import about, records
from kiosk.core.losing import loss_of
from kiosk.core.mending import is_whole
from kiosk.core.ports import Held
from shared.deliveries import LAST_SEQ, Batch, chain_on
from shared.errors import WireError
from shared.records import Record
from shared.wire import LONGEST_MESSAGE, decode_record, encode_record

log = structlog.get_logger(__name__)

LONGEST_BATCH: Final = LONGEST_MESSAGE // 2
"""Bytes of records in one batch: the envelope and a broker's own bound have room beside them."""

# One bit in the head of a row makes a blob a text: whatever it is, it is read as its bytes.
SEALED: Final = select(
    records.c.seq,
    cast(records.c.body, LargeBinary).label("body"),
    cast(records.c.chain, LargeBinary).label("chain"),
)
"""A record's seq, body and chain value."""

HINT: Final = "The hub has not been reached for months, or refuses this kiosk: see its alarms."


def about_it(connection: Connection) -> Row[Any]:
    """The one row about this epoch."""
    return connection.execute(select(about)).one()


def tip(connection: Connection) -> tuple[int, bytes]:
    """The last seq that was ever given, and the chain value there."""
    newest = SEALED.order_by(records.c.seq.desc()).limit(1)
    found = connection.execute(newest).one_or_none()
    if found is not None:
        return found.seq, found.chain
    mine = about_it(connection)
    return mine.forgotten, mine.chain


def tip_chain(connection: Connection) -> bytes:
    """The chain value at the last seq that was ever given."""
    return tip(connection)[1]


def append(record: Record, connection: Connection) -> bytes:
    """Give the record its seq; returns the chain value after it."""
    seq, chain = tip(connection)
    body = encode_record(record)
    after = chain_on(chain, body)
    connection.execute(insert(records), {"seq": seq + 1, "body": body, "chain": after})
    return after


def held(connection: Connection) -> Held:
    """What is there now."""
    mine = about_it(connection)
    last, _ = tip(connection)
    return Held(
        epoch=mine.epoch,
        oldest=mine.forgotten + 1,
        last=last,
        refused_seen=mine.refused_seen,
        connection=mine.connection,
        received=received_upto(mine),
        again=mine.again,
    )


def received_upto(mine: Row[Any]) -> int:
    """Up to where nothing is owed: what is gone is owed no more, whoever made it go."""
    return max(int(mine.received), int(mine.forgotten))


def make_room_for_one(chunk: int, connection: Connection) -> None:
    """Drop what was received, if there is any; else the `chunk` oldest, with a notice."""
    mine = about_it(connection)
    spare = received_upto(mine) - mine.forgotten
    make_room(min(chunk, spare) or chunk, connection)


def make_room(chunk: int, connection: Connection) -> None:
    """Drop the `chunk` oldest records, and say in a notice what of it was still owed.

    What was received lies below what is owed, so it is the first to go.
    """
    oldest = SEALED.order_by(records.c.seq).limit(chunk)
    rows = connection.execute(oldest).all()
    if not rows:
        return
    received = received_upto(about_it(connection))
    drop_upto(rows[-1].seq, rows[-1].chain, connection)
    owed = [row for row in rows if row.seq > received]
    if owed:
        first, last = owed[0].seq, owed[-1].seq
        append(loss_of(first, [_readable(row.body) for row in owed]), connection)
        log.error("outbox_full", dropped=len(owed), first=first, last=last, hint=HINT)


def drop_upto(seq: int, chain: bytes, connection: Connection) -> None:
    """Delete records from the oldest on; `chain` is the value at the last of them."""
    connection.execute(delete(records).where(records.c.seq <= seq))
    connection.execute(update(about).values(forgotten=seq, chain=chain))


def batch(seq: int, most: int, connection: Connection) -> tuple[Batch | None, bool]:
    """Up to `most` records beginning at `seq`, or at the oldest held; and whether all are sound."""
    mine = about_it(connection)
    first = max(seq, mine.forgotten + 1)
    if first > LAST_SEQ:
        return None, True
    wanted = SEALED.where(records.c.seq >= first).order_by(records.c.seq).limit(most)
    rows = _fitting(connection.execute(wanted))
    if not rows:
        return None, True
    found = Batch(
        epoch=mine.epoch,
        oldest=mine.forgotten + 1,
        first=first,
        before=chain_at(first - 1, connection).hex(),
        chain=rows[-1].chain.hex(),
        records=tuple(row.body for row in rows),
        refused_seen=mine.refused_seen,
    )
    return found, rows[-1].seq == found.last and is_whole(found)


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


def chain_at(seq: int, connection: Connection) -> bytes:
    """The chain value at a seq that is held, or that was the last to be forgotten."""
    wanted = select(SEALED.selected_columns.chain).where(records.c.seq == seq)
    found = connection.execute(wanted).scalar()
    return bytes(about_it(connection).chain if found is None else found)


def next_connection(connection: Connection) -> int:
    """Count one more connection."""
    risen = update(about).values(connection=about.c.connection + 1)
    return int(connection.execute(risen.returning(about.c.connection)).scalar_one())


def _readable(body: bytes) -> Record | None:
    try:
        return decode_record(body)
    except WireError:
        return None
