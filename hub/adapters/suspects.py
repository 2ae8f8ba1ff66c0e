"""Suspect answers and what was decided about them, in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Engine, false, func, select, update

from hub.adapters import tables as t
from hub.adapters.audit import append
from hub.adapters.database import inserting, reading, writing
from hub.adapters.entering import keep_tallies
from hub.adapters.page import read_counted
from hub.adapters.statements import statements_for
from hub.core.accounts import Note
from hub.core.deciding import Decision, Suspects, changed, decided, summed
from hub.core.figures import Days, span_of
from hub.core.hours import Hours
from hub.core.ports import Store
from hub.core.tallying import NONE
from shared.places import StoreId
from shared.visits import Visit
from shared.wire import decode_record

_AT_ONCE: Final = 1_000


class SqlSuspects:
    """The book of suspects on a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._statements = engine, statements_for(engine.dialect.name)

    def suspects(self, store: Store, days: Days) -> list[Suspects]:
        """Those of these local days, latest first; without those that retention has sealed."""
        hours = Hours(store.zone)
        r, s = t.records.c, t.suspects.c
        query = select(r.hour, s.code, func.count()).select_from(_JOINED)
        query = query.where(*_within(store.store_id, hours, days)).group_by(r.hour, s.code)
        with reading(self._engine) as db:
            rows = [(hour, code, n) for hour, code, n in db.execute(query)]
            return summed(hours, rows, _decisions(db, store.store_id, days), days)

    def decide(self, store: Store, decision: Decision) -> int:
        """Let them count, or leave them out, and note it in the audit log; how many moved."""
        hours, name = Hours(store.zone), store.store_id
        with writing(self._engine) as db:
            self._wait_for_others(db, name)
            before = read_counted(db, [name]).get(name, NONE)
            stored = _stored(db, name, hours, decision)
            counts = changed(hours, stored, before, decided(before, decision))
            keep_tallies(db, self._statements, {name: counts})
            moved = -sum(times for times in counts.values() if times < 0)
            _keep(db, name, decision)
            append(db, _note(name, decision, moved))
            return moved

    def _wait_for_others(self, db: Connection, store: StoreId) -> None:
        """Intake of this store, other decisions and a rebuild: each sees all of this, or nothing.

        On SQLite there is one writer at a time. On PostgreSQL a rebuild locks the table `records`
        against whoever writes it, and an update of nothing is known as such.
        """
        kiosks = db.execute(select(t.kiosks.c.kiosk_id).where(t.kiosks.c.store_id == store))
        self._statements.lock_kiosks(db, [row.kiosk_id for row in kiosks])
        db.execute(update(t.records).where(false()).values(hour=None))


_JOINED: Final = t.suspects.join(
    t.records,
    (t.suspects.c.store_id == t.records.c.store_id)
    & (t.suspects.c.ledger == t.records.c.ledger)
    & (t.suspects.c.seq == t.records.c.seq),
)


def _within(store: StoreId, hours: Hours, days: Days) -> list[Any]:
    span, hour = span_of(hours, days), t.records.c.hour
    return [
        t.suspects.c.store_id == store,
        hour >= span.start,
        hour < span.end,
        hour.not_in(span.strays),
    ]


def _stored(
    db: Connection, store: StoreId, hours: Hours, decision: Decision
) -> Iterable[tuple[int, Visit]]:
    """The visits that a decision is about, each with the hour in which it counts."""
    query = select(t.records.c.hour, t.records.c.body).select_from(_JOINED)
    query = query.where(*_within(store, hours, Days(decision.day, decision.day)))
    query = query.where(t.suspects.c.code == decision.code)
    for row in db.execute(query, execution_options={"yield_per": _AT_ONCE}):
        record = decode_record(row.body)
        if isinstance(record, Visit):
            yield row.hour, record


def _decisions(db: Connection, store: StoreId, days: Days) -> Mapping[tuple[int, str], Decision]:
    c = t.decisions.c
    query = select(c.day, c.code, c.counted, c.at, c.by)
    query = query.where(c.store_id == store, c.day.between(days.first, days.last))
    return {(row.day, row.code): Decision(*row) for row in db.execute(query)}


def _keep(db: Connection, store: StoreId, decision: Decision) -> None:
    key = {"store_id": store, "day": decision.day, "code": decision.code}
    said = {"counted": decision.counted, "at": decision.at, "by": decision.by}
    put = inserting(db, t.decisions).values(key | said)
    db.execute(put.on_conflict_do_update(index_elements=list(key), set_=said))


def _note(store: StoreId, decision: Decision, moved: int) -> Note:
    action = "suspects counted" if decision.counted else "suspects left out"
    target, detail = f"{store} {decision.day} {decision.code}", f"{moved} answers"
    return Note(decision.at, decision.by, action, target, detail)
