"""What was told of each store's days, in SQLite or PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from hub.adapters.database import inserting, reading, writing
from hub.adapters.summing import counts_of, sums_of, tally_of
from hub.adapters.tables import releases, restores, steps
from hub.core.figures import By, Change, Days, Key
from hub.core.releasing import NOBODY, Entry, Kind
from hub.core.satisfaction import Tally
from hub.core.steps import Step, pack, unpack
from hub.core.tallying import COLUMNS
from shared.places import StoreId


class SqlReleases:
    """The part of the port `Figures` that tells; each question is one short transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._restored_at: int | None = None

    def told(self, store_id: StoreId, kind: Kind, days: Days) -> Sequence[Entry]:
        table = releases.c
        keys = (table.day, table.point_id, table.hour, table.hour_of_day)
        query = select(*keys, *counts_of(releases))
        query = query.where(table.store_id == store_id, _among(kind, days))
        with reading(self._engine) as db:
            found = db.execute(query.order_by(table.day, table.hour, table.point_id)).all()
            return [Entry(kind, row[0], row[1], row[2], row[3], tally_of(row, 4)) for row in found]

    def told_sums(
        self, stores: Collection[StoreId], parts: Sequence[tuple[Kind, Days]], by: By
    ) -> Mapping[tuple[StoreId, Key], Tally]:
        store, key = releases.c.store_id, _KEYS[by]
        query = select(store, key, *sums_of(releases)).where(
            store.in_(bindparam("stores", expanding=True)),
            or_(false(), *(_among(kind, days) for kind, days in parts)),
        )
        with reading(self._engine) as db:
            found = db.execute(query.group_by(store, key), {"stores": list(stores)}).all()
            return {(row[0], row[1]): tally_of(row, 2) for row in found}

    def step(self, store_id: StoreId, day: int) -> Step | None:
        query = select(steps.c.made_at, steps.c.body)
        query = query.where(steps.c.store_id == store_id, steps.c.day == day)
        with reading(self._engine) as db:
            row = db.execute(query).one_or_none()
        return None if row is None else unpack(day, row.made_at, row.body)

    def released_until(self) -> Mapping[StoreId, int]:
        query = select(steps.c.store_id, func.max(steps.c.day)).where(steps.c.over)
        with reading(self._engine) as db:
            found = db.execute(query.group_by(steps.c.store_id)).all()
            return {row[0]: row[1] for row in found}

    def released_days(self, since: int) -> Mapping[tuple[StoreId, int], int]:
        query = select(steps.c.store_id, steps.c.day, steps.c.known)
        with reading(self._engine) as db:
            found = db.execute(query.where(steps.c.over, steps.c.day >= since))
            return {(store, day): known for store, day, known in found}

    def restored_at(self) -> int:
        if self._restored_at is None:  # once: whoever restores is alone with the database
            with reading(self._engine) as db:
                found = db.execute(select(func.max(restores.c.at))).scalar_one()
            self._restored_at = found or 0
        return self._restored_at

    def keep_steps(
        self, store_id: StoreId, changes: Sequence[Change], entries: Sequence[Entry] = ()
    ) -> bool:
        try:
            with writing(self._engine) as db:
                for change in changes:
                    if not _replaced(db, store_id, change):
                        raise _OvertakenError
                _add(db, store_id, entries)
                return True
        except (IntegrityError, _OvertakenError):
            return False  # another process was first

    def forget_steps(self, store_id: StoreId, before: int) -> None:
        with writing(self._engine) as db:
            old = and_(steps.c.store_id == store_id, steps.c.day < before)
            db.execute(delete(steps).where(old))


class _OvertakenError(Exception):
    """A step is not any more what it was."""


_KEYS: Mapping[By, ColumnElement[Any]] = {
    By.STORE: literal(0),
    By.DAY: releases.c.day,
    By.HOUR_OF_DAY: releases.c.hour_of_day,
    By.POINT: releases.c.point_id,
}


def _among(kind: Kind, days: Days) -> ColumnElement[bool]:
    table = releases.c
    return and_(table.kind == kind.value, table.day.between(days.first, days.last))


def _replaced(db: Connection, store_id: StoreId, change: Change) -> bool:
    before, after = change
    kept = {"made_at": after.made_at, "body": pack(after), "over": after.over}
    kept["known"] = after.known
    if before is None:
        db.execute(insert(steps).values(store_id=store_id, day=after.day, **kept))
        return True
    same = and_(
        steps.c.store_id == store_id, steps.c.day == after.day, steps.c.body == pack(before)
    )
    return db.execute(update(steps).where(same).values(kept)).rowcount == 1


def _add(db: Connection, store_id: StoreId, entries: Sequence[Entry]) -> None:
    if not entries:
        return
    put = inserting(db, releases)
    table, keys = releases.c, [column.name for column in releases.primary_key]
    more = {name: table[name] + put.excluded[name] for name in COLUMNS}
    rows = [
        {
            "kind": entry.kind.value,
            "store_id": store_id,
            "day": entry.day,
            "point_id": entry.point_id or NOBODY,
            "hour": entry.hour,
            "hour_of_day": entry.hour_of_day,
            **dict(zip(COLUMNS, entry.tally.counts, strict=True)),
        }
        for entry in entries
    ]
    db.execute(put.on_conflict_do_update(index_elements=keys, set_=more), rows)
