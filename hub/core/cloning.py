"""When two devices are one kiosk: their outboxes take turns.

A kiosk's epoch changes where its card is changed or its outbox damaged, and then never goes back:
somebody may put an old card in again, once. An epoch that comes back twice within a day is alive in
another device.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from hub.core.fleet import KioskKey, Memory
from hub.core.hours import DAY_MS
from shared.notices import Status

TIMES: Final = 2
"""Once a technician puts the old card back; nobody does so twice in a day."""

MOST_KIOSKS: Final = 10_000
"""Remembered at once; nearly always nobody is."""


@dataclass(slots=True)
class Returns:
    """Which kiosks' epochs came back lately."""

    _lately: dict[KioskKey, list[int]] = field(default_factory=dict)

    def cloned(self, who: KioskKey, status: Status, memory: Memory, at: int) -> bool:
        """Whether this status, of one that is believed, shows that two devices are this kiosk."""
        if memory.last is None or memory.last.status.epoch == status.epoch:
            return False
        if status.epoch not in memory.connections:
            return False  # an epoch that never spoke: a new card
        if who not in self._lately and len(self._lately) >= MOST_KIOSKS:
            self._lately.clear()
        lately = [when for when in self._lately.get(who, ()) if at - DAY_MS < when <= at]
        self._lately[who] = [*lately, at][-TIMES:]
        return len(self._lately[who]) >= TIMES
