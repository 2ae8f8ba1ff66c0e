"""What was restored when, and what came of it, in the hub's database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from hub.adapters.database import reading
from hub.adapters.programmes import renew_programmes
from hub.adapters.questionnaires import renumber_drafts
from hub.adapters.tables import (
    hub,
    kiosks,
    ledgers,
    losses,
    restored_ledgers,
    restores,
    sessions,
    statuses,
)
from hub.core.ports import LedgerKey
from hub.core.responses import PRODUCER
from hub.core.restoring import Contents, Epoch, Restored, Story, story_of
from shared.notices import Status
from shared.places import StoreId
from shared.wire import decode


def note_restore(db: Connection, done: Restored, generation: int, at: int) -> None:
    """Make this database another life of its hub; whoever was signed in is so no more."""
    db.execute(update(hub).values(generation=generation))
    db.execute(delete(sessions))
    renumber_drafts(db, generation)
    renew_programmes(db, at)
    newest = done.contents.newest
    db.execute(insert(restores).values(generation=generation, at=at, until=newest))
    held, before = _stands(done.contents), _stands(done.present)
    rows = [
        key._asdict()
        | {"generation": generation, "held": held.get(key, 0), "once": before.get(key, 0)}
        for key in sorted(held.keys() | before.keys())
    ]
    if rows:
        db.execute(insert(restored_ledgers), rows)


def _stands(contents: Contents | None) -> dict[LedgerKey, int]:
    return {} if contents is None else {stand.key: stand.held for stand in contents.stands}


class SqlRestores:
    """The newest restore, and what became of it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def story(self, stores: Collection[StoreId] | None = None) -> Story | None:
        """What became of the newest restore in these stores; None where there was none."""
        with reading(self._engine) as db:
            newest = select(restores).order_by(restores.c.generation.desc()).limit(1)
            row = db.execute(newest).first()
            if row is None:
                return None
            epochs = _epochs(db, row.generation, stores)
            return story_of(row.at, row.until, epochs, _unheard(db, row.at, stores))


def _epochs(db: Connection, generation: int, stores: Collection[StoreId] | None) -> list[Epoch]:
    r = restored_ledgers.c
    restored: dict[LedgerKey, tuple[int, int]] = {
        LedgerKey(*row[:3]): (row[3], row[4])
        for row in db.execute(
            select(r.store_id, r.kiosk_id, r.epoch, r.held, r.once).where(
                r.generation == generation
            )
        )
    }
    said = _said(db)
    now, lost = _ledgers(db)
    every = {key: restored.get(key, (0, 0)) for key in restored.keys() | said.keys()}
    return [
        _own(then, once)
        if key.kiosk_id == PRODUCER
        else Epoch(then, max(once, said.get(key, 0)), now.get(key, 0), lost.get(key, ()))
        for key, (then, once) in every.items()
        if stores is None or key.store_id in stores
    ]


def _own(then: int, once: int) -> Epoch:
    """What came from phones after the backup is gone: nobody else ever held it."""
    return Epoch(then, once, held=once, lost=((then + 1, once),))


def _said(db: Connection) -> dict[LedgerKey, int]:
    """What each kiosk says that was received once, of the epoch that it speaks for."""
    found: dict[LedgerKey, int] = {}
    for row in db.execute(select(statuses.c.store_id, statuses.c.kiosk_id, statuses.c.body)):
        status = decode(Status, row.body.encode())
        if status.again:
            found[LedgerKey(row.store_id, row.kiosk_id, status.epoch)] = status.again
    return found


def _ledgers(
    db: Connection,
) -> tuple[dict[LedgerKey, int], dict[LedgerKey, list[tuple[int, int]]]]:
    c, gone = ledgers.c, losses.c
    held = {
        LedgerKey(*row[:3]): row[3]
        for row in db.execute(select(c.store_id, c.kiosk_id, c.epoch, c.held))
    }
    lost: dict[LedgerKey, list[tuple[int, int]]] = defaultdict(list)
    same = (gone.store_id == c.store_id) & (gone.ledger == c.ledger)
    proved = select(c.store_id, c.kiosk_id, c.epoch, gone.first, gone.last)
    for row in db.execute(proved.join_from(losses, ledgers, same)):
        lost[LedgerKey(*row[:3])].append((row[3], row[4]))
    return held, dict(lost)


def _unheard(db: Connection, since: int, stores: Collection[StoreId] | None) -> int:
    """Kiosks of which nothing was heard since."""
    same = (statuses.c.store_id == kiosks.c.store_id) & (statuses.c.kiosk_id == kiosks.c.kiosk_id)
    silent = func.coalesce(statuses.c.seen_at, 0) < since
    query = select(func.count()).select_from(kiosks.outerjoin(statuses, same))
    if stores is not None:
        query = query.where(kiosks.c.store_id.in_(stores))
    return db.execute(query.where(kiosks.c.retired_at.is_(None), silent)).scalar_one()
