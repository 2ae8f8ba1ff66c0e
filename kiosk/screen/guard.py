"""Stands before every page: what is no finger is kept out of them, and is an alarm."""

from __future__ import annotations

from typing import Any, Final

import structlog
from kivy.clock import Clock as KivyClock

from kiosk.core.palms import Palms, Restless, Told
from kiosk.core.ports import Clock, Trouble

log = structlog.get_logger(__name__)

TROUBLE: Final = "touch"
"""Something lies on the glass, or its panel tells touches that nobody makes."""


class Guard:
    """Listens to the window before its widgets do; in the main thread alone."""

    def __init__(self, clock: Clock, trouble: Trouble) -> None:
        self._palms = Palms()
        self._clock = clock
        self._trouble = trouble
        self._waiting: Any = None

    def attach(self, window: Any) -> None:
        """Stand before this window."""
        window.bind(on_touch_down=self._down, on_touch_up=self._up)

    def detach(self, window: Any) -> None:
        """Let everything through again."""
        window.unbind(on_touch_down=self._down, on_touch_up=self._up)
        self._forget()

    def _down(self, _window: Any, touch: Any) -> bool:
        counts, told = self._palms.down(touch.uid, self._now())
        self._tell(told)
        return not counts  # True keeps it from every page

    def _up(self, _window: Any, touch: Any) -> bool:
        self._tell(self._palms.up(touch.uid, self._now()))
        return False  # whoever took it must hear that it has left

    def _idle(self, _dt: float) -> None:
        self._tell(self._palms.idle(self._now()))

    def _tell(self, told: list[Told]) -> None:
        for one in told:
            restless = isinstance(one, Restless)
            log.error("glass_restless") if restless else log.warning("glass_calm")
            self._trouble(TROUBLE if restless else None)
        self._wait()

    def _forget(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _wait(self) -> None:
        self._forget()
        due = self._palms.wakes_at
        if due is not None:
            seconds = max(0.05, (due - self._now()) / 1_000)
            self._waiting = KivyClock.schedule_once(self._idle, seconds)

    def _now(self) -> int:
        return self._clock.now().boot
