"""What needs somebody, from the hub's database."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Final

from sqlalchemy import Engine, func, literal, or_, select

from hub.adapters.database import reading
from hub.adapters.fleet import SqlFleet
from hub.adapters.inspections import SqlInspections
from hub.adapters.restores import SqlRestores
from hub.adapters.tables import held_kiosks, join_codes, quarantine, wait_alerts
from hub.core.hours import DAY_MS
from hub.core.measures import (
    AILING,
    ALARMED,
    CLOCKLESS,
    MISSING,
    RESTORE_AWAITED,
    RESTORE_CAME,
    RESTORE_MISSING,
    RESTORED,
    RIGHTS_BROKEN,
    RIGHTS_TRIED,
    SILENT,
    Meter,
)
from hub.core.troubles import (
    Attention,
    Captives,
    Claimed,
    Inspected,
    Kind,
    Trouble,
    Untold,
    troubles_of,
    troubles_of_broker,
)
from shared.places import StoreId

EVERY_S: Final = 30.0
"""How often the gauges follow: a look at 10,000 kiosks takes some tenths of a second."""

AGAIN_AND_AGAIN: Final = 4
"""Attempts at one alert: 70 s in which a receiver that is only restarted would be back."""


class SqlTroubles:
    """Looks at kiosks, quarantine and restores."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._fleet = engine, SqlFleet(engine)
        self._restores, self._inspections = SqlRestores(engine), SqlInspections(engine)

    def look(self, stores: Collection[StoreId] | None = None) -> Attention:
        """What needs somebody in these stores; None is all, and what strangers sent. What is wrong
        with the broker is wrong for each of them."""
        views = self._fleet.views(stores)
        claimed = self._claimed(stores)
        seen, broker = self._inspected()
        troubles = troubles_of(views, self._captives(stores), self._untold(stores), claimed, broker)
        tried_at = None if seen is None else seen.looked_at
        return Attention(troubles, self._restores.story(stores), tried_at)

    def of_broker(self) -> list[Trouble]:
        """What is wrong with the broker's rights, or not known of them."""
        return self._inspected()[1]

    def _inspected(self) -> tuple[Inspected | None, list[Trouble]]:
        seen = self._inspections.last()
        return seen, troubles_of_broker(seen, time.time_ns() // 1_000_000)

    def _captives(self, stores: Collection[StoreId] | None) -> list[Captives]:
        c = quarantine.c
        query = select(c.store_id, c.kiosk_id, c.code, func.count(), func.max(c.last_at))
        if stores is not None:
            query = query.where(c.store_id.in_(stores))
        with reading(self._engine) as db:
            rows = db.execute(query.group_by(c.store_id, c.kiosk_id, c.code))
            return [Captives(*row) for row in rows]

    def _claimed(self, stores: Collection[StoreId] | None) -> list[Claimed]:
        """Kiosks that are held, and join codes that were tried again in the last week."""
        h, j, since = held_kiosks.c, join_codes.c, time.time_ns() // 1_000_000 - 7 * DAY_MS
        held = select(h.store_id, h.kiosk_id, literal("cloned"), literal(1), h.since)
        again = select(j.store_id, j.kiosk_id, literal("used_again"), j.again, j.again_at)
        again = again.where(j.again_at > since)
        if stores is not None:
            held, again = held.where(h.store_id.in_(stores)), again.where(j.store_id.in_(stores))
        with reading(self._engine) as db:
            return [Claimed(*row) for query in (held, again) for row in db.execute(query)]

    def _untold(self, stores: Collection[StoreId] | None) -> list[Untold]:
        """Alerts of the last day that were tried again and again."""
        c, since = wait_alerts.c, time.time_ns() // 1_000_000 - DAY_MS
        last = func.max(func.coalesce(c.until, c.since))
        query = select(c.store_id, func.count(), last).where(c.attempts >= AGAIN_AND_AGAIN)
        query = query.where(or_(c.since > since, c.until > since))
        if stores is not None:
            query = query.where(c.store_id.in_(stores))
        with reading(self._engine) as db:
            return [Untold(*row) for row in db.execute(query.group_by(c.store_id))]


class TroubleGauges:
    """Puts what needs somebody into the metrics; its `step` belongs to one thread."""

    def __init__(self, troubles: SqlTroubles, meter: Meter) -> None:
        self._troubles, self._meter = troubles, meter
        self._next = 0.0

    def step(self) -> None:
        """Look again, if it is time; raises ArchiveError."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + EVERY_S
        found, meter = self._troubles.look(), self._meter
        alarmed = {one.kiosk_id for one in found.troubles if one.kind is Kind.ALARM}
        meter.set(ALARMED, len(alarmed))
        ailing = {one.kiosk_id for one in found.troubles if one.kind is Kind.DEVICE}
        meter.set(AILING, len(ailing))
        meter.set(SILENT, sum(one.kind is Kind.SILENT for one in found.troubles))
        meter.set(CLOCKLESS, found.count(Kind.CLOCK))
        meter.set(MISSING, found.count(Kind.MISSING))
        broken = [one for one in found.troubles if (one.kind, one.code) == (Kind.BROKER, "open")]
        meter.set(RIGHTS_BROKEN, sum(one.count for one in broken))
        meter.set(RIGHTS_TRIED, (found.tried_at or 0) / 1_000)
        if found.story is not None:
            meter.set(RESTORED, found.story.at / 1_000)
            meter.set(RESTORE_CAME, found.story.came)
            meter.set(RESTORE_MISSING, found.story.missing)
            meter.set(RESTORE_AWAITED, found.story.awaited)
