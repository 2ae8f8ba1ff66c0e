"""The hub's durable memory: one transaction for intake, and who stands where."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby

from sqlalchemy import Engine, insert, select, update

from hub.adapters import tables as t
from hub.adapters.database import reading, writing
from hub.adapters.enrolling import assign, enrol, find_store, retire
from hub.adapters.page import SqlPage
from hub.adapters.statements import statements_for
from hub.core.hours import find_zone
from hub.core.ports import Kiosk, Page, Point, Store
from shared.errors import EnrolmentError
from shared.places import KioskId, PointId, StoreId, point_id, store_id


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
            find_store(db, point.store_id)
            if db.execute(update(t.points).where(key).values(values)).rowcount == 0:
                names = {"store_id": point.store_id, "point_id": point.point_id}
                db.execute(insert(t.points).values(names | values))

    def enrol_kiosk(self, kiosk: KioskId, store: StoreId, at: int) -> None:
        """Make it known; the same again does nothing; raises EnrolmentError if of another store."""
        with writing(self._engine) as db:
            enrol(db, kiosk, store, at)

    def retire_kiosk(self, kiosk: KioskId, at: int) -> None:
        """Take no more from it; raises EnrolmentError where it is not enrolled."""
        with writing(self._engine) as db:
            retire(db, kiosk, at)

    def assign(self, kiosk: KioskId, point: PointId, since: int) -> None:
        """Say where it stands from now on; raises EnrolmentError where either is unknown."""
        with writing(self._engine) as db:
            assign(db, kiosk, point, since)

    def stores(self) -> Sequence[Store]:
        """All stores, by name."""
        c = t.stores.c
        query = select(c.store_id, c.name, c.zone, c.opens, c.closes).order_by(c.name, c.store_id)
        with reading(self._engine) as db:
            return [Store(*row) for row in db.execute(query)]

    def points(self, store: StoreId) -> Sequence[Point]:
        """The points of a store, as they stand."""
        return self.points_of([store]).get(store, [])

    def points_of(self, stores: Collection[StoreId]) -> Mapping[StoreId, Sequence[Point]]:
        """The points of each of these stores, as they stand; without those that have none."""
        c = t.points.c
        query = select(c.store_id, c.point_id, c.name, c.kind, c.position)
        ordered = query.where(c.store_id.in_(stores)).order_by(c.store_id, c.position, c.point_id)
        with reading(self._engine) as db:
            points = [Point(*row) for row in db.execute(ordered)]
        return {store: list(theirs) for store, theirs in groupby(points, lambda one: one.store_id)}

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
