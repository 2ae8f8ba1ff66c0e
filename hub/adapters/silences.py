"""Sales since the last touch of each point, and which points are silent, in the hub's database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Final

from sqlalchemy import Engine, select, update

from hub.adapters.database import reading, writing
from hub.adapters.tables import silences, tallies
from hub.core.silence import Candidate, Hour
from hub.core.tallying import COLUMNS
from shared.places import PointId, StoreId

_TOUCHED: Final = tuple(name for name in COLUMNS if name not in ("sales", "timed_out"))


class SqlSilences:
    """The book of silences in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def candidates(self, least: int) -> Sequence[Candidate]:
        """The points with at least so many sales since their last touch, untold, by store."""
        c = silences.c
        query = select(c.store_id, c.point_id, c.sales)
        query = query.where(c.sales >= least, c.told_at.is_(None))
        with reading(self._engine) as db:
            return [Candidate(*row) for row in db.execute(query.order_by(c.store_id, c.point_id))]

    def hours(self, store_id: StoreId, since: int) -> dict[PointId, list[Hour]]:
        """The trading hours of each point of a store since this instant."""
        c = tallies.c
        touched = reduce(add, (c[name] for name in _TOUCHED))
        query = select(c.point_id, c.hour, c.sales, touched)
        query = query.where(c.store_id == store_id, c.hour >= since).order_by(c.hour)
        found: dict[PointId, list[Hour]] = {}
        with reading(self._engine) as db:
            for point, *hour in db.execute(query):
                found.setdefault(PointId(point), []).append(Hour(*hour))
        return found

    def tell(self, one: Candidate, expected: float, at: int) -> None:
        """Note that it is silent; nothing where somebody has touched it meanwhile."""
        c = silences.c
        still = (c.store_id == one.store_id) & (c.point_id == one.point_id) & (c.sales >= one.sales)
        with writing(self._engine) as db:
            db.execute(update(silences).where(still).values(told_at=at, expected=expected))
