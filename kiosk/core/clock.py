"""What a kiosk's clock tells: the moment of an earlier instant, and when an anchor is due."""

from __future__ import annotations

from shared.moments import LATEST_WALL_MS, Moment
from shared.records import Anchor, AnchorCause

STEP_MS = 1_000
"""A wall clock that moved by more than this against the boot clock was set, not steered."""

AGREE_MS = 2_000
"""A receipt takes up to a second or two; what differs by more was not said just now."""


def instant(now: Moment, boot: int) -> Moment:
    """The moment of an earlier boot time (ms), seen from now."""
    return Moment(max(0, now.wall - now.boot + boot), boot, now.synced)


class ClockWatch:
    """The clock of one boot, as its moments and the hub's receipts show it.

    True time is a distance from the boot clock, which never jumps. The wall clock is believed
    where it is synchronised, and the hub's time only where it is not. One receipt proves nothing,
    since a broker hands out its last one again hours later: two different ones must agree.
    """

    def __init__(self, boot_id: str) -> None:
        self._boot_id = boot_id
        self._wall: int | None = None  # wall − boot, as last seen
        self._synced: int | None = None  # wall − boot at the last anchor while synchronised
        self._hub: int | None = None  # hub − boot at the last anchor from the hub
        self._told: tuple[int, int] | None = None  # the last receipt: hub time, hub − boot

    def observe(self, moment: Moment) -> Anchor | None:
        """The anchor due at this moment: at the first synchronisation, and after each step."""
        before = self._wall
        distance = self._wall = moment.wall - moment.boot
        if not moment.synced:
            return None
        last, cause = self._synced, AnchorCause.STEPPED
        if last is None:
            cause = AnchorCause.SYNCHRONISED
        elif abs(distance - last) <= STEP_MS:
            return None
        self._synced = distance
        return self._anchor(moment, distance, before, cause)

    def heard(self, hub: int, moment: Moment) -> Anchor | None:
        """The anchor due when a receipt told the hub's time (ms since 1970, UTC)."""
        distance = hub - moment.boot
        told, self._told = self._told, (hub, distance)
        if moment.synced or told is None or told[0] == hub:
            return None
        if abs(distance - told[1]) > AGREE_MS:
            return None
        if self._hub is not None and abs(distance - self._hub) <= AGREE_MS:
            return None
        self._hub = distance
        return self._anchor(moment, distance, moment.wall - moment.boot, AnchorCause.HUB)

    def _anchor(
        self, moment: Moment, distance: int, before: int | None, cause: AnchorCause
    ) -> Anchor | None:
        true = moment.boot + distance
        if not 0 <= true <= LATEST_WALL_MS:
            return None
        wall = moment.boot + (distance if before is None else before)
        return Anchor(self._boot_id, moment.boot, true, min(max(wall, 0), LATEST_WALL_MS), cause)


class TrueTime:
    """The true time for what is shown, asked and put to sleep by the hour; None while unknown.

    As in ClockWatch the hub is believed only where the wall clock is not, and where two of its
    words agree. A boot clock never jumps, so what was known once stays known.
    """

    def __init__(self) -> None:
        self._distance: int | None = None  # true − boot
        self._told: tuple[int, int] | None = None  # the last receipt: hub time, hub − boot

    def observe(self, moment: Moment) -> None:
        """A moment was seen."""
        if moment.synced:
            self._distance = moment.wall - moment.boot

    def heard(self, hub: int, moment: Moment) -> None:
        """A receipt told the hub's time (ms since 1970, UTC)."""
        distance = hub - moment.boot
        told, self._told = self._told, (hub, distance)
        if moment.synced or told is None or told[0] == hub:
            return
        if abs(distance - told[1]) <= AGREE_MS:
            self._distance = distance

    def at(self, moment: Moment) -> int | None:
        """The true time then (ms since 1970, UTC)."""
        if self._distance is None:
            return None
        return min(max(0, self._distance + moment.boot), LATEST_WALL_MS)
