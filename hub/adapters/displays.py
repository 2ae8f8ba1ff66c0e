"""The displays of stores, in the hub's database: their keys, and what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, delete, insert, select

from hub.adapters import audit
from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading, writing
from hub.adapters.layouts import SqlLayouts
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.tables import displays, notices, stores
from hub.core.accounts import Note
from hub.core.displaying import AHEAD_MS, Setting, Told, stands_ms
from hub.core.ports import Store
from hub.core.waiting.facts import LineId
from hub.core.waiting.noticing import Terms
from shared.places import StoreId

LONGEST_STAND_MS = stands_ms(Terms(fresh_seconds=3_600))
"""Older notices are of no display, whatever the store's terms: the hour is a notice's bound."""


class SqlDisplays:
    """The displays in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._archive, self._layouts = SqlArchive(engine), SqlLayouts(engine)
        self._programmes = SqlProgrammes(engine)

    def key(self, store: StoreId) -> str | None:
        """The key of a store's display; None where it has none yet."""
        with reading(self._engine) as db:
            return db.scalar(select(displays.c.key).where(displays.c.store_id == store))

    def keep(self, store: StoreId, key: str, at: int, note: Note) -> None:
        """Let this be the key of a store's display, and the one before open nothing any more."""
        with writing(self._engine) as db:
            db.execute(delete(displays).where(displays.c.store_id == store))
            db.execute(insert(displays).values(store_id=store, key=key, made_at=at))
            audit.append(db, note)

    def setting(self, store: StoreId) -> Setting | None:
        """What a display rests on; None where there is no such store, or no key."""
        c = stores.c
        query = select(displays.c.key, c.store_id, c.name, c.zone, c.opens, c.closes)
        query = query.join(stores, c.store_id == displays.c.store_id).where(c.store_id == store)
        with reading(self._engine) as db:
            found = db.execute(query).first()
        if found is None:
            return None
        layout, programme = self._layouts.layout(store), self._programmes.programme(store)
        points = self._archive.points(store)
        return Setting(found.key, Store(*found[1:]), layout, programme, points)

    def told(self, store: StoreId, lines: Sequence[LineId], now: int) -> Mapping[LineId, Told]:
        """The newest notice of each line that may still say something at `now`."""
        columns = notices.c.line_id, notices.c.at, notices.c.minutes
        query = (  # by the primary key, a few minutes of each line
            select(*columns, notices.c.withdrawn, notices.c.quickest)
            .where(notices.c.store_id == store, notices.c.line_id.in_(lines))
            .where(notices.c.at.between(now - LONGEST_STAND_MS, now + AHEAD_MS))
            .order_by(notices.c.line_id, notices.c.at)
        )
        with reading(self._engine) as db:
            return {LineId(line): Told(*rest) for line, *rest in db.execute(query)}
