"""Recounts every tally from the raw records: `verify` compares, `rebuild` writes anew.

`verify` reads one store at a time in one snapshot and keeps nobody waiting. `rebuild` is one
transaction that keeps intake out until it ends (SQLite's write lock; PostgreSQL's lock of the table
`records`): meanwhile nothing is acknowledged, so kiosks and broker keep what comes, and nothing is
lost or counted twice. Hours that retention has sealed stand as they are: their records are gone.
`store_tallies` are compared with, and made from, `tallies`, sealed hours included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.page import read_counted
from hub.adapters.responses import response_differences, rewrite_responses
from hub.adapters.statements import Statements, statements_for
from hub.core.hours import Hours
from hub.core.placing import Anchorage
from hub.core.ports import ResponseRow
from hub.core.recounting import Difference, Report, Row, Store, Stored, compare, recount
from hub.core.tallying import COLUMNS, NONE, Counts, by_hour, by_reason
from shared.places import StoreId

Progress = Callable[[float], None]
"""Told how much is done, 0 to 1."""


def _in_silence(_done: float) -> None: ...


CHUNK = 5_000
"""Records in memory at a time: 3 MB."""

Rows = dict[Row, tuple[int, ...]]


def verify(engine: Engine, progress: Progress = _in_silence) -> Report:
    """Recount from the records and compare; reads only, intake goes on."""
    read, differences = 0, list[Difference]()
    with reading(engine) as db:
        total, stores = _total(db), _stores(db)
    for store_id, zone in stores:
        with reading(engine) as db:
            if engine.dialect.name == "postgresql":
                db.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            store, counts = _load(db, store_id, zone), Counts()
            responses: list[ResponseRow] = []
            for records in _chunks(db, store_id):
                differences += recount(store, counts, records, responses)
                read += len(records)
                progress(min(1.0, read / total))
            differences += _differences(db, store, counts)
            differences += response_differences(db, store_id, responses)
    progress(1.0)
    return Report(read, tuple(differences))


def rebuild(engine: Engine, progress: Progress = _in_silence) -> int:
    """Write all tallies anew in one transaction; returns how many records it counted."""
    read, statements = 0, statements_for(engine.dialect.name)
    with writing(engine) as db:
        statements.keep_others_out(db)
        total = _total(db)
        for store_id, zone in _stores(db):
            store, counts = _load(db, store_id, zone), Counts()
            responses: list[ResponseRow] = []
            for records in _chunks(db, store_id):
                _put_right(db, recount(store, counts, records, responses))
                read += len(records)
                progress(min(1.0, read / total))
            _rewrite(db, statements, store, counts)
            rewrite_responses(db, store_id, responses)
    progress(1.0)
    return read


def _stores(db: Connection) -> list[tuple[StoreId, str]]:
    query = select(t.stores.c.store_id, t.stores.c.zone).order_by(t.stores.c.store_id)
    return [(StoreId(store), zone) for store, zone in db.execute(query)]


def _total(db: Connection) -> int:
    # What the ledgers hold less what was lost or refused: counting the rows would take as long.
    c = t.ledgers.c
    held = db.execute(select(func.sum(c.held - c.lost - c.refused))).scalar_one_or_none()
    return max(1, int(held or 0))


def _load(db: Connection, store_id: StoreId, zone: str) -> Store:
    a, s = t.anchors.c, t.seals.c
    sealed = db.execute(select(s.before).where(s.store_id == store_id)).scalar_one_or_none()
    anchors: dict[tuple[str, str], list[Anchorage]] = {}
    query = select(a.kiosk_id, a.boot_id, a.boot, a.true).where(a.store_id == store_id)
    for kiosk, boot_id, boot, true in db.execute(query.order_by(a.boot)):
        anchors.setdefault((kiosk, boot_id), []).append(Anchorage(boot, true))
    s = t.suspects.c
    rows = db.execute(select(s.ledger, s.seq, s.code).where(s.store_id == store_id))
    return Store(
        store_id,
        Hours(zone),
        0 if sealed is None else sealed,
        anchors,
        read_counted(db, [store_id]).get(store_id, NONE),
        {(ledger, seq): code for ledger, seq, code in rows},
    )


def _chunks(db: Connection, store_id: StoreId) -> Iterator[list[Stored]]:
    """The records of a store, ledger by ledger, each chunk found by the key and not by counting."""
    r, n = t.records.c, t.ledgers.c
    ledgers = select(n.ledger, n.kiosk_id).where(n.store_id == store_id).order_by(n.ledger)
    for ledger, kiosk in db.execute(ledgers).all():
        last = 0
        ours = (r.store_id == store_id) & (r.ledger == ledger)
        query = select(r.seq, r.received_at, r.hour, r.body).where(ours).order_by(r.seq)
        while rows := db.execute(query.where(r.seq > last).limit(CHUNK)).all():
            yield [Stored(kiosk, ledger, *row) for row in rows]
            last = rows[-1].seq


def _differences(db: Connection, store: Store, counts: Counts) -> list[Difference]:
    hours, days = _hours(db, store), _days(db, store)
    unsealed = {key: row for key, row in hours.items() if int(key[1]) >= store.sealed}
    counted: Rows = {key: tuple(row) for key, row in by_hour(counts).items()}
    reasons: Rows = {key: (answers,) for key, answers in by_reason(counts).items()}
    return [
        *compare("tallies", store.store_id, unsealed, counted),
        *compare("store_tallies", store.store_id, days, _by_day(store, hours)),
        *compare("reason_tallies", store.store_id, _reasons(db, store), reasons),
    ]


def _put_right(db: Connection, strays: list[Difference]) -> None:
    r = t.records.c
    for stray in strays:
        if stray.table == "suspects":
            _doubt_anew(db, stray)
            continue
        ours = (r.store_id == stray.store_id) & (r.ledger == stray.key[0]) & (r.seq == stray.key[1])
        db.execute(update(t.records).where(ours).values(hour=stray.counted[0] or None))


def _doubt_anew(db: Connection, stray: Difference) -> None:
    ledger, seq, code = stray.key
    key = {"store_id": stray.store_id, "ledger": ledger, "seq": seq}
    db.execute(delete(t.suspects).where(*(t.suspects.c[name] == it for name, it in key.items())))
    if any(stray.counted):
        db.execute(insert(t.suspects).values(key | {"code": code}))


def _rewrite(db: Connection, statements: Statements, store: Store, counts: Counts) -> None:
    for table in (t.tallies, t.reason_tallies):
        c = table.c
        db.execute(delete(table).where(c.store_id == store.store_id, c.hour >= store.sealed))
    _put(db, statements, t.tallies, store, by_hour(counts))
    reasons = {key: [answers] for key, answers in by_reason(counts).items()}
    _put(db, statements, t.reason_tallies, store, reasons)
    db.execute(delete(t.store_tallies).where(t.store_tallies.c.store_id == store.store_id))
    _put(db, statements, t.store_tallies, store, _by_day(store, _hours(db, store)))


def _put(
    db: Connection, statements: Statements, table: Table, store: Store, rows: dict[Any, Any]
) -> None:
    if rows:
        statements.add_to(db, table, [(store.store_id, *key, *row) for key, row in rows.items()])


def _by_day(store: Store, hours: Rows) -> Rows:
    days: Rows = {}
    for (_, begins), row in hours.items():
        hour = store.hours.hour_of(int(begins))
        key = (hour.day, hour.hour_of_day)
        days[key] = tuple(map(sum, zip(days.get(key, (0,) * len(COLUMNS)), row, strict=True)))
    return days


def _hours(db: Connection, store: Store) -> Rows:
    return _standing(db, t.tallies, store, ("point_id", "hour"), COLUMNS)


def _days(db: Connection, store: Store) -> Rows:
    return _standing(db, t.store_tallies, store, ("day", "hour_of_day"), COLUMNS)


def _reasons(db: Connection, store: Store) -> Rows:
    keys = ("point_id", "hour", "face", "reason")
    rows = _standing(db, t.reason_tallies, store, keys, ("answers",))
    return {key: row for key, row in rows.items() if int(key[1]) >= store.sealed}


def _standing(
    db: Connection, table: Table, store: Store, keys: tuple[str, ...], counts: tuple[str, ...]
) -> Rows:
    query = select(*(table.c[name] for name in (*keys, *counts)))
    rows = db.execute(query.where(table.c.store_id == store.store_id))
    return {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in rows}
