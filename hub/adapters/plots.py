"""Every store that tells waits, as the queue knows it; layouts are read only where they changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Engine, Select, select

from hub.adapters import tables as t
from hub.adapters.database import reading
from hub.adapters.layouts import SqlLayouts
from hub.core.waiting.layout import Layout
from hub.core.waiting.posting import Plot, Stand
from shared.places import KioskId, PointId, StoreId


class Plots:
    """The plots in SQLite or PostgreSQL; asked by one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._layouts = engine, SqlLayouts(engine)
        self._known: dict[StoreId, Layout] = {}

    def read(self) -> Collection[Plot]:
        """Every store that has a layout."""
        self._learn()
        if not self._known:
            return []
        stands: dict[str, list[Stand]] = {}
        names: dict[str, dict[PointId, str]] = {}
        with reading(self._engine) as db:
            rows = db.execute(select(t.stores.c.store_id, t.stores.c.zone))
            zones = {StoreId(store): zone for store, zone in rows}
            for store, point, name, kiosk in db.execute(_points()):
                names.setdefault(store, {})[PointId(point)] = name
                if kiosk is not None:
                    stands.setdefault(store, []).append(Stand(KioskId(kiosk), PointId(point)))
        return [
            Plot(store, zones[store], layout, tuple(stands.get(store, ())), names.get(store, {}))
            for store, layout in self._known.items()
        ]

    def _learn(self) -> None:
        serials = self._layouts.serials()
        changed = [
            store
            for store, serial in serials.items()
            if store not in self._known or self._known[store].serial != serial
        ]
        if len(changed) > 1:
            self._known = dict(self._layouts.layouts())
            return
        self._known = {one: layout for one, layout in self._known.items() if one in serials}
        for store in changed:
            layout = self._layouts.layout(store)
            if layout is not None:
                self._known[store] = layout


def _points() -> Select[Any]:
    """Every point of a store that has a layout, with each kiosk that stands there."""
    p, a = t.points.c, t.assignments.c
    stands = (a.store_id == p.store_id) & (a.point_id == p.point_id) & a.until.is_(None)
    return (
        select(p.store_id, p.point_id, p.name, a.kiosk_id)
        .select_from(t.points.outerjoin(t.assignments, stands))
        .where(p.store_id.in_(select(t.layouts.c.store_id)))
        .order_by(p.store_id, p.point_id, a.kiosk_id)
    )
