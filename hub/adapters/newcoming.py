"""Tells a kiosk that is about to join, or just did, everything anew: from now on it verifies.

What the broker kept from before this hub had keys is unsigned, and would be taken for forged.
It goes when the join code is made, so that it is gone before any device has used the code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, or_, select

from hub.adapters.database import reading
from hub.adapters.greeting import Greeting
from hub.adapters.tables import join_codes
from hub.announcer import Announcer
from hub.core.hours import DAY_MS
from shared.places import KioskId, StoreId

OVERLAP_MS: Final = 5 * 60_000
"""So far back each look goes: codes are made by other processes, whose clocks may differ."""


class Newcomers:
    """Its `look` belongs to the thread that greets."""

    def __init__(
        self,
        engine: Engine,
        announcer: Announcer,
        greeting: Greeting,
        again: Callable[[], None],
        now_ms: Callable[[], int],
    ) -> None:
        """`again` lets pending commands be told anew."""
        self._engine, self._announcer, self._greeting = engine, announcer, greeting
        self._again, self._now_ms = again, now_ms
        self._told: frozenset[tuple[str, int | None]] = frozenset()
        self._since: int | None = None  # at the start whoever came while nobody was here

    def look(self) -> None:
        """Look at codes that were made or used lately; raises ArchiveError."""
        now = self._now_ms()
        codes = self._codes(now - DAY_MS if self._since is None else self._since)
        new = {who for code, who in codes.items() if code not in self._told}
        if new:
            self._greeting.greet(sorted(new))
            for who in sorted(new):
                self._announcer.anew(*who)
            self._again()
        self._told, self._since = frozenset(codes), now - OVERLAP_MS

    def _codes(self, since: int) -> dict[tuple[str, int | None], tuple[StoreId, KioskId]]:
        """For whom they are, by code and when it was used: making and using it are two events."""
        c = join_codes.c
        lately = or_(c.made_at >= since, c.used_at >= since)
        query = select(c.code, c.used_at, c.store_id, c.kiosk_id).where(lately)
        with reading(self._engine) as db:
            rows = db.execute(query).all()
        return {(code, used): (StoreId(store), KioskId(kiosk)) for code, used, store, kiosk in rows}
