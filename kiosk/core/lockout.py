"""Where no sale tells shoppers apart, whoever touches again at once is no other one."""

from __future__ import annotations

from typing import Final

from kiosk.core.events import FaceTouched
from shared.moments import Moment
from shared.notices import KioskSettings

LOCKOUT: Final = "lockout"
"""The code of the visit of whoever touched again within moments of the visit before."""


class Lockout:
    """One span after each visit, in which one touch leaves a record and the others nothing."""

    def __init__(self) -> None:
        self._until = 0
        self._is_told = False

    def begin(self, at: Moment, settings: KioskSettings) -> None:
        """A visit ended."""
        self._until = at.boot + 1_000 * settings.lockout_seconds
        self._is_told = False

    def holds(self, touch: FaceTouched) -> bool:
        """Whether that touch came too soon."""
        return touch.began.boot < self._until

    def is_first(self) -> bool:
        """Whether nobody touched too soon before; asked once for each such touch."""
        first, self._is_told = not self._is_told, True
        return first
