"""The PIN before the panel: what was typed, and how long nobody may type after a wrong one."""

from __future__ import annotations

from kiosk.core.panel_pages import Key, PinPad
from kiosk.core.passcode import LONGEST, Throttle, opens
from shared.moments import Moment


class Gate:
    """One PIN. The wait after a wrong one goes on whatever becomes of the page."""

    def __init__(self, pin: str, throttle: Throttle = Throttle()) -> None:  # noqa: B008 - frozen
        """`pin` is the hash of it; `throttle` is what a restart left of earlier tries."""
        self._pin = pin
        self._typed = ""
        self._wrong = False
        self._throttle = throttle

    @property
    def failures(self) -> int:
        """How often it was wrong since it was right."""
        return self._throttle.failures

    def leave(self) -> None:
        """Forget what was typed, and nothing else."""
        self._typed, self._wrong = "", False

    def is_waiting(self, at: Moment) -> bool:
        """Whether nobody may type yet."""
        return self._throttle.wait_ms(at.boot) > 0

    def key(self, key: str, at: Moment) -> bool:
        """A key of the pad was touched; whether that opened the panel."""
        if self.is_waiting(at):
            return False
        self._wrong = False
        if key == Key.OK:
            return bool(self._typed) and self._enter(at)
        if key == Key.RUB_OUT:
            self._typed = self._typed[:-1]
        elif len(key) == 1 and key in "0123456789":
            self._typed = (self._typed + key)[:LONGEST]
        return False

    def page(self, language: str, kiosk_id: str, at: Moment) -> PinPad:
        """How the pad looks."""
        wait = -(-self._throttle.wait_ms(at.boot) // 1_000)
        return PinPad(language, kiosk_id, len(self._typed), self._wrong, wait)

    def _enter(self, at: Moment) -> bool:
        typed, self._typed = self._typed, ""
        if opens(self._pin, typed):
            self._throttle = Throttle()
            return True
        self._throttle, self._wrong = self._throttle.failed(at.boot), True
        return False
