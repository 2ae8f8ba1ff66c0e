"""How the entries of one transaction become rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Executable, bindparam, delete, func, insert, select, update

from hub.adapters import tables as t
from hub.adapters.enrolling import hold
from hub.adapters.responses import keep_responses
from hub.adapters.statements import Statements
from hub.core.ports import Entries, Lost
from hub.core.quarantine import CLONING, MOST_ROWS, Captive
from hub.core.silence import news
from hub.core.tallying import Counts, by_day, by_hour, by_reason
from shared.errors import LedgerMoved
from shared.places import KioskId, StoreId

MOST_NOTICES = 20
"""Loss notices kept beside one gap: more say nothing new, and all of them are records anyway."""

MOST_GAPS = 100
"""Gaps that one notice is put beside: an honest one touches one or two."""


def write_entries(db: Connection, statements: Statements, entries: Entries) -> None:
    """Write everything; raises LedgerMoved where a ledger is not where it was believed."""
    _advance(db, entries)
    keep_responses(db, entries)
    _keep_records(db, statements, entries)
    _keep_clocks(db, entries)
    keep_tallies(db, statements, entries.counts)
    _hear(db, statements, entries)
    _keep_losses(db, entries)
    _keep_captives(db, entries)
    for captive in entries.captives:
        store, kiosk = captive.store_id, captive.kiosk_id
        if captive.code in CLONING and captive.seq is None and store and kiosk:
            hold(db, store, kiosk, captive.code, entries.at)


def _advance(db: Connection, entries: Entries) -> None:
    # First of all, and in one order: another intake is met before any work is done twice.
    rows = [
        dict(zip(_KEY, one.key, strict=True))
        | {"before": one.held_before, "held": one.after.held, "chain": one.after.chain}
        | {"lost": one.after.lost, "refused": one.after.refused, "last_at": entries.at}
        for one in sorted(entries.advances, key=lambda one: one.key)
    ]
    if rows and db.execute(_ADVANCE, rows).rowcount != len(rows):
        raise LedgerMoved("a ledger is no longer where it was")


def _keep_records(db: Connection, statements: Statements, entries: Entries) -> None:
    if entries.records:
        statements.insert_records(db, entries.records)
    moved = [
        dict(zip(("key_store", "key_ledger", "key_seq", "hour"), row, strict=True))
        for row in entries.moved
    ]
    _many(db, _MOVE, moved)
    columns = ("store_id", "ledger", "seq", "code")
    suspects = [dict(zip(columns, row, strict=True)) for row in entries.suspects]
    _many(db, insert(t.suspects), suspects)


def _keep_clocks(db: Connection, entries: Entries) -> None:
    anchors = [
        boot._asdict() | {"boot": anchor.boot, "true": anchor.true}
        for boot, anchor in entries.anchors
    ]
    _many(db, insert(t.anchors), anchors)
    doubtful = [boot._asdict() | {"ledger": n, "seq": seq} for boot, n, seq in entries.doubtful]
    _many(db, insert(t.doubtful), doubtful)
    settled = [
        dict(
            zip((*_KEY[:2], "key_boot", "key_ledger", "key_seq"), (*row[0], *row[1:]), strict=True)
        )
        for row in entries.settled
    ]
    _many(db, _SETTLE, settled)


def keep_tallies(
    db: Connection, statements: Statements, counts_of: Mapping[StoreId, Counts]
) -> None:
    """Add what was counted to the tallies of each store."""
    hours, days, reasons = [], [], []
    for store, counts in counts_of.items():
        hours += [(store, *key, *row) for key, row in by_hour(counts).items()]
        days += [(store, *key, *row) for key, row in by_day(counts).items()]
        reasons += [(store, *key, answers) for key, answers in by_reason(counts).items()]
    for table, rows in ((t.tallies, hours), (t.store_tallies, days), (t.reason_tallies, reasons)):
        if rows:
            statements.add_to(db, table, rows)


def _hear(db: Connection, statements: Statements, entries: Entries) -> None:
    """At which points there were sales, and where somebody touched something."""
    rows = [
        (store, point, 0 if touched else sales, entries.at if touched else None)
        for store, counts in entries.counts.items()
        for point, (sales, touched) in news(counts).items()
    ]
    if rows:
        statements.hear(db, rows)


def _keep_losses(db: Connection, entries: Entries) -> None:
    columns = ("store_id", "ledger", "first", "last", "found_at")
    rows = [(one.store_id, one.ledger, one.first, one.last, entries.at) for one in entries.losses]
    _many(db, insert(t.losses), [dict(zip(columns, row, strict=True)) for row in rows])
    for notice in entries.notices:
        _attach(db, notice)


def _attach(db: Connection, notice: Lost) -> None:
    """Put a loss notice beside the gaps that it speaks of."""
    c = t.losses.c
    ours = (c.store_id == notice.store_id) & (c.ledger == notice.ledger)
    touches = (c.first <= notice.last) & (c.last >= notice.first)
    gaps = select(c.first, c.notice).where(ours, touches).order_by(c.first).limit(MOST_GAPS)
    for first, told in db.execute(gaps).all():
        already = [] if told is None else told[1:-1].split("\n,")
        if len(already) < MOST_NOTICES:
            words = "[" + "\n,".join([*already, notice.notice or "null"]) + "]"
            db.execute(update(t.losses).where(ours, c.first == first).values(notice=words))


def _keep_captives(db: Connection, entries: Entries) -> None:
    _many(
        db,
        _NOTE,
        [
            {"key_kiosk": key.kiosk_id, "key_epoch": key.epoch, "seen": seen}
            for key, seen in entries.noted
        ],
    )
    # Records first: intake has made sure that there is room for them.
    room: dict[KioskId | None, int] = {}
    for captive in sorted(entries.captives, key=lambda one: (one.seq is None, one.fingerprint)):
        known = {"key_print": captive.fingerprint, "last_at": entries.at}
        if db.execute(_AGAIN, known).rowcount:
            continue
        if captive.kiosk_id not in room:
            room[captive.kiosk_id] = quarantine_room(db, captive.kiosk_id)
        if captive.seq is not None or room[captive.kiosk_id] > 0:
            room[captive.kiosk_id] -= 1
            db.execute(insert(t.quarantine).values(_row(captive, entries.at)))


def quarantine_room(db: Connection, kiosk: KioskId | None) -> int:
    """How many more rows there may be of this kiosk, or of all strangers."""
    theirs = t.quarantine.c.kiosk_id.is_not_distinct_from(kiosk)
    taken: int = db.execute(select(func.count()).where(theirs)).scalar_one()
    return MOST_ROWS - taken


def _row(captive: Captive, at: int) -> dict[str, Any]:
    return {
        "fingerprint": captive.fingerprint,
        "store_id": captive.store_id,
        "kiosk_id": captive.kiosk_id,
        "epoch": captive.epoch,
        "seq": captive.seq,
        "code": captive.code,
        "detail": captive.detail,
        "payload": captive.excerpt,
        "first_at": at,
        "last_at": at,
        "times": 1,
        "told": False,
    }


def _many(db: Connection, statement: Executable, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    if rows:
        db.execute(statement, rows)


_KEY = ("key_store", "key_kiosk", "key_epoch")

_ADVANCE = update(t.ledgers).where(
    t.ledgers.c.store_id == bindparam("key_store"),
    t.ledgers.c.kiosk_id == bindparam("key_kiosk"),
    t.ledgers.c.epoch == bindparam("key_epoch"),
    t.ledgers.c.held == bindparam("before"),
)

_MOVE = (
    update(t.records)
    .where(
        t.records.c.store_id == bindparam("key_store"),
        t.records.c.ledger == bindparam("key_ledger"),
        t.records.c.seq == bindparam("key_seq"),
    )
    .values(hour=bindparam("hour"))
)

_SETTLE = delete(t.doubtful).where(
    t.doubtful.c.store_id == bindparam("key_store"),
    t.doubtful.c.kiosk_id == bindparam("key_kiosk"),
    t.doubtful.c.boot_id == bindparam("key_boot"),
    t.doubtful.c.ledger == bindparam("key_ledger"),
    t.doubtful.c.seq == bindparam("key_seq"),
)

_AGAIN = (
    update(t.quarantine)
    .where(t.quarantine.c.fingerprint == bindparam("key_print"))
    .values(times=t.quarantine.c.times + 1, last_at=bindparam("last_at"))
)

_NOTE = (
    update(t.quarantine)
    .where(
        t.quarantine.c.kiosk_id == bindparam("key_kiosk"),
        t.quarantine.c.epoch == bindparam("key_epoch"),
        t.quarantine.c.seq <= bindparam("seen"),
    )
    .values(told=True)
)
