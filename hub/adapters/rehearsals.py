"""The last week of a store's lines as it is kept in the hub's database, to be told once more."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, Engine, select

from hub.adapters.database import reading
from hub.adapters.tables import notices, waits
from hub.core.waiting.facts import LineId
from hub.core.waiting.rehearsing import Curve, Kept, Waited, Week
from shared.places import StoreId

MOST_NOTICES: Final = 60_000
"""The newest: a line has some 15,000 in a week, and these are told anew in half a second."""

MOST_WAITS: Final = 60_000


class SqlRehearsals:
    """Reads notices and waits in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def week(self, store: StoreId, lines: Collection[LineId], since: int) -> Week:
        """What is kept of these lines since then; where it is too much, of its latest part."""
        with reading(self._engine) as db:
            most = MOST_NOTICES // max(1, len(lines))
            told = {line: _told(db, store, line, since, most) for line in sorted(lines)}
            full = [notices[0].at for notices in told.values() if len(notices) == most]
            first = max([since, *full])
            waited = _waited(db, store, first)
        return Week(first, told, [one for one in waited if one.line_id in told])


def _told(db: Connection, store: StoreId, line: LineId, since: int, most: int) -> list[Kept]:
    c = notices.c  # line by line, so that the index answers
    query = select(c.at, c.withdrawn, c.low, c.middle, c.high)
    query = query.where(c.store_id == store, c.line_id == line, c.at >= since)
    rows = db.execute(query.order_by(c.at.desc()).limit(most)).all()
    return [
        Kept(at, withdrawn, None if None in (low, middle, high) else Curve(low, middle, high))
        for at, withdrawn, low, middle, high in reversed(rows)
    ]


def _waited(db: Connection, store: StoreId, since: int) -> list[Waited]:
    """Whoever joined since then."""
    c = waits.c
    query = select(c.line_id, c.at, c.waited)
    query = query.where(c.store_id == store, c.at >= since, c.at - c.waited >= since)
    rows = db.execute(query.order_by(c.at.desc()).limit(MOST_WAITS))
    return [Waited(LineId(line), at, took) for line, at, took in rows]
