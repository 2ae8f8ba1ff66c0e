"""How long to wait before trying again."""

from __future__ import annotations

from collections.abc import Callable


def full_jitter(
    failures: int, draw: Callable[[], float], *, first: float = 0.5, longest: float = 10.0
) -> float:
    """Seconds to wait after so many failures in a row: anywhere from nothing to a rising cap.

    `draw` gives numbers from 0 to 1; the whole range is used so that many programs that lost the
    same broker come back spread out instead of together.
    """
    # 2**16 lies far above any cap in use: beyond it the power only grows, and would overflow
    cap = min(longest, first * 2.0 ** min(max(failures - 1, 0), 16))
    return cap * draw()
