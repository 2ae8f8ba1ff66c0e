"""What services of a store took, day by day, in the hub's database."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection, Engine, select

from hub.adapters.database import inserting, reading, writing
from hub.adapters.tables import wait_lessons, wait_services
from hub.core.waiting.joins import Pace
from hub.core.waiting.lessons import from_body
from hub.core.waiting.services import Services
from shared.errors import WordError
from shared.places import StoreId


class SqlPaces:
    """The paces in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def pace(self, store: StoreId, day: int, usual_ms: int) -> Pace:
        """As known on this day: kept at the first question, the same ever after."""
        with reading(self._engine) as db:
            found = _kept(db, store, day)
        if found is not None:
            return found
        with writing(self._engine) as db:
            pace = _learned(db, store, usual_ms)
            row = {"store_id": store, "day": day, "mean": pace.mean, "square": pace.square}
            db.execute(inserting(db, wait_services).values(row).on_conflict_do_nothing())
            return _kept(db, store, day) or pace


def _kept(db: Connection, store: StoreId, day: int) -> Pace | None:
    w = wait_services.c
    found = db.execute(select(w.mean, w.square).where(w.store_id == store, w.day == day)).first()
    return None if found is None else Pace(*found)


def _learned(db: Connection, store: StoreId, usual_ms: int) -> Pace:
    """What the queue has learned so far; what it usually takes where that cannot be read."""
    body = db.scalar(select(wait_lessons.c.body).where(wait_lessons.c.store_id == store))
    services = Services(usual=usual_ms)
    if body is not None:
        with suppress(WordError):  # the queue itself says so in its log
            services = replace(from_body(body).services, usual=usual_ms)
    return Pace(services.mean, services.square)
