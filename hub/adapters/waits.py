"""The queue's book in the hub's database: notices, waits, outcomes, openings, doubts and alerts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, insert, select

from hub.adapters import tables as t
from hub.adapters.database import inserting, reading, writing
from hub.adapters.plots import Plots
from hub.core.waiting.alarming import Kind
from hub.core.waiting.book import AlertKey, AlertRow, Memory, Rows
from hub.core.waiting.doubting import Quality
from hub.core.waiting.facts import LineId
from hub.core.waiting.posting import Plot
from shared.places import StoreId

_RIGHTNESS = ("told", "within_minute", "too_short", "over_ms", "untold")


class SqlWaits:
    """The book in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._plots = Plots(engine)

    def plots(self) -> Collection[Plot]:
        """Every store that has a layout."""
        return self._plots.read()

    def memories(self, stores: Collection[StoreId]) -> Mapping[StoreId, Memory]:
        """What their queues begin with."""
        a = t.wait_alerts.c
        with reading(self._engine) as db:
            rows = db.execute(select(t.wait_lessons.c.store_id, t.wait_lessons.c.body))
            lessons = {StoreId(store): body for store, body in rows}
            standing = db.execute(select(t.wait_alerts).where(a.until.is_(None))).all()
        alerts: dict[str, dict[AlertKey, AlertRow]] = {}
        for row in standing:
            key = AlertKey(row.store_id, LineId(row.line_id), Kind(row.kind), row.since)
            alerts.setdefault(row.store_id, {})[key] = AlertRow(row.registers)
        return {one: Memory(lessons.get(one), alerts.get(one, {})) for one in stores}

    def write(self, rows: Rows) -> None:
        """Keep these in one transaction."""
        with writing(self._engine) as db:
            _put(db, t.notices, (one._asdict() for one in rows.notices))
            _put(db, t.openings, (one._asdict() for one in rows.openings))
            if rows.waits:
                db.execute(insert(t.waits), [one._asdict() for one in rows.waits])
            _judge(db, rows)
            _put(db, t.wait_alerts, (k._asdict() | v._asdict() for k, v in rows.alerts.items()))
            _doubt(db, rows.doubts)

    def keep(self, lessons: Mapping[StoreId, str], at: int) -> None:
        """Keep what was learned in these stores."""
        rows = [{"store_id": one, "body": body, "kept_at": at} for one, body in lessons.items()]
        with writing(self._engine) as db:
            _put(db, t.wait_lessons, rows)


def _put(db: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert rows; of one that is there the columns that are named are changed."""
    values = list(rows)
    if not values:
        return
    put = inserting(db, table)
    keys = table.primary_key.columns.keys()
    changed = {name: put.excluded[name] for name in values[0] if name not in keys}
    db.execute(put.on_conflict_do_update(index_elements=keys, set_=changed), values)


def _judge(db: Connection, rows: Rows) -> None:
    if not rows.outcomes:
        return
    table, put = t.wait_outcomes, inserting(db, t.wait_outcomes)
    sums = {name: table.c[name] + put.excluded[name] for name in _RIGHTNESS}
    keys = table.primary_key.columns.keys()
    values = [
        key._asdict() | {name: getattr(one, name) for name in _RIGHTNESS}
        for key, one in rows.outcomes.items()
    ]
    db.execute(put.on_conflict_do_update(index_elements=keys, set_=sums), values)


def _doubt(db: Connection, doubts: Mapping[StoreId, tuple[Quality, ...]]) -> None:
    """What is wrong now takes the place of what was."""
    if not doubts:
        return
    db.execute(delete(t.wait_doubts).where(t.wait_doubts.c.store_id.in_(doubts)))
    found = [
        {"store_id": store, "place": one.place, "what": one.what.value}
        | {"times": one.times, "at": one.at}
        for store, several in doubts.items()
        for one in several
    ]
    if found:
        db.execute(insert(t.wait_doubts), found)
