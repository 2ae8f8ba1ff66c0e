"""What happened to each kiosk, in the hub's database: appended to, read, and forgotten in time."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Engine, delete, func, insert, select, tuple_

from hub.adapters.database import reading, writing
from hub.adapters.tables import commands, kiosk_events
from hub.core.fleet import KioskKey
from hub.core.histories import KEPT_DAYS, LONGEST, MOST_KEPT, Happening, Kind
from hub.core.hours import DAY_MS
from shared.places import KioskId, StoreId


def note_event(
    db: Connection, store: StoreId, kiosk: KioskId, kind: Kind, detail: str, at: int
) -> None:
    """One line, in the caller's transaction."""
    note_events(db, {KioskKey(store, kiosk): [Happening(at, kind, detail)]})


def note_events(db: Connection, happened: Mapping[KioskKey, Iterable[Happening]]) -> None:
    """Lines of several kiosks, in the caller's transaction."""
    rows = [
        {
            "store_id": who.store_id,
            "kiosk_id": who.kiosk_id,
            "at": one.at,
            "event": secrets.token_hex(8),
            "kind": one.kind.value,
            "detail": one.detail[:LONGEST],
        }
        for who, lines in happened.items()
        for one in lines
    ]
    if rows:
        db.execute(insert(kiosk_events), rows)


class SqlHistories:
    """Reads and forgets them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def history(self, store: StoreId, kiosk: KioskId, most: int) -> Sequence[Happening]:
        """What happened to a kiosk, newest first."""
        c = kiosk_events.c
        query = (
            select(c.at, c.kind, c.detail)
            .where(c.store_id == store, c.kiosk_id == kiosk)
            .order_by(c.at.desc(), c.event)
            .limit(most)
        )
        with reading(self._engine) as db:
            return [Happening(row.at, Kind(row.kind), row.detail) for row in db.execute(query)]

    def forget(self, now: int) -> int:
        """Delete what is old, also commands, and what is too much of one kiosk; how many lines."""
        c, old = kiosk_events.c, now - KEPT_DAYS * DAY_MS
        with writing(self._engine) as db:
            gone = db.execute(delete(kiosk_events).where(c.at < old)).rowcount
            gone += db.execute(delete(commands).where(commands.c.until < old)).rowcount
            many = select(c.store_id, c.kiosk_id).group_by(c.store_id, c.kiosk_id)
            for store, kiosk in db.execute(many.having(func.count() > MOST_KEPT)).all():
                gone += _cut(db, store, kiosk)
        return gone


def _cut(db: Connection, store: str, kiosk: str) -> int:
    c = kiosk_events.c
    ours = (c.store_id == store) & (c.kiosk_id == kiosk)
    newest = select(c.at, c.event).where(ours).order_by(c.at.desc(), c.event).limit(MOST_KEPT)
    kept = db.execute(newest).all()
    old = delete(kiosk_events).where(ours, c.at <= kept[-1].at)
    return db.execute(
        old.where(tuple_(c.at, c.event).not_in([tuple(one) for one in kept]))
    ).rowcount
