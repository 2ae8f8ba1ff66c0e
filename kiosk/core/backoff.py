"""How long to wait before the next attempt: full jitter, so that a fleet never knocks in step."""

from __future__ import annotations

FIRST_MS = 1_000
"""A broker that only restarted is back within seconds."""

CAP_MS = 300_000
"""10,000 kiosks then knock 67 times a second on average: a broker that comes back survives it."""

_DOUBLINGS = 40
"""Beyond every cap; it keeps the power of two small however long the outage lasts."""


def wait_ms(failures: int, chance: float, *, first: int = FIRST_MS, cap: int = CAP_MS) -> int:
    """Milliseconds to wait after so many failures in a row: uniform in 0 … min(cap, first·2ⁿ).

    `chance` is a random number in [0, 1), passed in because the core does not throw dice.
    """
    return int(chance * min(cap, first << min(max(failures, 0), _DOUBLINGS)))
