"""When does a till fall silent? Within a command it does so only where something went wrong."""

from __future__ import annotations

SILENCE_MS = 2_000
"""A till writes a receipt in one go; only a pulled plug, or noise in a length field, stops it."""

TRICKLE = 24
"""Bytes. Less than this within SILENCE_MS is a driver asking for the printer's state (three bytes,
some times a second), no printing: at 1,200 baud, the slowest, 240 bytes would come."""

PAUSE_MS = 250
"""While something is printed, no two pieces of it are this far apart."""


class Silence:
    """Told how many bytes came when, says whether a silence lay before them."""

    def __init__(self, trickle: int = TRICKLE) -> None:
        self._trickle = trickle
        self._heard = -SILENCE_MS - 1  # silence is what was before the first byte
        self._since = 0
        self._count = 0

    def before(self, count: int, at: int) -> bool:
        """Whether the till was silent just before these bytes (none: just now) at `at` (ms)."""
        pause = at - self._heard
        trickled = self._trickled(count, at) and pause > PAUSE_MS
        if count:
            self._heard = at
        return pause > SILENCE_MS or trickled

    def _trickled(self, count: int, at: int) -> bool:
        """Whether a stretch of SILENCE_MS that began with some bytes ends with too few."""
        over = self._count > 0 and at - self._since > SILENCE_MS
        few = self._count <= self._trickle
        if over or self._count == 0:
            self._since, self._count = at, 0
        self._count += count
        return over and few
