"""When something happened, with everything that is needed to believe or to mend it later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from shared.errors import WordError

LATEST_WALL_MS = 4_102_444_800_000
"""2100-01-01T00:00:00Z: a later wall clock is certainly wrong and would break date arithmetic."""

LONGEST_BOOT_MS = 100 * 366 * 86_400_000
"""A hundred years of uptime."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant as a kiosk saw it.

    `wall`: milliseconds since 1970-01-01T00:00:00Z by the kiosk's wall clock, right or wrong.
    `boot`: milliseconds since the kiosk started (CLOCK_BOOTTIME), which never jumps.
    `synced`: whether the wall clock was known to be synchronised just then.
    """

    wall: int
    boot: int
    synced: bool

    def __post_init__(self) -> None:
        if not (0 <= self.wall <= LATEST_WALL_MS and 0 <= self.boot <= LONGEST_BOOT_MS):
            raise WordError(f"no such moment: wall={self.wall} boot={self.boot}")


def check_instant(at: int, what: str) -> int:
    """Return `at` if it is an instant (ms since 1970, UTC) until 2100; raise WordError."""
    if not 0 <= at <= LATEST_WALL_MS:
        raise WordError(f"{what} at {at}")
    return at


@lru_cache(maxsize=4096)  # a day's records have one boot; what raises is not kept
def check_boot_id(text: str) -> str:
    """Return `text` if it is a boot id: 32 lower-case hexadecimal digits; raise WordError."""
    return check_hex(text, 32, "boot id")


def check_hex(text: str, digits: int, what: str) -> str:
    """Return `text` if it is exactly so many lower-case hexadecimal digits; raise WordError."""
    if len(text) != digits or _HEX.fullmatch(text) is None:
        raise WordError(f"{text!r:.80} is no {what}: {digits} lower-case hexadecimal digits")
    return text


_HEX = re.compile("[0-9a-f]+", re.ASCII)
