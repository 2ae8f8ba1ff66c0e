"""Facts about a store's lines that came by HTTP or were typed, until the queue has heard them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy import Engine, Row, delete, func, insert, select

from hub.adapters import audit
from hub.adapters.database import reading, writing
from hub.adapters.tables import tellings
from hub.core.accounts import Note
from hub.core.sensing import MOST_TELLINGS, Unheard, from_body, to_body
from hub.core.waiting.facts import Fact
from shared.errors import TellingsFull, WordError
from shared.places import StoreId

log = structlog.get_logger(__name__)

_NUMBER: Final = tellings.c.number


class SqlTellings:
    """The tellings in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, store: StoreId, facts: Sequence[Fact], at: int, note: Note | None = None) -> None:
        """Let facts wait, all or none of them; raises TellingsFull where too many do."""
        rows = [{"store_id": store, "received_at": at, "body": to_body(fact)} for fact in facts]
        waiting = select(func.count()).where(tellings.c.store_id == store)
        with writing(self._engine) as db:
            if (db.scalar(waiting) or 0) + len(rows) > MOST_TELLINGS:
                raise TellingsFull(f"{MOST_TELLINGS} facts of {store} wait to be heard")
            if rows:
                db.execute(insert(tellings), rows)
            if note is not None:
                audit.append(db, note)

    def take(self, most: int) -> Sequence[Unheard]:
        """Those that wait longest, in the order in which they came; they wait no longer."""
        first = select(_NUMBER).order_by(_NUMBER).limit(most)
        with reading(
            self._engine
        ) as db:  # nothing waits nearly always, and writers are not held up
            numbers = db.scalars(first).all()
        if not numbers:
            return []
        taken = delete(tellings).where(_NUMBER.in_(first)).returning(*tellings.c)
        with writing(self._engine) as db:
            rows = sorted(db.execute(taken).all(), key=lambda row: row.number)
        return [one for one in map(_unheard, rows) if one is not None]


def _unheard(row: Row[tuple[object, ...]]) -> Unheard | None:
    try:
        return Unheard(StoreId(row.store_id), row.received_at, from_body(row.body))
    except WordError as fault:
        log.warning("tellings.unreadable", store=row.store_id, why=str(fault), hint=fault.hint)
        return None
