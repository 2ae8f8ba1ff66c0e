"""Alerts of stores' lines that another system is to be told of, in the hub's database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    and_,
    case,
    func,
    or_,
    select,
    update,
)

from hub.adapters.database import reading, writing
from hub.adapters.layouts import layout_of
from hub.adapters.tables import layouts, notices
from hub.adapters.tables import wait_alerts as alerts
from hub.core.waiting.facts import LineId
from hub.core.waiting.layout import Hook
from hub.core.waiting.outward import GIVEN_UP_MS, AlertKey, Errand, Event, pause_ms
from shared.places import StoreId

MOST: Final = 200
"""Errands looked at together; a store has a handful."""

HELD_MS: Final = 150_000
"""What a line tells is kept every minute: what is older is no longer what it tells."""

_HAS_HOOK: Final = '"hook":{'
"""As a layout is written that has one; in a name, quotes are written otherwise."""


class SqlAlerts:
    """Reads alerts, and notes who was told; in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def due(self, now: int) -> Sequence[Errand]:
        """What is to be told now: what was never tried first, then the oldest."""
        a = alerts.c
        query = (
            select(*a, layouts.c.body, case((_raising(now), 1), else_=0).label("raising"))
            .join(layouts, layouts.c.store_id == a.store_id)
            .where(or_(_raising(now), _clearing(now)), _may_be_tried(now))
            .where(layouts.c.body.contains(_HAS_HOOK, autoescape=True))
            .order_by(a.attempts, func.coalesce(a.until, a.since))
            .limit(MOST)
        )
        with reading(self._engine) as db:
            rows = db.execute(query).all()
            hooks = {row.store_id: layout_of(row.body).hook for row in rows}
            return [_errand(db, row, hook) for row in rows if (hook := hooks[row.store_id])]

    def claim(self, errand: Errand, now: int) -> bool:
        """Whether this process is to try it: of several that would, one is."""
        values = {"attempts": errand.attempts + 1, "again_at": now + pause_ms(errand.attempts + 1)}
        same = alerts.c.attempts == errand.attempts
        mine = update(alerts).where(_is(errand.key), same, _may_be_tried(now), _untold(errand))
        with writing(self._engine) as db:
            return db.execute(mine.values(values)).rowcount == 1

    def told(self, errand: Errand, now: int) -> None:
        """It was taken: what is next of this alert begins anew."""
        values: dict[str, Any] = {_TOLD[errand.event]: now, "attempts": 0, "again_at": None}
        with writing(self._engine) as db:
            db.execute(update(alerts).where(_is(errand.key), _untold(errand)).values(values))


_TOLD: Final = {Event.RAISED: "raising_told_at", Event.CLEARED: "clearing_told_at"}


def _raising(now: int) -> ColumnElement[bool]:
    return and_(alerts.c.raising_told_at.is_(None), alerts.c.since > now - GIVEN_UP_MS)


def _clearing(now: int) -> ColumnElement[bool]:
    """Told only after the raising was, or was given up."""
    a = alerts.c
    first = or_(a.raising_told_at.is_not(None), a.since <= now - GIVEN_UP_MS)
    return and_(a.clearing_told_at.is_(None), a.until > now - GIVEN_UP_MS, first)


def _may_be_tried(now: int) -> ColumnElement[bool]:
    return or_(alerts.c.again_at.is_(None), alerts.c.again_at <= now)


def _untold(errand: Errand) -> ColumnElement[bool]:
    return alerts.c[_TOLD[errand.event]].is_(None)


def _is(key: AlertKey) -> ColumnElement[bool]:
    a = alerts.c
    return and_(
        a.store_id == key.store_id,
        a.line_id == key.line_id,
        a.kind == key.kind,
        a.since == key.since,
    )


def _errand(db: Connection, row: Any, hook: Hook) -> Errand:
    key = AlertKey(StoreId(row.store_id), LineId(row.line_id), row.kind, row.since)
    event = Event.RAISED if row.raising else Event.CLEARED
    at = row.since if row.raising else row.until
    minutes = _minutes(db, key, at)
    return Errand(key, event, row.until, row.registers, minutes, row.attempts, hook)


def _minutes(db: Connection, key: AlertKey, at: int) -> int | None:
    """What the line told just then."""
    n = notices.c
    query = select(n.minutes).where(n.store_id == key.store_id, n.line_id == key.line_id)
    within = query.where(n.at <= at, n.at > at - HELD_MS)
    return db.scalar(within.order_by(n.at.desc()).limit(1))
