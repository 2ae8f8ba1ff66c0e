"""What kiosks said about themselves, in the hub's database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    delete,
    func,
    select,
    tuple_,
)

from hub.adapters.ailments import sick
from hub.adapters.awaiting import awaited
from hub.adapters.database import inserting, reading, writing
from hub.adapters.histories import note_events
from hub.adapters.programmes import stands_now
from hub.adapters.tables import (
    assignments,
    connections,
    healths,
    kiosks,
    ledgers,
    silences,
    statuses,
)
from hub.core.ailing import Sick
from hub.core.awaiting import Awaited
from hub.core.fleet import NOTHING, FleetView, HeardHealth, KioskKey, LastWord, Memory, Remainder
from hub.core.histories import Happening
from hub.core.silence import Silence
from shared.health import Health
from shared.notices import Presence, Status
from shared.places import KioskId, PointId, StoreId
from shared.wire import decode, encode

MOST_EPOCHS = 32
"""Epochs whose connection numbers are kept per kiosk: a card is changed a few times in its life."""

_AT_ONCE = 400
"""Kiosks named in one statement: two parameters each, and SQLite once allowed 999."""


class SqlFleet:
    """The fleet in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ── statuses ─────────────────────────────────────────────────────────────────────────────

    def kiosks(self) -> Collection[KioskKey]:
        """All kiosks that are enrolled and not retired."""
        return self._keys(kiosks.c.retired_at.is_(None))

    def retired(self) -> Collection[KioskKey]:
        """All kiosks that took part once."""
        return self._keys(kiosks.c.retired_at.is_not(None))

    def _keys(self, which: ColumnElement[bool]) -> list[KioskKey]:
        query = select(kiosks.c.store_id, kiosks.c.kiosk_id).where(which)
        with reading(self._engine) as db:
            return [KioskKey(StoreId(store), KioskId(kiosk)) for store, kiosk in db.execute(query)]

    def memories(self, who: Collection[KioskKey]) -> dict[KioskKey, Memory]:
        """What these said before; those that never spoke are left out."""
        last: dict[KioskKey, LastWord] = {}
        numbers: dict[KioskKey, dict[str, int]] = {}
        with reading(self._engine) as db:
            for some in _in_parts(who):
                for row in db.execute(select(statuses).where(_these(statuses, some))):
                    last[_key(row)] = LastWord(_status(row.body), row.seen_at)
                for row in db.execute(select(connections).where(_these(connections, some))):
                    numbers.setdefault(_key(row), {})[row.epoch] = row.connection
        return {kiosk: Memory(last.get(kiosk), of) for kiosk, of in numbers.items()}

    def remember(
        self,
        words: Mapping[KioskKey, LastWord],
        happened: Mapping[KioskKey, Sequence[Happening]] = NOTHING,
    ) -> None:
        """Keep these as the last words, and what they say that happened, in one transaction."""
        with writing(self._engine) as db:
            for who, word in words.items():
                _keep_status(db, who, word)
                _keep_connection(db, who, word)
            note_events(db, happened)

    def keep_health(self, words: Mapping[KioskKey, HeardHealth]) -> None:
        """Keep how these devices are; what says the same again keeps the time of the first."""
        before = self._healths(words.keys())
        with writing(self._engine) as db:
            for who, (health, at, retained) in words.items():
                body = encode(health).decode()
                if retained and before.get(who) == body:
                    continue
                seen = min(at, health.at) if retained else at
                key = {"store_id": who.store_id, "kiosk_id": who.kiosk_id}
                _upsert(db, healths, key, {"seen_at": seen, "body": body})

    def _healths(self, who: Collection[KioskKey]) -> dict[KioskKey, str]:
        with reading(self._engine) as db:
            rows = (
                row
                for some in _in_parts(who)
                for row in db.execute(select(healths).where(_these(healths, some)))
            )
            return {_key(row): row.body for row in rows}

    def remainder(self, kiosk: KioskId) -> Remainder | None:
        """What it may still hold, by its last word and its ledger; None where it never spoke."""
        of, said = ledgers.c, statuses.c
        same = (of.store_id == said.store_id) & (of.kiosk_id == said.kiosk_id)
        query = (
            select(said.body, said.seen_at, of.held)
            .select_from(statuses.outerjoin(ledgers, same & (of.epoch == said.epoch)))
            .where(said.kiosk_id == kiosk)
            .order_by(said.seen_at.desc())
            .limit(1)
        )
        with reading(self._engine) as db:
            row = db.execute(query).first()
        if row is None:
            return None
        status = _status(row.body)
        settled = max(row.held or 0, status.held_from - 1)
        unsent = max(0, status.held_to - settled)
        return Remainder(unsent, status.presence, row.seen_at, status.alarms)

    # ── what is shown ────────────────────────────────────────────────────────────────────────

    def views(self, stores: Collection[StoreId] | None = None) -> Sequence[FleetView]:
        """All kiosks (of these stores), by store and name; retired ones are left out."""
        query = _views()
        if stores is not None:
            query = query.where(kiosks.c.store_id.in_(stores))
        with reading(self._engine) as db:
            ill = sick(db, stores)
            return [_view(row, ill.get(_key(row), ())) for row in db.execute(query)]

    def awaited(self, stores: Collection[StoreId] | None, now: int) -> Sequence[Awaited]:
        """Which points (of these stores) should have a kiosk, and have none that was let in."""
        return awaited(self._engine, stores, now)

    def online(self) -> int:
        """How many say that they are online."""
        query = (
            select(func.count())
            .select_from(statuses.join(kiosks, _same_kiosk(statuses)))
            .where(statuses.c.presence == Presence.ONLINE.value, kiosks.c.retired_at.is_(None))
        )
        with reading(self._engine) as db:
            return db.execute(query).scalar_one()


def _keep_status(db: Connection, who: KioskKey, word: LastWord) -> None:
    values = {
        "epoch": word.status.epoch,
        "connection": word.status.connection,
        "presence": word.status.presence.value,
        "seen_at": word.seen_at,
        "body": encode(word.status).decode(),
    }
    _upsert(db, statuses, {"store_id": who.store_id, "kiosk_id": who.kiosk_id}, values)


def _keep_connection(db: Connection, who: KioskKey, word: LastWord) -> None:
    key = {"store_id": who.store_id, "kiosk_id": who.kiosk_id, "epoch": word.status.epoch}
    values = {"connection": word.status.connection, "seen_at": word.seen_at}
    _upsert(db, connections, key, values)
    ours = (connections.c.store_id == who.store_id) & (connections.c.kiosk_id == who.kiosk_id)
    newest = (
        select(connections.c.epoch)
        .where(ours)
        .order_by(connections.c.seen_at.desc(), connections.c.epoch)
        .limit(MOST_EPOCHS)
    )
    db.execute(delete(connections).where(ours, connections.c.epoch.not_in(newest)))


def _upsert(db: Connection, table: Any, key: dict[str, Any], values: dict[str, Any]) -> None:
    statement = inserting(db, table).values(key | values)
    db.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _in_parts(who: Collection[KioskKey]) -> Iterable[list[KioskKey]]:
    ordered = sorted(who)
    return (ordered[at : at + _AT_ONCE] for at in range(0, len(ordered), _AT_ONCE))


def _these(table: Any, who: Sequence[KioskKey]) -> Any:
    return tuple_(table.c.store_id, table.c.kiosk_id).in_(who)


def _key(row: Row[Any]) -> KioskKey:
    return KioskKey(StoreId(row.store_id), KioskId(row.kiosk_id))


def _status(body: str) -> Status:
    return decode(Status, body.encode())


def _same_kiosk(table: Any) -> Any:
    return (table.c.store_id == kiosks.c.store_id) & (table.c.kiosk_id == kiosks.c.kiosk_id)


def _views() -> Select[Any]:
    of = ledgers.c
    sums = (
        select(
            of.store_id,
            of.kiosk_id,
            func.sum(of.held).label("held"),
            func.sum(of.lost).label("lost"),
            func.sum(of.refused).label("refused"),
            func.max(of.last_at).label("last_at"),
        )
        .group_by(of.store_id, of.kiosk_id)
        .subquery()
    )
    here = (silences.c.store_id == kiosks.c.store_id) & (
        silences.c.point_id == assignments.c.point_id
    )
    return (
        select(
            kiosks.c.store_id,
            kiosks.c.kiosk_id,
            assignments.c.point_id,
            statuses.c.body,
            statuses.c.seen_at,
            healths.c.body.label("health"),
            healths.c.seen_at.label("health_at"),
            *(sums.c[name] for name in ("held", "lost", "refused", "last_at")),
            *(silences.c[name] for name in ("sales", "expected", "touched_at", "told_at")),
        )
        .outerjoin(assignments, stands_now())
        .outerjoin(silences, here)
        .outerjoin(statuses, _same_kiosk(statuses))
        .outerjoin(healths, _same_kiosk(healths))
        .outerjoin(sums, _same_kiosk(sums))
        .where(kiosks.c.retired_at.is_(None))
        .order_by(kiosks.c.store_id, kiosks.c.kiosk_id)
    )


def _view(row: Row[Any], ill: Sequence[Sick]) -> FleetView:
    status = None if row.body is None else _status(row.body)
    seen = [at for at in (row.seen_at, row.last_at) if at is not None]
    return FleetView(
        store_id=StoreId(row.store_id),
        kiosk_id=KioskId(row.kiosk_id),
        point_id=None if row.point_id is None else PointId(row.point_id),
        presence=None if status is None else status.presence,
        last_seen=max(seen, default=None),
        version=None if status is None else status.version,
        unsent=None if status is None else status.unsent,
        held=int(row.held or 0),  # PostgreSQL sums bigints to a decimal
        lost=int(row.lost or 0),
        refused=int(row.refused or 0),
        alarms=() if status is None else status.alarms,
        synced=None if status is None else status.synced,
        settings_serial=None if status is None else status.settings_serial,
        silence=_silence(row),
        health=None if row.health is None else decode(Health, row.health.encode()),
        health_at=row.health_at,
        ailments=tuple(one for one in ill if one.told_at is not None),
    )


def _silence(row: Row[Any]) -> Silence | None:
    if row.told_at is None:
        return None
    return Silence(row.sales, row.expected, row.touched_at, row.told_at)
