"""Which lane is quickest, told only where that is sure, and never to everybody at once.

Displays that send all to one lane make the lanes swing (Dong, Yom-Tov and Yom-Tov 2019, Management
Science 65(5)). So a lane is named for as many shoppers as even out half of the difference; then
nothing is named until those who went there were counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

from hub.core.waiting.estimates import Estimate
from hub.core.waiting.facts import LineId

SURE: Final = 1.0
"""Lanes differ where their means do by more than so many standard deviations of the difference."""

LEAST_MS: Final = 60_000
"""Nobody changes lanes for less than a minute."""

WALK_MS: Final = 45_000
"""From reading the notice until one stands in the lane, and is counted there."""

LONGEST_MS: Final = 90_000
"""A lane is named no longer than this at a time."""


class Lane(NamedTuple):
    """A lane: the wait of who joins now, and what each shopper before takes (ms)."""

    estimate: Estimate
    every: float


@dataclass(frozen=True, slots=True)
class Hint:
    """A lane that is named until `until`; nothing is named again before `rests_until`."""

    line_id: LineId
    until: int
    rests_until: int


def next_hint(
    lanes: Mapping[LineId, Lane], arrivals: float, now: int, last: Hint | None
) -> Hint | None:
    """The hint that stands now; `arrivals` is how many shoppers come to all lanes per ms."""
    if last is not None and now < last.until:
        return last if _is_least(lanes, last.line_id) else Hint(last.line_id, now, now + WALK_MS)
    if len(lanes) < 2 or (last is not None and now < last.rests_until):
        return last
    best, *others = sorted(lanes, key=lambda one: (lanes[one].estimate.mean, one))
    gap = min(_gap(lanes[best], lanes[other]) for other in others)
    if gap <= 0.0:
        return last
    people = max(1.0, gap / lanes[best].every / 2)
    until = now + round(min(LONGEST_MS, people / max(arrivals, 1e-9)))
    return Hint(best, until, until + WALK_MS)


def named(hint: Hint | None, now: int) -> LineId | None:
    """The lane that is named now."""
    return hint.line_id if hint is not None and now < hint.until else None


def _gap(best: Lane, other: Lane) -> float:
    """How much sooner one is served (ms); 0 where that is not sure, or not worth it."""
    gap = other.estimate.mean - best.estimate.mean
    doubt = sqrt(best.estimate.deviation**2 + other.estimate.deviation**2)
    return gap if gap >= max(LEAST_MS, SURE * doubt) else 0.0


def _is_least(lanes: Mapping[LineId, Lane], line_id: LineId) -> bool:
    lane = lanes.get(line_id)
    return lane is not None and all(
        lane.estimate.mean <= other.estimate.mean for other in lanes.values()
    )
