"""A hub that is back greets its kiosks: the receipt of each one's newest ledger is told again.

Kiosks learn so that it lives, and a hub that was restored is owed again what it lacks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Final

import structlog
from sqlalchemy import Engine, literal, select, tuple_

from hub.adapters.database import reading
from hub.adapters.page import SqlPage, read_hub
from hub.adapters.statements import statements_for
from hub.adapters.tables import kiosks, ledgers
from hub.announcer import Announcer
from hub.core.answering import receipt
from hub.core.ledger import Ledger
from hub.core.ports import LedgerKey
from shared.deliveries import Receipt
from shared.places import KioskId, StoreId
from shared.topics import Topic

log = structlog.get_logger(__name__)

AT_ONCE: Final = 200
"""Kiosks greeted in one step of a quarter second: 10,000 in some 12 s, so that what they send again
does not come in one heap."""

_Who = tuple[StoreId, KioskId]
_NOBODY: Final[_Who] = (StoreId(""), KioskId(""))


class Greeting:
    """Begun from the broker's thread; its `step` belongs to one other thread."""

    def __init__(self, engine: Engine, announcer: Announcer, now_ms: Callable[[], int]) -> None:
        self._engine, self._announcer, self._now_ms = engine, announcer, now_ms
        self._statements = statements_for(engine.dialect.name)
        self._begun = threading.Event()
        self._last: _Who | None = None  # who was greeted last; None where all were

    def begin(self) -> None:
        """The broker was reached: greet everybody, from the first; returns at once."""
        self._begun.set()

    def step(self) -> None:
        """Greet the next few, if anybody is left; raises ArchiveError, and then goes on there."""
        if self._begun.is_set():
            self._last = _NOBODY
            self._begun.clear()
        if self._last is None:
            return
        who = self._after(self._last)
        if who:
            self._announcer.greet(self._receipts(who))
            self._announcer.flush()
        self._last = who[-1] if len(who) == AT_ONCE else None

    def greet(self, who: Sequence[_Who]) -> None:
        """Greet these at once, as far as the hub holds anything of theirs; raises ArchiveError."""
        for first in range(0, len(who), AT_ONCE):
            self._announcer.greet(self._receipts(who[first : first + AT_ONCE]))

    def _after(self, last: _Who) -> list[_Who]:
        name = tuple_(kiosks.c.store_id, kiosks.c.kiosk_id)
        wanted = (
            select(kiosks.c.store_id, kiosks.c.kiosk_id)
            .where(kiosks.c.retired_at.is_(None), name > tuple_(*map(literal, last)))
            .order_by(kiosks.c.store_id, kiosks.c.kiosk_id)
            .limit(AT_ONCE)
        )
        with reading(self._engine) as db:
            return [(StoreId(store), KioskId(kiosk)) for store, kiosk in db.execute(wanted)]

    def _receipts(self, who: Sequence[_Who]) -> list[tuple[Topic, Receipt]]:
        c = ledgers.c
        theirs = select(ledgers).where(tuple_(c.store_id, c.kiosk_id).in_(who))
        newest: dict[_Who, tuple[LedgerKey, Ledger]] = {}
        with reading(self._engine) as db:
            for row in db.execute(theirs.order_by(c.last_at, c.ledger)):
                key = LedgerKey(row.store_id, row.kiosk_id, row.epoch)
                ledger = Ledger(row.held, row.chain, row.lost, row.refused)
                newest[key.store_id, key.kiosk_id] = key, ledger
            refusing = [key for key, ledger in newest.values() if ledger.refused]
            refusals = SqlPage(db, self._statements).refusals(refusing)
            hub, at = read_hub(db), self._now_ms()
        return [
            receipt(hub, at, key, ledger, None, refusals.get(key, ()))
            for key, ledger in newest.values()
        ]
