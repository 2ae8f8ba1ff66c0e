"""Alerts to be told, in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace

from hub.core.waiting.outward import Errand, pause_ms


class FakeAlerts:
    """Like the adapter `alerts`, with raisings alone."""

    def __init__(self, *errands: Errand) -> None:
        self.errands = {one.name: one for one in errands}
        self.again_at: dict[str, int] = {}
        self.done: list[str] = []
        self._lock = threading.Lock()

    def due(self, now: int) -> Sequence[Errand]:
        """Those that may be tried."""
        with self._lock:
            return [
                one
                for name, one in self.errands.items()
                if self.again_at.get(name, 0) <= now and name not in self.done
            ]

    def claim(self, errand: Errand, now: int) -> bool:
        """Once for each attempt."""
        with self._lock:
            known = self.errands[errand.name]
            if known.attempts != errand.attempts:
                return False
            self.errands[errand.name] = replace(known, attempts=known.attempts + 1)
            self.again_at[errand.name] = now + pause_ms(known.attempts + 1)
            return True

    def told(self, errand: Errand, _now: int) -> None:
        """Noted."""
        with self._lock:
            self.done.append(errand.name)
