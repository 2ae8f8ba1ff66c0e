"""When the hub is told how this device is: now and then, at once where there is news, never in a
flood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

EVERY_MS: Final = 60_000
"""A processor warms up in minutes; to look costs a millisecond."""

LEAST_MS: Final = 1_000
"""Between two looks, whatever is asked for: a thousand orders a second make one report of the last
of them, and who waits for one beside a kiosk does not feel it."""


@dataclass(frozen=True, slots=True)
class Looks:
    """When it was looked last, and whether somebody asked since; times are boot time, ms."""

    looked_at: int | None = None
    asked: bool = False

    def ask(self) -> Looks:
        """Something is to be told now."""
        return replace(self, asked=True)

    def looked(self, now: int) -> Looks:
        """A look begins; who asks from now on has not been heard."""
        return Looks(now)

    def wait_ms(self, now: int) -> int:
        """So long until the next look, where nobody asks meanwhile."""
        if self.looked_at is None:
            return 0
        pause = LEAST_MS if self.asked else EVERY_MS
        return max(0, self.looked_at + pause - now)
