"""The glass is being wiped: for a minute no touch counts, and the page says how long still."""

from __future__ import annotations

from typing import Final

from kiosk.core.effects import Cleaning, Effect, Show
from kiosk.core.events import Event, Woke
from shared.moments import Moment

WIPE_MS: Final = 60_000
"""A glass is wiped in half of it."""


class Wiping:
    """One wipe; it ends by its time alone, because every touch may be the cloth's."""

    def __init__(self, language: str, at: Moment) -> None:
        self._language = language
        self._ends = at.boot + WIPE_MS
        self.is_open = True
        self.deadline: int | None = at.boot

    def begin(self, at: Moment) -> list[Effect]:
        """Say how long it lasts."""
        return self._count(at)

    def handle(self, event: Event) -> list[Effect]:
        """Time goes on; nothing else does."""
        return self._count(event.at) if isinstance(event, Woke) else []

    def _count(self, at: Moment) -> list[Effect]:
        left = -(-(self._ends - at.boot) // 1_000)
        if left <= 0:
            self.is_open, self.deadline = False, None
            return []
        self.deadline = self._ends - (left - 1) * 1_000
        return [Show(Cleaning(self._language, left))]
