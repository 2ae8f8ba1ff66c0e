"""Who asks too often: so many times in a window of time, and then not until the next window."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_KEYS = 10_000
"""Addresses that are remembered: about 1 MB. Whoever brings more of them begins anew."""


@dataclass(slots=True)
class Throttle:
    """At most `most` times in `window_ms`, for each key."""

    most: int
    window_ms: int
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)  # window and times

    def wait_ms(self, key: str, now: int) -> int:
        """Count one more try; 0 where it may be, else how long to wait."""
        window, times = now // self.window_ms, 0
        if (known := self._counts.get(key)) and known[0] == window:
            times = known[1]
        elif len(self._counts) >= MOST_KEYS:
            self._counts.clear()
        self._counts[key] = window, times + 1
        return 0 if times < self.most else (window + 1) * self.window_ms - now
