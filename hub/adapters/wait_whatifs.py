"""What the simulation of a day is made from, and what it said, in the hub's database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Engine, delete, func, select

from hub.adapters import tables as t
from hub.adapters.database import inserting, reading, writing
from hub.core.waiting.facts import LineId
from hub.core.waiting.joining import LONGEST_MS
from hub.core.waiting.windows import Opening, Wait, WhatIf, Why, Window
from shared.places import PointId, StoreId

MOST: Final = 20_000
"""Rows that are read of a window: a line with more is one that nobody should believe."""


class SqlWhatIfs:
    """The book of windows in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def waits(self, store: StoreId, line: LineId, since: int, until: int) -> Sequence[Wait]:
        """Who joined from one instant to another, in order."""
        w = t.waits.c
        joined = w.at - w.waited
        query = select(joined, w.waited).where(
            w.store_id == store,
            w.at >= since,
            w.at < until + LONGEST_MS,
            w.line_id == line,
            joined >= since,
            joined < until,
        )
        with reading(self._engine) as db:
            return sorted(Wait(*row) for row in db.execute(query.limit(MOST)))

    def openings(
        self, store: StoreId, points: Sequence[PointId], since: int, until: int
    ) -> Sequence[Opening]:
        """How registers stood at an instant, and what changed up to another, in order."""
        found, o = list[Opening](), t.openings.c
        with reading(self._engine) as db:
            for point in points:
                ours = (o.store_id == store) & (o.point_id == point)
                query = select(o.at, o.open).where(ours)
                stood = query.where(o.at <= since).order_by(o.at.desc()).limit(1)
                for _, is_open in db.execute(stood):
                    found.append(Opening(since, point, is_open))
                later = query.where(o.at > since, o.at < until).limit(MOST)
                found += [Opening(at, point, is_open) for at, is_open in db.execute(later)]
        return sorted(found)

    def sales(self, store: StoreId, points: Sequence[PointId], since: int, until: int) -> int:
        """How many were sold to in the hours that begin in this time."""
        y = t.tallies.c
        query = select(func.sum(y.sales)).where(
            y.store_id == store, y.hour >= since, y.hour < until, y.point_id.in_(list(points))
        )
        with reading(self._engine) as db:
            return int(db.scalar(query) or 0)

    def found(self, store: StoreId, since_day: int) -> Sequence[WhatIf]:
        """The windows that were worked out, latest first."""
        w = t.wait_whatifs.c
        query = select(
            w.line_id, w.day, w.begins, w.ends, w.shoppers, w.observed, w.after, w.why, w.worst
        )
        query = query.where(w.store_id == store, w.day >= since_day)
        with reading(self._engine) as db:
            return [
                WhatIf(
                    Window(LineId(line), day, begins, ends),
                    n,
                    observed,
                    after,
                    Why(why),
                    bool(worst),
                )
                for line, day, begins, ends, n, observed, after, why, worst in db.execute(
                    query.order_by(w.begins.desc(), w.ends, w.line_id)
                )
            ]

    def keep(self, store: StoreId, whatif: WhatIf) -> None:
        """Write a window down."""
        window = whatif.window
        key = {
            "store_id": store,
            "line_id": window.line_id,
            "begins": window.begins,
            "ends": window.ends,
        }
        said = {
            "day": window.day,
            "worst": int(whatif.worst),
            "shoppers": whatif.shoppers,
            "observed": whatif.observed,
            "after": whatif.after,
            "why": whatif.why.value,
        }
        with writing(self._engine) as db:
            put = inserting(db, t.wait_whatifs).values(key | said)
            db.execute(put.on_conflict_do_update(index_elements=list(key), set_=said))

    def forget(self, before_day: int) -> None:
        """Forget windows of earlier days."""
        with writing(self._engine) as db:
            db.execute(delete(t.wait_whatifs).where(t.wait_whatifs.c.day < before_day))
