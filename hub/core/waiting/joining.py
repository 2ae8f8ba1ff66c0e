"""Each visit joined to the wait that was estimated when its shopper joined the line.

The shopper paid at the sale; before it they were served, and before that they waited. So they
joined at the last instant from which the wait in force and one service lead no further than to the
sale. It can be reckoned again at any time from the estimates that were kept. The slope is ordinary
least squares with an interval that is robust to whatever hours have in common (Liang and Zeger
1986, Biometrika 73): an association, no proof that waiting is the cause.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from math import sqrt
from typing import Final, NamedTuple

from hub.core.distributions import student_quantile

LEAST_ANSWERS: Final = 200
"""With fewer the interval of a slope is wider than any slope that was ever found."""

LEAST_HOURS: Final = 30
"""Hours are what the interval is made of: with fewer it is too narrow."""

LEAST_SPREAD_MIN: Final = 1.0
"""Standard deviation of the waits, in minutes: where all wait alike nothing is learned."""

LONGEST_MS: Final = 2 * 3_600_000
"""Nobody is looked for who joined earlier than this before paying."""


class InForce(NamedTuple):
    """The estimate (its mean, ms) of who joined at this instant or after it, until the next.

    None: there was none, or it was withdrawn.
    """

    at: int
    wait: float | None


class Point(NamedTuple):
    """An answer: minutes waited (estimated), its score (0 to 100), and the hour it counts in."""

    minutes: float
    score: float
    hour: int


class Slope(NamedTuple):
    """Points of the index for each further minute, with its 95 % interval."""

    value: float
    low: float
    high: float
    answers: int
    hours: int


def wait_of(sale_at: int, service: float, kept: Sequence[InForce]) -> float | None:
    """The wait (ms) in force when whoever paid at `sale_at` joined; `kept` rises in time.

    None where nothing was estimated then, or at any time that they may have joined at.
    """
    turn = sale_at - service
    for place in range(bisect_right(kept, turn, key=_at) - 1, -1, -1):
        at, wait = kept[place]
        if wait is None or at < sale_at - LONGEST_MS:
            return None
        if at + wait <= turn:
            return wait
    return None


def _at(one: InForce) -> int:
    return one.at


def slope(points: Iterable[Point]) -> Slope | None:
    """How the index goes with the wait; None until there is enough to say it."""
    known = list(points)
    hours = {point.hour for point in known}
    if len(known) < LEAST_ANSWERS or len(hours) < LEAST_HOURS:
        return None
    wait = sum(point.minutes for point in known) / len(known)
    score = sum(point.score for point in known) / len(known)
    spread = sum((point.minutes - wait) ** 2 for point in known)
    if sqrt(spread / len(known)) < LEAST_SPREAD_MIN:
        return None
    value = sum((p.minutes - wait) * (p.score - score) for p in known) / spread
    half = student_quantile(len(hours) - 1) * _error(known, wait, score, value) / spread
    return Slope(value, value - half, value + half, len(known), len(hours))


def _error(known: Sequence[Point], wait: float, score: float, value: float) -> float:
    """The root of the middle of the sandwich: sums of each hour, with CR1's correction."""
    sums: dict[int, float] = {}
    for minutes, given, hour in known:
        miss = given - score - value * (minutes - wait)
        sums[hour] = sums.get(hour, 0.0) + (minutes - wait) * miss
    groups, answers = len(sums), len(known)
    correction = groups / (groups - 1) * (answers - 1) / (answers - 2)
    return sqrt(correction * sum(one * one for one in sums.values()))
