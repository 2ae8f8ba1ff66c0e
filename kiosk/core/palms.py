"""Is it a finger? A palm, a wet cloth and a glass that chatters touch too: at most once, and told.

Laws of this page
1. Many touches at once, one that does not lift, or more in a moment than a hand can do, are
   nobody's: from then on no touch counts.
2. It is over when the glass has been untouched for QUIET_MS; till then it is an alarm.
3. What began before it was seen may still count: at most one visit comes of it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

MANY = 4
"""Touches at once: two hands of a child may be three fingers, a palm or a wet cloth is more."""

HELD_MS = 10_000
"""Nobody points for ten seconds: what lies there is a bag, a cloth or a drop of water."""

BURST = 10
BURST_MS = 2_000
"""More than ten touches in two seconds: a hurried child drums eight, a broken panel hundreds."""

QUIET_MS = 3_000
"""So long untouched, the glass is itself again; a shopper waits no longer for it."""

_MOST_FINGERS = 64
"""Touches that never lift, as some broken panels tell them: of more only the last are known."""


@dataclass(frozen=True, slots=True)
class Restless:
    """What touches the glass is no finger."""


@dataclass(frozen=True, slots=True)
class Calm:
    """The glass is at rest again."""


Told = Restless | Calm


class Palms:
    """Touches in; whether each counts, and when somebody should look at the glass."""

    def __init__(self) -> None:
        self._down: dict[int, int] = {}  # since when each finger is there
        self._landed: deque[int] = deque(maxlen=BURST + 1)
        self._last = 0
        self.is_restless = False

    @property
    def wakes_at(self) -> int | None:
        """When `idle` should be asked next if nothing else happens."""
        if self._down and not self.is_restless:
            return min(self._down.values()) + HELD_MS
        if self.is_restless:
            # A touch that some panels never lift must not be an alarm for ever.
            return self._last + (HELD_MS if self._down else QUIET_MS)
        return None

    def down(self, finger: int, at: int) -> tuple[bool, list[Told]]:
        """A finger landed: whether it counts, and what it tells."""
        told = self.idle(at)
        self._last = at
        self._landed.append(at)
        self._down.pop(finger, None)
        if len(self._down) >= _MOST_FINGERS:
            self._down.pop(next(iter(self._down)))
        self._down[finger] = at
        if not self.is_restless and (len(self._down) >= MANY or self._is_burst(at)):
            self.is_restless = True
            told.append(Restless())
        return not self.is_restless, told

    def up(self, finger: int, at: int) -> list[Told]:
        """It lifted."""
        told = self.idle(at)
        if self._down.pop(finger, None) is not None:
            self._last = at
        return told

    def idle(self, at: int) -> list[Told]:
        """Nothing more happened until `at`; what that tells."""
        if not self.is_restless:
            if not any(at - since >= HELD_MS for since in self._down.values()):
                return []
            self.is_restless = True
            self._last = at
            return [Restless()]
        due = self.wakes_at
        if due is None or at < due:
            return []
        if self._down:  # still there: look again when it has had as long once more
            self._last = at
            return []
        self.is_restless = False
        self._landed.clear()
        return [Calm()]

    def _is_burst(self, at: int) -> bool:
        return len(self._landed) > BURST and at - self._landed[0] <= BURST_MS
