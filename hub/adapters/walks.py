"""Walks on phones, and the secret of their links, in the hub's database."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, delete, select, update

from hub.adapters.database import inserting, reading, writing
from hub.adapters.tables import phone_secrets, walks
from hub.core.ports import WalkKey
from hub.core.responses import Walk
from shared.links import Link, key_of
from shared.places import KioskId, PointId, StoreId
from shared.questionnaires import Answer

AT_ONCE = 100
"""Walks that are ended in one round: each is a transaction."""

_SECRET_BYTES = 32


class SqlWalks:
    """Walks in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, walk: Walk) -> bool:
        """Keep a new one; False where this link was opened before."""
        row = walk.key._asdict() | {
            "store_id": walk.store_id,
            "point_id": walk.link.point_id,
            "questionnaire": walk.link.questionnaire,
            "version": walk.link.version,
            "language": walk.language,
            "secret": walk.secret,
            "begun": walk.begun,
            "seen": walk.seen,
            "answers": json.dumps(walk.answers),
        }
        put = inserting(self._engine, walks).values(row).on_conflict_do_nothing()
        with writing(self._engine) as db:
            return db.execute(put.returning(walks.c.minute)).first() is not None

    def find(self, key: WalkKey) -> Walk | None:
        """The walk that began with this link."""
        with reading(self._engine) as db:
            row = db.execute(select(walks).where(_is(key))).first()
            return None if row is None else _walk(row)

    def keep(self, key: WalkKey, answers: Mapping[str, Answer], seen: int) -> None:
        """Keep what was answered so far; of one that has ended, nothing."""
        open_ = update(walks).where(_is(key), walks.c.done_at.is_(None))
        with writing(self._engine) as db:
            db.execute(open_.values(answers=json.dumps(dict(answers)), seen=seen))

    def idle(self, before: int) -> Sequence[Walk]:
        """Some of those that were last seen before this instant and have not ended."""
        c = walks.c
        old = select(walks).where(c.done_at.is_(None), c.seen < before).order_by(c.seen)
        with reading(self._engine) as db:
            return [_walk(row) for row in db.execute(old.limit(AT_ONCE))]

    def forget(self, minute: int) -> int:
        """Forget the links that were made before this minute; returns how many."""
        with writing(self._engine) as db:
            gone = db.execute(delete(walks).where(walks.c.minute < minute))
            return gone.rowcount


class SqlPhoneKeys:
    """The key with which each kiosk signs its links."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._secret: bytes | None = None

    def key(self, kiosk: KioskId) -> str:
        """The key of one kiosk; the first time ever the hub makes up its secret."""
        if self._secret is None:
            self._secret = self._read() or self._made()
        return key_of(self._secret, kiosk)

    def _read(self) -> bytes | None:
        with reading(self._engine) as db:
            return db.execute(select(phone_secrets.c.secret)).scalar_one_or_none()

    def _made(self) -> bytes:
        row = {"place": 1, "secret": secrets.token_bytes(_SECRET_BYTES)}
        put = inserting(self._engine, phone_secrets).values(row).on_conflict_do_nothing()
        with writing(self._engine) as db:
            db.execute(put)
            return bytes(db.execute(select(phone_secrets.c.secret)).scalar_one())


def _is(key: WalkKey) -> ColumnElement[bool]:
    c = walks.c
    return (c.kiosk_id == key.kiosk_id) & (c.minute == key.minute) & (c.nonce == key.nonce)


def _walk(row: Row[Any]) -> Walk:
    link = Link(
        KioskId(row.kiosk_id),
        PointId(row.point_id),
        row.questionnaire,
        row.version,
        row.minute,
        bytes.fromhex(row.nonce),
    )
    return Walk(
        link=link,
        store_id=StoreId(row.store_id),
        language=row.language,
        secret=row.secret,
        begun=row.begun,
        seen=row.seen,
        answers=json.loads(row.answers),
        done_at=row.done_at,
    )
