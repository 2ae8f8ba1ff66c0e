"""How long to wait before the next attempt: full jitter, so that nobody knocks in step."""

from __future__ import annotations

FIRST_MS = 500
"""A broker or a database that only restarted is back within seconds."""

LONGEST_MS = 3_000
"""For a program that knocks alone, as the hub does; a fleet waits longer. No more, for a kiosk that
leaves its silent line while the hub still waits begins a wait of its own: 10 s on loopback, and the
two together shall stay under 15 s."""

_DOUBLINGS = 40
"""Beyond every bound; it keeps the power of two small however long the outage lasts."""


def wait_ms(
    failures: int, chance: float, *, first: int = FIRST_MS, longest: int = LONGEST_MS
) -> int:
    """Milliseconds to wait after the nth failure in a row: uniform in 0 … min(longest, first·2ⁿ⁻¹).

    `chance` is a random number in [0, 1), passed in because nothing here throws dice. The whole
    range is used: with a part of it the programs would come back together.
    """
    return int(chance * min(longest, first << min(max(failures - 1, 0), _DOUBLINGS)))
