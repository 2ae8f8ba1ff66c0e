"""How stores lay out their lines, in the hub's database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, delete, insert, select

from hub.adapters import audit
from hub.adapters.database import reading, writing
from hub.adapters.tables import layouts, stores
from hub.core.accounts import Note
from hub.core.waiting.layout import Layout
from shared.errors import EditedMeanwhile, NoSuchStore
from shared.places import StoreId
from shared.soundness import Fault

_WORDS: Final = TypeAdapter(Layout)


class SqlLayouts:
    """The layouts in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def layout(self, store: StoreId) -> Layout | None:
        """The layout of a store; None where it tells no waits."""
        with reading(self._engine) as db:
            body = db.scalar(select(layouts.c.body).where(layouts.c.store_id == store))
        return None if body is None else layout_of(body)

    def layouts(self) -> Iterable[tuple[StoreId, Layout]]:
        """The layout of every store that has one."""
        query = select(layouts.c.store_id, layouts.c.body).order_by(layouts.c.store_id)
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        return [(StoreId(store), layout_of(body)) for store, body in rows]

    def serials(self) -> Mapping[StoreId, int]:
        """The serial of each layout: whether anything changed is cheap to see."""
        with reading(self._engine) as db:
            rows = db.execute(select(layouts.c.store_id, layouts.c.serial))
            return {StoreId(store): serial for store, serial in rows}

    def lay_out(
        self, store: StoreId, layout: Layout, at: int, note: Note, seen: int | None = None
    ) -> int:
        """Let this be the layout of a store, with the next serial, which is returned.

        `seen` is the serial that was looked at (0: there was none); raises EditedMeanwhile where
        that is not what stands there.
        """
        here = layouts.c.store_id == store
        with writing(self._engine) as db:
            _hold(db, store)
            last = db.scalar(select(layouts.c.serial).where(here)) or 0
            if seen not in (None, last):
                raise EditedMeanwhile([Fault("layout", "was changed by somebody else meanwhile")])
            fresh = replace(layout, serial=last + 1)
            db.execute(delete(layouts).where(here))
            row = {"serial": fresh.serial, "body": _WORDS.dump_json(fresh).decode()}
            row |= {"store_id": store, "changed_at": at, "changed_by": note.user}
            db.execute(insert(layouts).values(row))
            audit.append(db, note)
        return fresh.serial


def layout_of(body: str) -> Layout:
    """A layout, from what is kept of it."""
    return _WORDS.validate_json(body)


def _hold(db: Connection, store: StoreId) -> None:
    """Let others that change this store's layout wait until the transaction ends."""
    held = select(stores.c.store_id).where(stores.c.store_id == store).with_for_update()
    if db.execute(held).first() is None:
        raise NoSuchStore(f"there is no store {store!r:.50}")
