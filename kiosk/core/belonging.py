"""When a kiosk that is not let in asks the hub itself whether it is still that kiosk."""

from __future__ import annotations

from typing import Final

from kiosk.core.reach import Reach
from shared.moments import Moment

PATIENCE_MS: Final = 1_800_000
"""A router, a broker or a hub that begins anew is back by then."""

AGAIN_MS: Final = 6 * 3_600_000
"""The hub renews twenty times a day at most, and a store's line may be away for weeks."""

OUT: Final = ("revoked", "replaced", "retired")
"""The hub's words by which a device is a kiosk no more, until it joins anew."""


def wants_to_ask(reach: Reach, began: int, asked: int | None, now: Moment) -> bool:
    """Whether it is time to, given when it began and last asked (ms of the boot clock)."""
    if reach.joined:
        return False
    away = began if reach.since is None else reach.since.boot
    quiet = asked is None or now.boot - asked >= AGAIN_MS
    return quiet and now.boot - away >= PATIENCE_MS
