"""How long a page of the session stands: it may tell before it goes, and be asked to stay."""

from __future__ import annotations

from typing import Final

from kiosk.core.effects import Wake
from kiosk.core.pages import State
from shared.moments import Moment
from shared.notices import KioskSettings

KEEP_MS: Final = 5_000
"""A worn card may stall for seconds; after this the shopper is told rather than left waiting."""

SORRY_MS: Final = 3_000
"""Long enough to read one sentence."""

WARN_MS: Final = 20_000
"""WCAG 2.2.1 asks for twenty seconds between a warning and the end …"""

MOST_TIMES: Final = 10
"""… and for ten times to stay. There is an end: glass that touches itself shall not stand so."""


class Patience:
    """When the page of the moment goes, in boot time; before it is begun it stands for ever."""

    def __init__(self) -> None:
        self.is_warning = False
        self._ends: int | None = None
        self._warns: int | None = None
        self._stands = 0
        self._times = 0

    def begin(self, at: Moment, state: State, settings: KioskSettings) -> Wake:
        """The page stands from now; what stands for a short time warns in its second half."""
        ms = self._stands = patience_ms(state, settings)
        self.is_warning = False
        self._ends = at.boot + ms
        goes = state is State.ASKING and not settings.always_on  # else the same page comes again
        self._warns = self._ends - min(WARN_MS, ms // 2) if goes else None
        return self.wake

    def stay(self, at: Moment, state: State, settings: KioskSettings) -> Wake:
        """Somebody is there: it stands as long again; after so many times it goes all the same."""
        if not self.may_stay:
            return self.wake
        self._times += 1
        return self.begin(at, state, settings)

    def listened(self, until: int) -> bool:
        """It is read to somebody until then, and stands from then on; whether that moved its end.

        Once it tells that it goes, or may not stay any longer, nobody keeps it by listening.
        """
        if self._ends is None or self.is_warning or not self.may_stay:
            return False
        later = until + self._stands - self._ends
        if later <= 0:
            return False
        self._ends += later
        self._warns = None if self._warns is None else self._warns + later
        return True

    @property
    def may_stay(self) -> bool:
        """Whether it can be asked to stay once more."""
        return self._times < MOST_TIMES

    @property
    def wake(self) -> Wake:
        """When it must be looked at next."""
        return Wake(self._ends if self._warns is None else self._warns)

    def is_over(self, at: Moment) -> bool:
        """Whether it goes now."""
        return self._ends is not None and at.boot >= self._ends

    def warns(self, at: Moment) -> bool:
        """Whether it has just come to tell that it will go."""
        if self._warns is None or at.boot < self._warns:
            return False
        self.is_warning, self._warns = True, None
        return True


def patience_ms(state: State, settings: KioskSettings) -> int:
    """After what time without a touch the state ends."""
    if state is State.KEEPING:
        return KEEP_MS
    if state is State.SORRY:
        return SORRY_MS
    seconds = settings.thanks_seconds if state is State.THANKING else settings.ask_seconds
    return seconds * 1_000
