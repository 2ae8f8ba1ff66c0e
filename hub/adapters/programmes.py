"""What the stores ask, in the hub's database, and what each kiosk is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select, update

from hub.adapters import audit
from hub.adapters.database import reading, writing
from hub.adapters.tables import assignments, hub, kiosks, points, programmes, stores
from hub.core.accounts import Note
from hub.core.ports import Point, Store
from hub.core.programme import Change, OpenHours, for_point, next_serial
from hub.core.tuning import numbered
from shared.errors import NoSuchStore
from shared.notices import KioskSettings, Phone
from shared.places import KioskId, PointId, StoreId
from shared.programme import default_programme
from shared.wire import decode, encode

Phones = Callable[[KioskId], Phone | None]
"""What a kiosk needs to lead shoppers to their own phone; None where there is no such page."""


class SqlProgrammes:
    """The programmes in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine, phone: Phones = lambda _: None) -> None:
        self._engine, self._phone = engine, phone

    def programme(self, store_id: StoreId) -> KioskSettings | None:
        """The programme of a store, with the highest serial; None where it never had one."""
        with reading(self._engine) as db:
            return _programme(db, store_id)

    def add_programme(self, store_id: StoreId, programme: KioskSettings, at: int) -> None:
        """Make this the programme of the store."""
        with writing(self._engine) as db:
            db.execute(insert(programmes).values(_row(store_id, programme, at)))

    def change(
        self,
        store_id: StoreId,
        change: Change,
        at: int,
        note: Note | None = None,
        hours: OpenHours | None = None,
    ) -> int:
        """Let a programme be what `change` makes of the newest, with a higher serial; returns it.

        Nobody else changes it between. What it has to begin with is the default programme. With
        `hours` the store has these from now on.
        """
        with writing(self._engine) as db:
            serial = change_programme(db, store_id, change, at)
            if hours is not None:
                opens, closes = hours
                these = update(stores).where(stores.c.store_id == store_id)
                db.execute(these.values(opens=opens, closes=closes))
            if note is not None:
                audit.append(db, note)
        return serial

    def serials(self) -> Iterable[tuple[StoreId, KioskId, int]]:
        """Every kiosk that stands somewhere, with the serial of its current settings."""
        newest = newest_serials().subquery()
        query = (
            select(kiosks.c.store_id, kiosks.c.kiosk_id, newest.c.serial)
            .join(newest, newest.c.store_id == kiosks.c.store_id)
            .join(assignments, stands_now())
            .where(kiosks.c.retired_at.is_(None))
        )
        with reading(self._engine) as db:
            return [(StoreId(store), KioskId(kiosk), n) for store, kiosk, n in db.execute(query)]

    def settings_of(self, store_id: StoreId) -> Mapping[KioskId, KioskSettings]:
        """The current settings of each kiosk of a store."""
        query = (
            select(kiosks.c.kiosk_id, points, stores.c.name.label("store_name"), *_HOURS)
            .join(assignments, stands_now())
            .join(points, _same_point())
            .join(stores, stores.c.store_id == kiosks.c.store_id)
            .where(kiosks.c.store_id == store_id, kiosks.c.retired_at.is_(None))
        )
        with reading(self._engine) as db:
            programme = _programme(db, store_id)
            if programme is None:
                return {}
            rows = db.execute(query).all()
        return {KioskId(row.kiosk_id): self._told(programme, row) for row in rows}

    def _told(self, programme: KioskSettings, row: Row[Any]) -> KioskSettings:
        name = StoreId(row.store_id)
        point = Point(name, PointId(row.point_id), row.name, row.kind, row.position)
        store = Store(name, row.store_name, row.zone, row.opens, row.closes)
        return for_point(programme, store, point, self._phone(KioskId(row.kiosk_id)))


def change_programme(db: Connection, store_id: StoreId, change: Change, at: int) -> int:
    """The same in the caller's transaction; others that change this store's wait until it ends."""
    held = select(stores.c.store_id).where(stores.c.store_id == store_id).with_for_update()
    if db.execute(held).first() is None:
        raise NoSuchStore(f"there is no store {store_id!r:.50}")
    last = _programme(db, store_id)
    serial = next_serial(None if last is None else last.serial, at)
    before = last or default_programme(serial)
    changed = replace(change(before), serial=serial)
    if (changed.question, changed.reasons) != (before.question, before.reasons):
        generation = db.execute(select(hub.c.generation)).scalar_one()
        changed = numbered(before, changed, generation)
    db.execute(insert(programmes).values(_row(store_id, changed, at)))
    return serial


def renew_programmes(db: Connection, at: int) -> None:
    """After a restore: a higher serial than all that kiosks were told since the backup."""
    for (store_id,) in db.execute(select(programmes.c.store_id).distinct()).all():
        change_programme(db, StoreId(store_id), lambda programme: programme, at)


def _row(store_id: StoreId, programme: KioskSettings, at: int) -> dict[str, Any]:
    asked = programme.questionnaire
    return {
        "store_id": store_id,
        "serial": programme.serial,
        "body": encode(programme).decode(),
        "made_at": at,
        "questionnaire": None if asked is None else asked.id,
        "questionnaire_version": None if asked is None else asked.version,
    }


def _programme(db: Connection, store_id: StoreId) -> KioskSettings | None:
    query = (
        select(programmes.c.body)
        .where(programmes.c.store_id == store_id)
        .order_by(programmes.c.serial.desc())
        .limit(1)
    )
    body = db.execute(query).scalar_one_or_none()
    return None if body is None else decode(KioskSettings, body.encode())


_HOURS = (stores.c.zone, stores.c.opens, stores.c.closes)


def newest_serials() -> Select[tuple[str, int]]:
    """The serial of each store's programme."""
    serial = func.max(programmes.c.serial).label("serial")
    return select(programmes.c.store_id, serial).group_by(programmes.c.store_id)


def stands_now() -> Any:
    """Joins a kiosk to the assignment in force."""
    same = (assignments.c.store_id == kiosks.c.store_id) & (
        assignments.c.kiosk_id == kiosks.c.kiosk_id
    )
    return same & assignments.c.until.is_(None)


def _same_point() -> Any:
    return (points.c.store_id == kiosks.c.store_id) & (points.c.point_id == assignments.c.point_id)
