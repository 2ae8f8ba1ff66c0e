"""The hub's durable memory: one transaction for intake, and who stands where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, insert, select, update

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.page import SqlPage
from hub.adapters.statements import statements_for
from hub.core.hours import find_zone
from hub.core.ports import Kiosk, Page, Point, Store
from shared.errors import EnrolmentError
from shared.places import KioskId, PointId, StoreId, kiosk_id, point_id, store_id


class SqlArchive:
    """The archive in SQLite or PostgreSQL; safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements = statements_for(engine.dialect.name)

    @contextmanager
    def page(self) -> Iterator[Page]:
        """One transaction: committed on disk when the block ends, undone when it raises."""
        with writing(self._engine) as db:
            yield SqlPage(db, self._statements)

    # ── enrolment ────────────────────────────────────────────────────────────────────────────

    def add_store(self, store: Store, at: int) -> None:
        """Make or change a store; raises EnrolmentError for another zone: its hours are counted."""
        find_zone(store.zone)
        key = t.stores.c.store_id == store_id(store.store_id)
        values = {
            "name": store.name,
            "zone": store.zone,
            "opens": store.opens,
            "closes": store.closes,
        }
        with writing(self._engine) as db:
            zone = db.execute(select(t.stores.c.zone).where(key)).scalar_one_or_none()
            if zone is None:
                row = values | {"store_id": store.store_id, "made_at": at}
                db.execute(insert(t.stores).values(row))
            elif zone == store.zone:
                db.execute(update(t.stores).where(key).values(values))
            else:
                raise EnrolmentError(f"{store.store_id} is counted by the hours of {zone}")

    def add_point(self, point: Point) -> None:
        """Make or change a point; raises EnrolmentError where there is no such store."""
        c = t.points.c
        key = (c.store_id == point.store_id) & (c.point_id == point_id(point.point_id))
        values = {"name": point.name, "kind": point.kind, "position": point.position}
        with writing(self._engine) as db:
            _find_store(db, point.store_id)
            if db.execute(update(t.points).where(key).values(values)).rowcount == 0:
                names = {"store_id": point.store_id, "point_id": point.point_id}
                db.execute(insert(t.points).values(names | values))

    def enrol_kiosk(self, kiosk: KioskId, store: StoreId, at: int) -> None:
        """Make it known; the same again does nothing; raises EnrolmentError if of another store."""
        kiosk_id(kiosk)
        with writing(self._engine) as db:
            _find_store(db, store)
            if db.scalar(select(t.sensors.c.sensor_id).where(t.sensors.c.sensor_id == kiosk)):
                raise EnrolmentError(f"{kiosk} is a sensor's name", hint="Choose another name.")
            known = db.execute(select(t.kiosks).where(t.kiosks.c.kiosk_id == kiosk)).first()
            if known is None:
                row = {"kiosk_id": kiosk, "store_id": store, "enrolled_at": at}
                db.execute(insert(t.kiosks).values(row))
            elif known.store_id != store or known.retired_at is not None:
                raise EnrolmentError(f"{kiosk} is already enrolled in {known.store_id}, or retired")

    def retire_kiosk(self, kiosk: KioskId, at: int) -> None:
        """Take no more from it; raises EnrolmentError where it is not enrolled."""
        with writing(self._engine) as db:
            store = _find_kiosk(db, kiosk)
            db.execute(update(t.kiosks).where(t.kiosks.c.kiosk_id == kiosk).values(retired_at=at))
            _end_assignment(db, store, kiosk, at)

    def assign(self, kiosk: KioskId, point: PointId, since: int) -> None:
        """Say where it stands from now on; raises EnrolmentError where either is unknown."""
        with writing(self._engine) as db:
            store = _find_kiosk(db, kiosk)
            here = (t.points.c.store_id == store) & (t.points.c.point_id == point)
            if db.execute(select(t.points.c.point_id).where(here)).first() is None:
                raise EnrolmentError(f"{store} has no point {point!r:.50}")
            _end_assignment(db, store, kiosk, since)
            row = {"store_id": store, "kiosk_id": kiosk, "since": since, "point_id": point}
            db.execute(insert(t.assignments).values(row))

    def stores(self) -> Sequence[Store]:
        """All stores, by name."""
        c = t.stores.c
        query = select(c.store_id, c.name, c.zone, c.opens, c.closes).order_by(c.name, c.store_id)
        with reading(self._engine) as db:
            return [Store(*row) for row in db.execute(query)]

    def points(self, store: StoreId) -> Sequence[Point]:
        """The points of a store, as they stand."""
        c = t.points.c
        query = select(c.store_id, c.point_id, c.name, c.kind, c.position)
        with reading(self._engine) as db:
            rows = db.execute(query.where(c.store_id == store).order_by(c.position, c.point_id))
            return [Point(*row) for row in rows]

    def kiosks(self) -> Sequence[Kiosk]:
        """All kiosks, by store and name, with where they stand now."""
        k, a = t.kiosks.c, t.assignments.c
        stands = (a.store_id == k.store_id) & (a.kiosk_id == k.kiosk_id) & a.until.is_(None)
        query = (
            select(k.kiosk_id, k.store_id, k.enrolled_at, a.point_id, k.retired_at)
            .select_from(t.kiosks.outerjoin(t.assignments, stands))
            .order_by(k.store_id, k.kiosk_id)
        )
        with reading(self._engine) as db:
            return [Kiosk(*row) for row in db.execute(query)]


def _find_store(db: Connection, store: StoreId) -> None:
    if db.execute(select(t.stores.c.name).where(t.stores.c.store_id == store)).first() is None:
        raise EnrolmentError(f"there is no store {store!r:.50}")


def _find_kiosk(db: Connection, kiosk: KioskId) -> StoreId:
    ours = (t.kiosks.c.kiosk_id == kiosk) & t.kiosks.c.retired_at.is_(None)
    store = db.execute(select(t.kiosks.c.store_id).where(ours)).scalar_one_or_none()
    if store is None:
        raise EnrolmentError(f"there is no kiosk {kiosk!r:.50}")
    return StoreId(store)


def _end_assignment(db: Connection, store: StoreId, kiosk: KioskId, at: int) -> None:
    """Close what is open; what began at this very instant or later was never true."""
    a = t.assignments.c
    open_one = (a.store_id == store) & (a.kiosk_id == kiosk) & a.until.is_(None)
    db.execute(delete(t.assignments).where(open_one, a.since >= at))
    db.execute(update(t.assignments).where(open_one).values(until=at))
