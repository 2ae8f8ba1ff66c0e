"""What ails kiosks, in the hub's database: judged once a minute, by one process at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, Engine, delete, insert, select

from hub.adapters.database import reading, writing
from hub.adapters.histories import note_events
from hub.adapters.tables import ailments
from hub.core.ailing import Ailment, Sick
from hub.core.fleet import KioskKey
from hub.core.histories import Happening, Kind
from shared.places import KioskId, StoreId


class SqlAilments:
    """Port `Infirmary` in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all(self) -> Mapping[KioskKey, Sequence[Sick]]:
        """What ails whom."""
        with reading(self._engine) as db:
            return sick(db)

    def keep(
        self, changed: Mapping[KioskKey, tuple[Sequence[Sick], Sequence[Sick]]], at: int
    ) -> None:
        """Let it be what it became; where somebody is told, or no more, the history has a line."""
        with writing(self._engine) as db:
            for who, (before, after) in changed.items():
                _replace(db, who, after)
                note_events(db, {who: _told(before, after, at)})


def sick(
    db: Connection, stores: Collection[StoreId] | None = None
) -> Mapping[KioskKey, Sequence[Sick]]:
    """What ails whom (in these stores)."""
    c = ailments.c
    query = select(ailments).order_by(c.store_id, c.kiosk_id, c.code)
    if stores is not None:
        query = query.where(c.store_id.in_(stores))
    known = frozenset(Ailment)
    found: dict[KioskKey, list[Sick]] = {}
    for row in db.execute(query):
        if row.code in known:
            who = KioskKey(StoreId(row.store_id), KioskId(row.kiosk_id))
            found.setdefault(who, []).append(Sick(Ailment(row.code), row.since, row.told_at))
    return found


def _replace(db: Connection, who: KioskKey, now: Sequence[Sick]) -> None:
    c = ailments.c
    db.execute(delete(ailments).where(c.store_id == who.store_id, c.kiosk_id == who.kiosk_id))
    key = {"store_id": who.store_id, "kiosk_id": who.kiosk_id}
    if now:
        db.execute(insert(ailments), [{**key, **one._asdict()} for one in now])


def _told(before: Sequence[Sick], after: Sequence[Sick], at: int) -> list[Happening]:
    had = {one.code for one in before if one.told_at is not None}
    has = {one.code for one in after if one.told_at is not None}
    begun = [Happening(at, Kind.ALARM, code.value) for code in sorted(has - had)]
    return begun + [Happening(at, Kind.MENDED, code.value) for code in sorted(had - has)]
