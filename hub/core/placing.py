"""Where a kiosk's moment stands on the true time line.

Laws
1. A synchronised, plausible wall clock is believed (SEM-TIM-001).
2. Any other moment is put right by an anchor of its boot: the earliest at or after the moment,
   else the latest before it (SEM-TIM-002).
3. Else its wall clock if plausible, else the hub's time of arrival (SEM-TIM-003).
4. A placing is *settled* when no later anchor can change it, else *doubtful*. Anchors of one boot
   are taken in rising order of the boot clock, as an honest kiosk writes them; so an anchor at or
   after a moment settles it for good.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hub.core.hours import DAY_MS
from shared.moments import Moment

EARLIEST_MS = 1_704_067_200_000
"""2024-01-01T00:00:00Z: before this program was written nothing can have been counted."""

SYNCED_AHEAD_MS = DAY_MS
"""A synchronised clock may be ahead of the hub's: the hub's own may be the wrong one."""

UNSYNCED_AHEAD_MS = 5 * 60_000
"""An unsynchronised clock that is ahead of the hub is wrong; minutes are drift."""


@dataclass(frozen=True, slots=True, order=True)
class Anchorage:
    """At boot time `boot`, true time was `true`; both in milliseconds."""

    boot: int
    true: int


def trusted(moment: Moment, received_at: int) -> bool:
    """Whether the kiosk's own wall clock is believed."""
    return moment.synced and EARLIEST_MS <= moment.wall <= received_at + SYNCED_AHEAD_MS


def place(moment: Moment, anchors: Sequence[Anchorage], received_at: int) -> tuple[int, bool]:
    """The instant (ms since 1970, UTC) of a moment, and whether it is doubtful.

    `anchors` are those of the moment's boot, in rising order of `boot`.
    """
    if trusted(moment, received_at):
        return moment.wall, False
    at = bisect_left(anchors, moment.boot, key=_boot_of)
    if anchors:
        anchor = anchors[min(at, len(anchors) - 1)]
        instant = anchor.true - (anchor.boot - moment.boot)
        if plausible(instant, received_at):
            return instant, at == len(anchors)
    believed = EARLIEST_MS <= moment.wall <= received_at + UNSYNCED_AHEAD_MS
    return (moment.wall if believed else received_at), at == len(anchors)


def plausible(instant: int, received_at: int) -> bool:
    """Whether anything can have happened then: an anchor must not move a visit into 1970."""
    return EARLIEST_MS <= instant <= received_at + SYNCED_AHEAD_MS


def extend(
    anchors: Sequence[Anchorage], more: Iterable[Anchorage], received_at: int
) -> list[Anchorage]:
    """Which of `more`, in the order in which they came, are taken beside a boot's anchors."""
    highest = anchors[-1].boot if anchors else -1
    taken: list[Anchorage] = []
    for anchor in more:
        if anchor.boot > highest and plausible(anchor.true, received_at):
            taken.append(anchor)
            highest = anchor.boot
    return taken


def _boot_of(anchor: Anchorage) -> int:
    return anchor.boot
