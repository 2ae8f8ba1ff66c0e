"""Reads the tallies for the reports, from SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Row,
    Table,
    and_,
    bindparam,
    cast,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from hub.adapters.database import reading, writing
from hub.adapters.tables import (
    points,
    reason_tallies,
    steps,
    store_tallies,
    stores,
    tallies,
)
from hub.core.figures import DayHour, Days, Span, StoreTally
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.core.steps import DayCounts, PointHour, ReasonCount, Step, pack, unpack
from hub.core.tallying import COLUMNS
from shared.places import PointId, StoreId
from shared.visits import Face


class SqlFigures:
    """The port `Figures` on a database; each question is one short reading transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def stores(self) -> Sequence[Store]:
        columns = [stores.c[name] for name in ("store_id", "name", "zone", "opens", "closes")]
        with reading(self._engine) as db:
            return [Store(*row) for row in db.execute(select(*columns).order_by(stores.c.store_id))]

    def points(self, store_id: StoreId) -> Sequence[Point]:
        columns = [points.c[name] for name in ("store_id", "point_id", "name", "kind", "position")]
        query = select(*columns).where(points.c.store_id == store_id)
        with reading(self._engine) as db:
            return [
                Point(*row) for row in db.execute(query.order_by(points.c.position, columns[1]))
            ]

    def day_counts(self, store_id: StoreId, day: int, span: Span) -> DayCounts:
        with reading(self._engine) as db:
            rows = tuple(_point_hours(db, store_id, span))
            return DayCounts(day, span.start, rows, tuple(_reasons(db, store_id, span)))

    def point_hours(self, store_id: StoreId, span: Span) -> Sequence[PointHour]:
        with reading(self._engine) as db:
            return _point_hours(db, store_id, span)

    def point_totals(self, store_id: StoreId, span: Span) -> dict[PointId, Tally]:
        point = tallies.c.point_id
        query = select(point, *_sums(tallies)).where(_within(tallies, store_id, span))
        with reading(self._engine) as db:
            return {row[0]: _tally(row, 1) for row in db.execute(query.group_by(point)).all()}

    def hour_totals(self, store_id: StoreId, span: Span) -> dict[int, Tally]:
        hour = tallies.c.hour
        query = select(hour, *_sums(tallies)).where(_within(tallies, store_id, span))
        with reading(self._engine) as db:
            found = db.execute(query.group_by(hour).order_by(hour)).all()
            return {row[0]: _tally(row, 1) for row in found}

    def day_hours(
        self, store_id: StoreId, days: Days, only: Collection[int] | None = None
    ) -> Sequence[DayHour]:
        table = store_tallies.c
        query = select(table.day, table.hour_of_day, *_counts(store_tallies))
        query = query.where(table.store_id == store_id, _of_days(days))
        if only is not None:
            query = query.where(table.day.in_(bindparam("only", expanding=True)))
            query = query.params(only=list(only))
        with reading(self._engine) as db:
            found = db.execute(query.order_by(table.day, table.hour_of_day)).all()
            return [DayHour(store_id, row[0], row[1], _tally(row, 2)) for row in found]

    def hours_of_day(self, days: Days) -> Sequence[StoreTally]:
        return self._by_store(days, store_tallies.c.hour_of_day)

    def days(self, days: Days, stores: Collection[StoreId] | None = None) -> Sequence[StoreTally]:
        return self._by_store(days, store_tallies.c.day, stores)

    def store_totals(self, days: Days) -> dict[StoreId, Tally]:
        store = store_tallies.c.store_id
        query = select(store, *_sums(store_tallies)).where(_of_days(days)).group_by(store)
        with reading(self._engine) as db:
            return {row[0]: _tally(row, 1) for row in db.execute(query)}

    def reason_totals(
        self, store_id: StoreId, spans: Sequence[Span]
    ) -> dict[tuple[Face, str], int]:
        table = reason_tallies.c
        query = select(table.face, table.reason, _sum(table.answers))
        query = query.where(or_(False, *(_within(reason_tallies, store_id, s) for s in spans)))
        with reading(self._engine) as db:
            found = db.execute(query.group_by(table.face, table.reason))
            return {(Face(face), reason): answers for face, reason, answers in found}

    def step(self, store_id: StoreId, day: int) -> Step | None:
        query = select(steps.c.made_at, steps.c.body)
        query = query.where(steps.c.store_id == store_id, steps.c.day == day)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return None if row is None else unpack(day, row.made_at, row.body)

    def keep_step(self, store_id: StoreId, before: Step | None, after: Step) -> bool:
        kept = {"made_at": after.made_at, "body": pack(after)}
        try:
            with writing(self._engine) as db:
                if before is None:
                    row = {"store_id": store_id, "day": after.day, **kept}
                    db.execute(insert(steps).values(row))
                    return True
                same = and_(
                    steps.c.store_id == store_id,
                    steps.c.day == after.day,
                    steps.c.body == pack(before),
                )
                return db.execute(update(steps).where(same).values(kept)).rowcount == 1
        except IntegrityError:
            return False  # another process made the first step of this day

    def _by_store(
        self, days: Days, key: ColumnElement[int], only: Collection[StoreId] | None = None
    ) -> Sequence[StoreTally]:
        store = store_tallies.c.store_id
        query = select(store, key, *_sums(store_tallies)).where(_of_days(days))
        if only is not None:
            query = query.where(store.in_(bindparam("only", expanding=True)))
            query = query.params(only=list(only))
        with reading(self._engine) as db:
            found = db.execute(query.group_by(store, key).order_by(store, key)).all()
            return [StoreTally(row[0], row[1], _tally(row, 2)) for row in found]


def _point_hours(db: Connection, store_id: StoreId, span: Span) -> list[PointHour]:
    table = tallies.c
    query = select(table.point_id, table.hour, *_counts(tallies))
    query = query.where(_within(tallies, store_id, span)).order_by(table.hour, table.point_id)
    return [PointHour(row[0], row[1], _tally(row, 2)) for row in db.execute(query).all()]


def _reasons(db: Connection, store_id: StoreId, span: Span) -> list[ReasonCount]:
    table = reason_tallies.c
    keys = (table.hour, table.face, table.reason)
    query = select(*keys, _sum(table.answers)).where(_within(reason_tallies, store_id, span))
    found = db.execute(query.group_by(*keys).order_by(*keys))
    return [ReasonCount(hour, Face(face), reason, n) for hour, face, reason, n in found if n]


def _within(table: Table, store_id: StoreId, span: Span) -> ColumnElement[bool]:
    hour = table.c.hour
    within = and_(table.c.store_id == store_id, hour >= span.start, hour < span.end)
    return within if not span.strays else and_(within, hour.not_in(span.strays))


def _of_days(days: Days) -> ColumnElement[bool]:
    return store_tallies.c.day.between(days.first, days.last)


def _counts(table: Table) -> list[ColumnElement[int]]:
    return [table.c[name] for name in COLUMNS]


def _sum(count: ColumnElement[int]) -> ColumnElement[int]:
    # PostgreSQL sums whole numbers to decimals, which would spread through every figure.
    return cast(func.sum(count), BigInteger)


def _sums(table: Table) -> list[ColumnElement[int]]:
    return [_sum(table.c[name]) for name in COLUMNS]


def _tally(row: Row[Any], first: int) -> Tally:
    return Tally(*row[first:])
