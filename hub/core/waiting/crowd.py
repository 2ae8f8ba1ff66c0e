"""How many people wait, as a distribution that sales, time and counts move.

The state is the number who wait; below nought it is the number of registers that are free, so that
−1 means one free register. Between facts it is a birth and death process, at a sale it steps down,
at a count it is weighed by what the count says: the forward algorithm of a hidden Markov model
(Rabiner 1989, Proc. IEEE 77, § III A). A counter that is silent leaves it to sales and arrivals,
and it widens by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp, sqrt
from typing import Final, NamedTuple

MOST_WAITING: Final = 250
"""A longer line is none that a store has; counts beyond are absurd."""

_NEGLIGIBLE = 1e-7
_STEP: Final = 0.3
"""Arrivals in one step: at most one, with an error of a few percent of a few percent."""

_MOST_STEPS: Final = 120
"""After a silence of hours the rest is one long step: it is wide by then."""

EXACT: Final = 0.04
"""Variance of a count that is right: the next number is e¹² times less likely."""

FAR: Final = 1e-9
"""So unlikely a count contradicts everything known before."""


class Crowd(NamedTuple):
    """Chances of `low`, `low` + 1, … people waiting."""

    low: int
    chances: tuple[float, ...]

    @property
    def waiting(self) -> float:
        """How many wait on average."""
        return self.moments()[0]

    def moments(self) -> tuple[float, float]:
        """How many wait on average, and the variance of it."""
        mean = square = 0.0
        number = self.low
        for chance in self.chances:
            if number > 0:
                mean += number * chance
                square += number * number * chance
            number += 1
        return mean, max(0.0, square - mean * mean)

    def at_least(self, number: int) -> float:
        """The chance that so many or more wait."""
        return min(1.0, sum(self.chances[max(0, number - self.low) :]))


def empty(registers: int) -> Crowd:
    """Nobody is there: so many registers are free."""
    return Crowd(-registers, (1.0,))


def around(number: float, variance: float, least: int) -> Crowd:
    """About so many wait (a normal law on whole numbers)."""
    reach = 1 + round(4 * sqrt(variance))
    low = max(least, round(number) - reach)
    high = min(MOST_WAITING, max(low, round(number) + reach))
    width = 2 * max(variance, EXACT)
    return _trimmed(low, [exp(-((x - number) ** 2) / width) for x in range(low, high + 1)])


def after_time(crowd: Crowd, ms: float, arrivals: float, services: float, open_: int) -> Crowd:
    """So many ms without a sale; arrivals and services of one register are rates per ms."""
    steps = min(_MOST_STEPS, 1 + int(ms * arrivals / _STEP))
    step = ms / steps
    comes = min(0.9, arrivals * step)
    none = [exp(-busy * services * step) for busy in range(open_ + 1)]
    for _ in range(steps):
        crowd = _stepped(crowd, comes, none, open_)
    return crowd


def _stepped(crowd: Crowd, comes: float, none: Sequence[float], open_: int) -> Crowd:
    low, old = crowd
    stays = 1 - comes
    new = [stays * old[0]]
    new += [stays * here + comes * before for before, here in pairwise(old)]
    new.append(comes * old[-1])
    for place in range(min(len(new), max(0, -low))):  # at nought and above all are equally busy
        new[place] *= none[max(0, open_ + low + place)] / none[open_]
    return _trimmed(low, new)


def after_sale(crowd: Crowd, open_: int) -> Crowd:
    """Somebody paid: likelier the more registers were busy; whoever waits steps up."""
    low, old = crowd
    free = max(0, -low)
    weights = [max(0, open_ + low + place) * old[place] for place in range(min(free, len(old)))]
    weights += [open_ * p for p in old[free:]]
    if sum(weights) <= 0.0:  # all were thought to be free: one was not
        return Crowd(-1, (1.0,))
    return _trimmed(low - 1, weights)


def after_arrival(crowd: Crowd) -> Crowd:
    """Somebody was seen to come."""
    return Crowd(crowd.low + 1, crowd.chances) if crowd.low < MOST_WAITING else crowd


def likelihood(crowd: Crowd, number: int, noise: float, least: int = 0) -> float:
    """How likely such a count is, given what was known (1: as likely as can be)."""
    return sum(map(float.__mul__, crowd.chances, _weights(crowd, number, noise, least)))


def after_count(crowd: Crowd, number: int, noise: float, least: int = 0) -> Crowd:
    """A counter saw so many wait; `noise` is its variance over the count.

    It sees no fewer than `least`: 0, or less where it sees free registers, too. A count that
    contradicts everything (see FAR) starts anew from itself.
    """
    weights = list(map(float.__mul__, crowd.chances, _weights(crowd, number, noise, least)))
    if sum(weights) < FAR:
        return around(number, EXACT + noise * max(1, number), min(least, number))
    return _trimmed(crowd.low, weights)


def after_opening(crowd: Crowd, before: int, after: int, *, counted: bool) -> Crowd:
    """So many registers are open instead of so many before.

    Whom nobody counted are as many as before, so that more of them are being served, or fewer;
    a count of those who wait holds.
    """
    if not counted:
        return Crowd(max(-after, crowd.low + before - after), crowd.chances)
    if crowd.low >= -after:
        return crowd
    cut = -after - crowd.low
    kept = [sum(crowd.chances[: cut + 1]), *crowd.chances[cut + 1 :]]
    return Crowd(-after, tuple(kept))


def _weights(crowd: Crowd, number: int, noise: float, least: int) -> list[float]:
    places = range(crowd.low, crowd.low + len(crowd.chances))
    width = 2 * (EXACT + noise * max(1, number))
    return [exp(-((max(least, x) - number) ** 2) / width) for x in places]


def _trimmed(low: int, weights: list[float]) -> Crowd:
    """Without what is negligible at the ends, and summing to 1."""
    if low >= MOST_WAITING:
        return Crowd(MOST_WAITING, (1.0,))
    least = _NEGLIGIBLE * max(weights)
    first, last = 0, min(len(weights), MOST_WAITING - low + 1)
    while weights[first] <= least:
        first += 1
    while weights[last - 1] <= least:
        last -= 1
    kept = weights[first:last]
    whole = sum(kept)
    return Crowd(low + first, tuple([weight / whole for weight in kept]))
