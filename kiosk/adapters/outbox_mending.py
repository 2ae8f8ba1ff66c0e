"""Mends the rows of an outbox in which bits turned, within the transaction of its caller.

SQLite has no checksums: a bit that turns within a value is no damage to it. The chain notices when
the row is read to be sent; else the hub would refuse it, and all after it would wait.

Laws of this page
1. Nothing is written over but by what the chain proves (kiosk/core/mending.py).
2. A record past mending goes only when the hub has all before it, so that `oldest` may rise over
   it: a batch that rose over more would make the hub pass over what is still owed.
3. It goes with a loss notice, in one transaction.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import structlog
from sqlalchemy import Connection, update

from kiosk.adapters import outbox_rows
from kiosk.adapters.outbox_tables import about, records
from kiosk.core.losing import loss_of
from kiosk.core.mending import Row, looked_over
from shared.deliveries import chain_on
from shared.records import LossCause

log = structlog.get_logger(__name__)

HINT: Final = "The card turns bits: replace it soon. Which records are gone stands at the hub."


def mend(seq: int, most: int, connection: Connection) -> tuple[int, int]:
    """Mend up to `most` rows from `seq` on; returns how many of them can be sent, and were dropped.

    Something was dropped only where the first of them was past mending, and the oldest owed.
    """
    rows, spoiled = look(seq, most, connection)
    sound = next((n for n, row in enumerate(rows) if row.seq in spoiled), len(rows))
    received = outbox_rows.received_upto(outbox_rows.about_it(connection))
    if sound or not rows or rows[0].seq != received + 1:
        return sound, 0
    run = next((n for n, row in enumerate(rows) if row.seq not in spoiled), len(rows))
    first, last = rows[0].seq, rows[run - 1].seq
    outbox_rows.drop_upto(last, rows[run - 1].chain, connection)
    outbox_rows.append(loss_of(first, [None] * run, LossCause.DAMAGED), connection)
    log.error("records_spoiled", first=first, last=last, hint=HINT)
    return 0, run


def look(seq: int, most: int, connection: Connection) -> tuple[list[Row], frozenset[int]]:
    """Mend what can be mended in up to `most` rows from `seq` on, and say what cannot."""
    before = outbox_rows.chain_at(seq - 1, connection)
    wanted = outbox_rows.SEALED.where(records.c.seq >= seq).order_by(records.c.seq).limit(most + 1)
    found = [Row(*row) for row in connection.execute(wanted)]
    rows = _renumbered(seq, before, found, connection)
    findings = looked_over(before, rows)
    if findings.before != before:
        _set_chain(seq - 1, findings.before, connection)
    for row, true in zip(rows, findings.rows, strict=True):
        if row != true:
            values = {"body": true.body, "chain": true.chain}
            connection.execute(update(records).where(records.c.seq == row.seq).values(**values))
            log.warning("record_mended", seq=row.seq, hint=HINT)
    # What follows them was read as their witness: nothing witnessed for itself.
    return list(findings.rows[:most]), findings.spoiled


def look_at_tip(connection: Connection) -> None:
    """The next record goes on from the last one's chain value for good: it must be the true one."""
    newest = outbox_rows.SEALED.order_by(records.c.seq.desc()).limit(2)
    rows = [Row(*row) for row in connection.execute(newest)]
    if len(rows) == 2:
        last, before = rows
        if chain_on(before.chain, last.body) != last.chain or before.seq + 1 != last.seq:
            look(before.seq + 1, 1, connection)
    elif rows:
        look(outbox_rows.about_it(connection).forgotten + 1, 1, connection)


def _renumbered(first: int, before: bytes, rows: list[Row], connection: Connection) -> list[Row]:
    """The rows up to a hole; none is left by a last row whose seq alone is spoiled."""
    dense: list[Row] = []
    for seq, row in enumerate(rows, first):
        if row.seq != seq:
            if chain_on(before, row.body) != row.chain:
                break
            connection.execute(update(records).where(records.c.seq == row.seq).values(seq=seq))
            log.warning("record_renumbered", seq=seq, found=row.seq, hint=HINT)
        dense.append(replace(row, seq=seq))
        before = row.chain
    return dense


def _set_chain(seq: int, chain: bytes, connection: Connection) -> None:
    row = update(records).where(records.c.seq == seq).values(chain=chain)
    if not connection.execute(row).rowcount:
        connection.execute(update(about).values(chain=chain))
    log.warning("record_mended", seq=seq, hint=HINT)
