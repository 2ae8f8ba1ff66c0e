"""Reads what a hub's database holds, also one of an older schema: only what was always there."""

from __future__ import annotations

from sqlalchemy import Connection, func, inspect, select

from hub.adapters import tables as t
from hub.core.ports import Hub, LedgerKey
from hub.core.restoring import Contents, Stand
from shared.errors import BackupError
from shared.places import KioskId


def read_contents(db: Connection) -> Contents:
    """What it holds; raises BackupError where it is no hub's."""
    if not is_a_hubs(db):
        raise BackupError("it holds no hub")
    hub = db.execute(select(t.hub.c.hub_id, t.hub.c.generation, t.hub.c.made_at)).one()
    c = t.ledgers.c
    rows = db.execute(
        select(c.store_id, c.kiosk_id, c.epoch, c.held).order_by(c.store_id, c.kiosk_id, c.ledger)
    )
    return Contents(
        hub=Hub(hub.hub_id, hub.generation),
        made_at=hub.made_at,
        stores=db.execute(select(func.count()).select_from(t.stores)).scalar_one(),
        records=db.execute(select(func.count()).select_from(t.records)).scalar_one(),
        kiosks=frozenset(KioskId(one) for one in db.execute(select(t.kiosks.c.kiosk_id)).scalars()),
        stands=tuple(Stand(LedgerKey(*row[:3]), row[3]) for row in rows),
        newest=db.execute(select(func.max(c.last_at))).scalar_one(),
    )


def is_a_hubs(db: Connection) -> bool:
    """Whether a hub ever made its tables there."""
    if not inspect(db).has_table(t.hub.name):
        return False
    return db.execute(select(t.hub.c.hub_id)).first() is not None
