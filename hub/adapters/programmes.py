"""What the stores ask, in the hub's database, and what each kiosk is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, insert, select

from hub.adapters.database import reading, writing
from hub.adapters.tables import assignments, kiosks, points, programmes, stores
from hub.core.ports import Point, Store
from hub.core.programme import for_point
from shared.notices import KioskSettings
from shared.places import KioskId, PointId, StoreId
from shared.wire import decode, encode


class SqlProgrammes:
    """The programmes in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def programme(self, store_id: StoreId) -> KioskSettings | None:
        """The programme of a store, with the highest serial; None where it never had one."""
        with reading(self._engine) as db:
            return _programme(db, store_id)

    def add_programme(self, store_id: StoreId, programme: KioskSettings, at: int) -> None:
        """Make this the programme of the store."""
        row = {
            "store_id": store_id,
            "serial": programme.serial,
            "body": encode(programme).decode(),
            "made_at": at,
        }
        with writing(self._engine) as db:
            db.execute(insert(programmes).values(row))

    def serials(self) -> Iterable[tuple[StoreId, KioskId, int]]:
        """Every kiosk that stands somewhere, with the serial of its current settings."""
        newest = _newest_serials().subquery()
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
            select(kiosks.c.kiosk_id, points, stores.c.name.label("store_name"), stores.c.zone)
            .join(assignments, stands_now())
            .join(points, _same_point())
            .join(stores, stores.c.store_id == kiosks.c.store_id)
            .where(kiosks.c.store_id == store_id, kiosks.c.retired_at.is_(None))
        )
        with reading(self._engine) as db:
            programme = _programme(db, store_id)
            if programme is None:
                return {}
            return {KioskId(row.kiosk_id): _told(programme, row) for row in db.execute(query)}


def _told(programme: KioskSettings, row: Row[Any]) -> KioskSettings:
    store = StoreId(row.store_id)
    point = Point(store, PointId(row.point_id), row.name, row.kind, row.position)
    return for_point(programme, Store(store, row.store_name, row.zone), point)


def _programme(db: Connection, store_id: StoreId) -> KioskSettings | None:
    query = (
        select(programmes.c.body)
        .where(programmes.c.store_id == store_id)
        .order_by(programmes.c.serial.desc())
        .limit(1)
    )
    body = db.execute(query).scalar_one_or_none()
    return None if body is None else decode(KioskSettings, body.encode())


def _newest_serials() -> Select[tuple[str, int]]:
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
