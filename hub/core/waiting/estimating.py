"""Estimates of the wait from the length of the line, and from the delays of those before.

Sources: Ibrahim and Whitt (2009), “Real-time delay estimation based on delay history”, M&SOM 11(3),
for QL (queue length), HOL (head of line) and LES (last to enter service), of which QL has half the
squared error or less; the same (2009), Operations Research 57(1), for overloaded lines; the same
(2011), “Wait-time predictors for customer service systems with time-varying demand and capacity”,
Operations Research 59(5), who show that QL rests on knowing how many serve now, and that delay
histories lag when demand changes. Which registers serve is a distribution here, not a belief.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

from hub.core.waiting.crowd import Crowd
from hub.core.waiting.estimates import Estimate, Part, mixed

_UNLIKELY = 0.01
"""A number of open registers that is less likely is left out of the mixture."""


class Pace(NamedTuple):
    """How fast a line is served if so many registers are open: one service each `every` ms."""

    chance: float
    registers: int
    every: float
    doubt: float
    """Squared relative error of `every`."""


def paces(
    numbers: Sequence[float], chances: Sequence[float], rates: Sequence[float], doubt: float
) -> tuple[Pace, ...]:
    """What each number of open registers would mean; `rates` are services per ms of each."""
    weight = sum(chances)
    if weight <= 0.0:
        return ()
    one = sum(c * r for c, r in zip(chances, rates, strict=True)) / weight
    return tuple(
        Pace(chance, number, 1 / (one * number), doubt / number)
        for number, chance in enumerate(numbers)
        if number and chance >= _UNLIKELY
    )


def queue_length(
    crowd: Crowd, paces: Sequence[Pace], square: float, unseen: float = 0.0
) -> Estimate:
    """QL: as many services must end as wait, and one more; `square` is a service's variation.

    `unseen` is the variance of how many came while nobody counted, beyond chance.
    """
    waits = crowd.at_least(0)
    if waits <= 0.0 or not paces:
        return Estimate((), 1.0 if paces else 0.0)
    mean, variance = crowd.moments()
    ahead = mean / waits  # of those states in which one would wait
    spread = unseen + max(0.0, (variance + mean * mean) / waits - ahead * ahead)
    parts = [_services(pace, ahead, spread, square) for pace in paces]
    return mixed(parts, min(1.0, max(0.0, 1.0 - waits)))


def _services(pace: Pace, ahead: float, spread: float, square: float) -> Part:
    """The time in which `ahead` + 1 services end, at registers that are in the midst of one.

    Together they are a renewal process seen at a random instant (Cox 1962, Renewal Theory, § 4):
    regular services end a little sooner than one after the other, with less variation.
    """
    services = ahead + (1 + square) / 2
    chance = square * (ahead + 1)
    chance += max(0.0, 1 - square * square) * min(pace.registers, ahead + 1) / 6
    variance = chance + spread + pace.doubt * services * services
    return Part(pace.chance, pace.every * services, pace.every * sqrt(variance))


def head_of_line(waited: float, every: float, square: float) -> Estimate:
    """HOL: as long as whoever is first in line has waited so far.

    Its error comes from the services until then and from the arrivals since (Ibrahim and Whitt
    2009, § 3): the squared variations of both, per service.
    """
    return Estimate((_history(waited, every, square),))


def last_to_enter(waited: float, age: float, every: float, square: float) -> Estimate:
    """LES: as long as whoever entered service last had waited; it is one service older than HOL."""
    mean, deviation = _history(waited, every, square)[1:]
    return Estimate((Part(1.0, mean, sqrt(deviation**2 + age * every)),))


def _history(waited: float, every: float, square: float) -> Part:
    mean = max(waited, every)
    return Part(1.0, mean, sqrt((1 + square) * mean * every + every * every))
