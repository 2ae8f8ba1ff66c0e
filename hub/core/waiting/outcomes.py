"""How right the notices were: each beside the wait that then happened, where it can be known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from hub.core.waiting.noticing import promised_ms

MINUTE_MS: Final = 60_000

SHORT_MS: Final = 30_000
"""Told too short: they waited longer than told, by more than half a minute."""


class Shown(NamedTuple):
    """From this instant on a line had this notice; None: it was withdrawn."""

    at: int
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Rightness:
    """Of so many shoppers who were told: within a minute, told too short, and told too much.

    Whoever was told “less than 1 min” was told one minute.
    """

    told: int = 0
    within_minute: int = 0
    too_short: int = 0
    over_ms: int = 0
    untold: int = 0

    @property
    def over_minutes(self) -> float | None:
        """The mean over-statement, where there is one."""
        return self.over_ms / MINUTE_MS / self.told if self.told else None

    def __add__(self, other: Rightness) -> Rightness:
        return Rightness(
            self.told + other.told,
            self.within_minute + other.within_minute,
            self.too_short + other.too_short,
            self.over_ms + other.over_ms,
            self.untold + other.untold,
        )


def told_at(shown: Sequence[Shown], joined: int) -> int | None:
    """What somebody who joined then had been told (minutes); `shown` rises in time."""
    place = bisect_right(shown, joined, key=lambda one: one.at) - 1
    return shown[place].minutes if place >= 0 else None


def outcome(minutes: int | None, waited: int) -> Rightness:
    """One shopper who waited so long (ms)."""
    if minutes is None:
        return Rightness(untold=1)
    over = promised_ms(minutes) - waited
    return Rightness(
        told=1,
        within_minute=int(abs(over) <= MINUTE_MS or (minutes == 0 and over >= 0)),
        too_short=int(-over > SHORT_MS),
        over_ms=max(0, over),
    )
