"""Who can have the glass instead of the shoppers, and what a sale is told meanwhile."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, Protocol

from kiosk.core.effects import Effect
from kiosk.core.events import Event

GOES_ON_MS: Final = 10_000
"""Whoever touched the questionnaire this short a time ago is still there, reading or thinking."""

BUSY: Final = "busy"
"""Nobody could be asked: another shopper was answering the questionnaire."""

CLEANING: Final = "cleaning"
"""Nobody could be asked: the glass was being wiped."""

PANEL: Final = "panel"
"""Nobody could be asked: a technician was at work."""


class Turn(IntEnum):
    """The columns of the table."""

    SHOPPERS = 0
    WALK = 1
    WIPING = 2
    ASLEEP = 3
    PANEL = 4


class Guest(Protocol):
    """Whoever has the glass for a while instead of the shoppers."""

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""

    @property
    def deadline(self) -> int | None:
        """The boot time at which it wants to be woken."""

    def handle(self, event: Event) -> list[Effect]:
        """What is to be done about this event."""
