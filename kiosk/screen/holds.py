"""What must be held for seconds, so that no passer-by does it: the ways of whoever cares for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.clock import Clock as KivyClock

from kiosk.core.ports import Clock
from kiosk.screen.keys import Key
from shared.moments import Moment

CLEANING_SECONDS = 3.0
PANEL_SECONDS = 5.0
"""Longer: a cloth that rests in a corner is no technician."""


class HoldKey(Key):
    """A target that is not drawn; held for so long, it says so at once, and nothing before."""

    def __init__(self, clock: Clock, seconds: float, held: Callable[[Moment], None]) -> None:
        super().__init__(clock, lambda _began: None)
        self.seconds = seconds
        self._held_so_long = held
        self._waiting: Any = None

    def on_touch_down(self, touch: Any) -> bool:
        """Begin to count, where the finger lands inside."""
        if not super().on_touch_down(touch):
            return False
        self._waiting = KivyClock.schedule_once(lambda _dt: self._over(touch), self.seconds)
        return True

    def on_touch_up(self, touch: Any) -> bool:
        """The finger left too early, or has long been heard."""
        if touch.grab_current is self:
            self._forget()
        return super().on_touch_up(touch)

    def look(self, touched: bool) -> None:
        """A page that leaves the glass lets go of what is held on it."""
        if not touched:
            self._forget()

    def _over(self, touch: Any) -> None:
        self._waiting = None
        if self._ends_well(touch, self.target):
            self._held_so_long(self._clock.now())

    def _forget(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
