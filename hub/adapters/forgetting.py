"""Forgets, night by night, what was told of the waits and who waited how long."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, delete, func, select

from hub.adapters.database import reading, writing
from hub.adapters.tables import notices, stores, waits
from hub.core.hours import DAY_MS

log = structlog.get_logger(__name__)

NOTICE_DAYS: Final = 35
"""Five weeks: what a page compares a day with."""

WAIT_DAYS: Final = 8
"""A week and a day: how right the notices were is added up by hour, and kept."""


def forget_waits(engine: Engine, now: int) -> int:
    """Delete what is older; returns how many rows that were. A store at a time: intake waits."""
    with reading(engine) as db:
        names = db.scalars(select(stores.c.store_id)).all()
    gone = sum(_forget(engine, store, now) for store in names)
    if gone:
        log.info("jobs.waits_forgotten", rows=gone)
    return gone


def _forget(engine: Engine, store: str, now: int) -> int:
    n, w = notices.c, waits.c
    old = (n.store_id == store) & (n.at < now - NOTICE_DAYS * DAY_MS)
    past = (w.store_id == store) & (w.at < now - WAIT_DAYS * DAY_MS)
    with writing(engine) as db:
        # line by line, as the key is ordered: else every row of five weeks would be looked at
        lines = list(_lines(db, store))
        gone = sum(
            db.execute(delete(notices).where(old, n.line_id == one)).rowcount for one in lines
        )
        return gone + db.execute(delete(waits).where(past)).rowcount


def _lines(db: Connection, store: str) -> Iterator[str]:
    """Every line of which a notice is kept, each found by one look at the index."""
    n, last = notices.c, ""
    following = select(func.min(n.line_id)).where(n.store_id == store)
    while (line := db.scalar(following.where(n.line_id > last))) is not None:
        yield line
        last = line
