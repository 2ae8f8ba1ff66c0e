"""Reads the tallies for the reports, from SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, or_, select

from hub.adapters.database import reading
from hub.adapters.releases import SqlReleases
from hub.adapters.summing import counts_of, sum_of, tally_of
from hub.adapters.tables import points, reason_tallies, store_tallies, stores, tallies
from hub.core.figures import DayHour, Days, Span
from hub.core.ports import Point, Store
from hub.core.releasing import WEIGHT_OF_HOUR, WEIGHTS
from hub.core.steps import DayCounts, PointHour, ReasonCount
from shared.places import StoreId
from shared.visits import Face


class SqlFigures(SqlReleases):
    """The port `Figures` on a database; each question is one short reading transaction."""

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

    def day_hours(
        self, store_id: StoreId, days: Days, only: Collection[int] | None = None
    ) -> Sequence[DayHour]:
        table = store_tallies.c
        query = select(table.day, table.hour_of_day, *counts_of(store_tallies))
        query = query.where(table.store_id == store_id, _of_days(days))
        if only is not None:
            query = query.where(table.day.in_(bindparam("only", expanding=True)))
            query = query.params(only=list(only))
        with reading(self._engine) as db:
            found = db.execute(query.order_by(table.day, table.hour_of_day)).all()
            return [DayHour(store_id, row[0], row[1], tally_of(row, 2)) for row in found]

    def reason_totals(
        self, store_id: StoreId, spans: Sequence[Span]
    ) -> dict[tuple[Face, str], int]:
        table = reason_tallies.c
        query = select(table.face, table.reason, sum_of(table.answers))
        query = query.where(or_(False, *(_within(reason_tallies, store_id, s) for s in spans)))
        with reading(self._engine) as db:
            found = db.execute(query.group_by(table.face, table.reason))
            return {(Face(face), reason): answers for face, reason, answers in found}

    def counted_days(self, since: int) -> Mapping[tuple[StoreId, int], int]:
        table = store_tallies.c
        weighed = zip(WEIGHTS, counts_of(store_tallies), strict=True)
        mark = sum(weight * count for weight, count in weighed)
        mark = sum_of((1 + WEIGHT_OF_HOUR * table.hour_of_day) * mark)
        query = select(table.store_id, table.day, mark).where(table.day >= since)
        with reading(self._engine) as db:
            found = db.execute(query.group_by(table.store_id, table.day))
            return {(store, day): n for store, day, n in found}


def _point_hours(db: Connection, store_id: StoreId, span: Span) -> list[PointHour]:
    table = tallies.c
    query = select(table.point_id, table.hour, *counts_of(tallies))
    query = query.where(_within(tallies, store_id, span)).order_by(table.hour, table.point_id)
    return [PointHour(row[0], row[1], tally_of(row, 2)) for row in db.execute(query).all()]


def _reasons(db: Connection, store_id: StoreId, span: Span) -> list[ReasonCount]:
    table = reason_tallies.c
    keys = (table.hour, table.face, table.reason, table.answers, table.point_id)
    query = select(*keys).where(_within(reason_tallies, store_id, span)).order_by(*keys)
    found = db.execute(query)
    return [ReasonCount(hour, Face(face), *rest) for hour, face, *rest in found if rest[1]]


def _within(table: Table, store_id: StoreId, span: Span) -> ColumnElement[bool]:
    hour = table.c.hour
    within = and_(table.c.store_id == store_id, hour >= span.start, hour < span.end)
    return within if not span.strays else and_(within, hour.not_in(span.strays))


def _of_days(days: Days) -> ColumnElement[bool]:
    return store_tallies.c.day.between(days.first, days.last)
