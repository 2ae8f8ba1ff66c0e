"""Diagnostic files of kiosks in the hub's database: the last few of each, for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, Engine, delete, func, select

from hub.adapters import tables as t
from hub.adapters.admitting import standing
from hub.adapters.database import inserting, reading, writing
from hub.core.diagnosing import KEPT_DAYS, MOST_KEPT, Diagnosis
from hub.core.hours import DAY_MS
from hub.core.identity import Old, Place, judge_renewal
from hub.core.ordering import GRACE_MS
from hub.core.refusals import refused
from shared.commands import Order
from shared.places import KioskId, StoreId

_KEY = ("store_id", "kiosk_id", "command")


class SqlDiagnoses:
    """Port `Diagnoses` in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def keep(self, old: Old, command: str, text: str, at: int, latest: int) -> Diagnosis:
        """Keep one, in place of the oldest where there are too many; raises JoinRefused where its
        kiosk may say nothing, or was not asked. `latest` is until when its certificate counts."""
        with writing(self._engine) as db:
            place = _admitted(db, old, at, late=at >= latest)
            if not _is_asked(db, place, command, at):
                raise refused("unasked")
            row = {
                "store_id": place.store_id,
                "kiosk_id": place.kiosk_id,
                "command": command,
                "made_at": at,
                "body": text,
            }
            anew = {"made_at": at, "body": text}
            put = inserting(db, t.diagnoses).values(row)
            db.execute(put.on_conflict_do_update(index_elements=_KEY, set_=anew))
            _cut(db, place)
        return Diagnosis(place.store_id, place.kiosk_id, command, at, len(text))

    def of_kiosk(self, store: StoreId, kiosk: KioskId) -> Sequence[Diagnosis]:
        """What is kept of a kiosk, the newest first."""
        c = t.diagnoses.c
        known = c.store_id, c.kiosk_id, c.command, c.made_at, func.length(c.body)
        query = select(*known).where(c.store_id == store, c.kiosk_id == kiosk)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(c.made_at.desc(), c.command))
            return [Diagnosis(*row) for row in rows]

    def text(self, store: StoreId, kiosk: KioskId, command: str) -> str | None:
        """The file that came because of this command."""
        c = t.diagnoses.c
        query = select(c.body).where(c.store_id == store, c.kiosk_id == kiosk)
        with reading(self._engine) as db:
            return db.scalar(query.where(c.command == command))

    def forget(self, now: int) -> int:
        """Delete what is old; how many."""
        old = t.diagnoses.c.made_at < now - KEPT_DAYS * DAY_MS
        with writing(self._engine) as db:
            return db.execute(delete(t.diagnoses).where(old)).rowcount


def _admitted(db: Connection, old: Old, at: int, *, late: bool) -> Place:
    """Where the kiosk stands; raises JoinRefused where nothing of it is taken."""
    found = replace(standing(db, old, at), lately=0)  # how often it renewed is not the question
    why = judge_renewal(found, late)
    if why is None and old.revoked:
        why = refused("revoked")
    if why is not None:
        raise why
    assert found.place is not None  # noqa: S101 - judged
    return found.place


def _is_asked(db: Connection, place: Place, command: str, at: int) -> bool:
    c = t.commands.c
    query = select(c.command).where(
        c.store_id == place.store_id,
        c.kiosk_id == place.kiosk_id,
        c.command == command,
        c.order == Order.COLLECT.value,
        c.until >= at - GRACE_MS,
    )
    return db.scalar(query) is not None


def _cut(db: Connection, place: Place) -> None:
    c = t.diagnoses.c
    theirs = (c.store_id == place.store_id) & (c.kiosk_id == place.kiosk_id)
    newest = select(c.command).where(theirs).order_by(c.made_at.desc(), c.command)
    kept = list(db.scalars(newest.limit(MOST_KEPT)))
    db.execute(delete(t.diagnoses).where(theirs, c.command.not_in(kept)))
