"""Answers by the wait that was in force when their shoppers joined: a join made anew at will.

Laws of this page
1. It rests on what is kept alone: records and anchors, the notices of each line, and what a
   service was thought to take on that day. So an hour that is joined twice is the same twice.
2. An hour is written whole, or not at all: never a part of it, never one answer more.
3. Every answer that counts in an hour stands in it once, by its wait or `WITHOUT`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from hub.core.satisfaction import Tally
from hub.core.waiting.joining import LONGEST_MS, InForce, wait_of
from shared.places import PointId
from shared.visits import Face

MINUTE_MS: Final = 60_000

WITHOUT: Final = -1
"""In the place of minutes: nobody knows how long they waited."""

MOST_MINUTES: Final = 120
"""Longer nobody is looked for (`joining.LONGEST_MS`)."""

STALE_MS: Final = 150_000
"""A line writes what it tells once a minute: after two silent ones nothing is in force any more."""


class Told(NamedTuple):
    """What a line told from an instant on: minutes (None: nothing), and its estimate's mean."""

    at: int
    minutes: int | None
    mean: float | None


class Answer(NamedTuple):
    """A face that counts in this hour, at a point; `paid` is the instant of its sale, if any."""

    hour: int
    point_id: PointId
    paid: int | None
    face: Face


Scores = Mapping[tuple[int, int], Tally]
"""Hour and whole minutes: the answers."""

Joined = Mapping[tuple[PointId, int, int], Tally]
"""The same by point, hour and minutes: known while it is joined, and written down nowhere."""


def in_force(told: Sequence[Told]) -> list[InForce]:
    """The waits in force; where a line fell silent there is none until it speaks again."""
    found = list[InForce]()
    for place, (at, minutes, mean) in enumerate(told):
        found.append(InForce(at, mean if minutes is not None else None))
        ends = told[place + 1].at if place + 1 < len(told) else None
        if ends is None or ends - at > STALE_MS:
            found.append(InForce(at + STALE_MS, None))
    return found


def minutes_of(wait: float | None) -> int:
    """A wait in whole minutes, to the nearest."""
    return WITHOUT if wait is None else min(MOST_MINUTES, round(wait / MINUTE_MS))


def scored(
    answers: Iterable[Answer],
    kept: Callable[[PointId, int], Sequence[InForce]],
    service: Callable[[int], float],
) -> dict[tuple[PointId, int, int], Tally]:
    """The answers by point, hour and minutes.

    `kept` gives the waits that were in force before a point over the `REACH_MS` before an instant;
    `service` what a service took then.
    """
    joined: dict[tuple[PointId, int, int], Tally] = {}
    for hour, point, paid, face in answers:
        wait = None if paid is None else wait_of(paid, service(paid), kept(point, paid))
        key = point, hour, minutes_of(wait)
        joined[key] = joined.get(key, Tally()) + tally_of(face)
    return joined


def by_hour(joined: Joined) -> dict[tuple[int, int], Tally]:
    """The answers by hour and minutes alone: a register is a person's shift."""
    scores: dict[tuple[int, int], Tally] = {}
    for (_, hour, minutes), tally in joined.items():
        scores[hour, minutes] = scores.get((hour, minutes), Tally()) + tally
    return scores


def tally_of(face: Face) -> Tally:
    """One answer."""
    return _ONE[face]


_ONE: Final = {
    Face.SAD: Tally(sad=1),
    Face.NEUTRAL: Tally(neutral=1),
    Face.HAPPY: Tally(happy=1),
}

REACH_MS: Final = LONGEST_MS
"""So long before somebody paid notices matter."""
