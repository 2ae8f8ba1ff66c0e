"""Commands to kiosks in the hub's database: the row is the truth, the broker only carries it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, insert, or_, select, update

from hub.adapters.audit import append
from hub.adapters.database import reading, writing
from hub.adapters.histories import note_events
from hub.adapters.tables import commands
from hub.core.accounts import Note
from hub.core.fleet import KioskKey
from hub.core.histories import Happening, Kind
from hub.core.ordering import BEGUN, GRACE_MS, LATE, Sent
from shared.commands import Answer, Command, Order
from shared.places import KioskId, StoreId

_OPEN = or_(commands.c.outcome.is_(None), commands.c.outcome == BEGUN)

_AT_ONCE = 500
"""Ids named in one statement; SQLite once allowed 999."""


class SqlOrders:
    """Port `OrderBook` in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def order(self, sent: Sequence[Sent], note: Note) -> None:
        """Keep them, with a line in each kiosk's history and one in the audit log, at once."""
        happened = {
            one.who: [Happening(one.made_at, Kind.COMMAND, f"{one.command.order} · {one.user}")]
            for one in sent
        }
        with writing(self._engine) as db:
            db.execute(insert(commands), [_row(one) for one in sent])
            note_events(db, happened)
            append(db, note)

    def pending(self, now: int) -> Mapping[KioskKey, Command]:
        """The oldest of each kiosk that is neither answered nor late."""
        c = commands.c
        query = select(commands).where(_OPEN, c.until >= now).order_by(c.made_at.desc(), c.command)
        with reading(self._engine) as db:
            found = [_sent(row) for row in db.execute(query)]
        return {one.who: one.command for one in found}  # of two the later word: the older command

    def ended(self, since: int) -> Collection[KioskKey]:
        """Whose commands ended since then: the broker may still keep one."""
        c = commands.c
        query = select(c.store_id, c.kiosk_id).where(c.until >= since).distinct()
        with reading(self._engine) as db:
            return [KioskKey(StoreId(store), KioskId(kiosk)) for store, kiosk in db.execute(query)]

    def answered(self, answers: Mapping[KioskKey, Sequence[Answer]], at: int) -> int:
        """Note what became of them; of what is unknown nothing, once each; returns how many."""
        with reading(self._engine) as db:
            news = {who: some for who, said in answers.items() if (some := _news(db, who, said))}
        if not news:
            return 0  # kiosks say their last answers every hour
        with writing(self._engine) as db:
            for who, some in news.items():
                note_events(db, {who: _note(db, who, some, at)})
        return sum(map(len, news.values()))

    def expire(self, now: int) -> int:
        """Let those that nobody answered in time be late; returns how many."""
        late = _OPEN & (commands.c.until < now - GRACE_MS)
        with reading(self._engine) as db:
            old = [_sent(row) for row in db.execute(select(commands).where(late))]
        if not old:
            return 0
        with writing(self._engine) as db:
            db.execute(update(commands).where(late).values(outcome=LATE, answered_at=now))
            for one in old:
                told = Happening(now, Kind.ANSWERED, f"{one.command.order}: {LATE}")
                note_events(db, {one.who: [told]})
        return len(old)

    def outcomes(self, ids: Collection[str]) -> Mapping[str, str | None]:
        """What became of these."""
        c, ordered = commands.c, sorted(ids)
        found: dict[str, str | None] = {}
        with reading(self._engine) as db:
            for at in range(0, len(ordered), _AT_ONCE):
                some = c.command.in_(ordered[at : at + _AT_ONCE])
                rows = db.execute(select(c.command, c.outcome).where(some))
                found.update({row.command: row.outcome for row in rows})
        return found

    def of_kiosk(self, store: StoreId, kiosk: KioskId, most: int) -> Sequence[Sent]:
        """The last ones of a kiosk, newest first."""
        c = commands.c
        query = select(commands).where(c.store_id == store, c.kiosk_id == kiosk)
        with reading(self._engine) as db:
            rows = db.execute(query.order_by(c.made_at.desc(), c.command).limit(most))
            return [_sent(row) for row in rows]


def _news(db: Connection, who: KioskKey, said: Sequence[Answer]) -> list[tuple[str, Answer]]:
    """What of these answers is new, with its order. One that came after all counts more than that
    it was late."""
    c = commands.c
    waiting = or_(_OPEN, c.outcome == LATE)
    query = select(c.command, c.order, c.outcome).where(_of(who), waiting)
    asked = query.where(c.command.in_([one.id for one in said]))
    known = {row.command: row for row in db.execute(asked)}
    return [
        (known[one.id].order, one)
        for one in said
        if one.id in known and known[one.id].outcome != one.outcome
    ]


def _note(
    db: Connection, who: KioskKey, news: Sequence[tuple[str, Answer]], at: int
) -> list[Happening]:
    for _, one in news:
        values = {"outcome": one.outcome, "answered_at": at}
        db.execute(update(commands).where(_of(who), commands.c.command == one.id).values(values))
    ended = [(order, one) for order, one in news if one.outcome != BEGUN]
    return [Happening(at, Kind.ANSWERED, f"{order}: {one.outcome}") for order, one in ended]


def _of(who: KioskKey) -> ColumnElement[bool]:
    return (commands.c.store_id == who.store_id) & (commands.c.kiosk_id == who.kiosk_id)


def _row(one: Sent) -> dict[str, Any]:
    return {
        "store_id": one.store_id,
        "kiosk_id": one.kiosk_id,
        "command": one.command.id,
        "order": one.command.order.value,
        "version": one.command.version,
        "user": one.user,
        "made_at": one.made_at,
        "until": one.command.until,
    }


def _sent(row: Row[Any]) -> Sent:
    return Sent(
        StoreId(row.store_id),
        KioskId(row.kiosk_id),
        Command(row.command, Order(row.order), row.until, row.version),
        row.user,
        row.made_at,
        row.outcome,
        row.answered_at,
    )
