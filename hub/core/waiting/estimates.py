"""An estimate of a wait: a distribution, never only a mean.

It is a mixture of gamma variables (Erlang where services are exponential: so many services must
end before somebody's turn) and of a chance not to wait at all. The gamma law is evaluated by
Wilson and Hilferty's cube root (1931, Proc. Natl. Acad. Sci. 17), which is right within 0.2 % of
chance for every shape that a line of one or more people has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist
from typing import NamedTuple

_ROOT_HALF = sqrt(0.5)
_NORMAL = NormalDist()

_LEAST_SHAPE = 0.35
"""Below it the cube root goes wrong by more than a percent; so wide an estimate is never shown."""


class Part(NamedTuple):
    """A gamma variable with this mean and standard deviation (ms), and its weight."""

    weight: float
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The wait (ms) of somebody who joins now; the weights of the parts and `none` make 1."""

    parts: tuple[Part, ...]
    none: float = 0.0
    """The chance that a register is free."""

    @property
    def mean(self) -> float:
        """What it is on average."""
        return sum(weight * mean for weight, mean, _ in self.parts)

    @property
    def deviation(self) -> float:
        """Its standard deviation."""
        square = sum(weight * (mean * mean + sd * sd) for weight, mean, sd in self.parts)
        return sqrt(max(0.0, square - self.mean**2))

    def within(self, wait: float) -> float:
        """The chance that it is at most so long."""
        if wait < 0:
            return 0.0
        return min(
            1.0, self.none + sum(part.weight * gamma_within(wait, part) for part in self.parts)
        )

    def percentile(self, chance: float) -> float:
        """The wait that is not passed with this chance."""
        if chance <= self.none or not self.parts:
            return 0.0
        share = (chance - self.none) / (1.0 - self.none)
        ends = [gamma_quantile(share, part) for part in self.parts]
        low, high = min(ends), max(ends)  # a mixture's lies between those of its parts
        while high - low > _NEAR_MS:
            middle = (low + high) / 2
            if self.within(middle) < chance:
                low = middle
            else:
                high = middle
        return high


_NEAR_MS = 50.0
"""Nobody tells a twentieth of a second from another."""


def gamma_within(wait: float, part: Part) -> float:
    """The chance that a gamma variable is at most so much."""
    _, mean, deviation = part
    if mean <= 0.0:
        return 1.0
    if deviation < 1e-6 * mean:
        return 1.0 if wait >= mean else 0.0
    shape = max(_LEAST_SHAPE, (mean / deviation) ** 2)
    ninth = 1 / (9 * shape)
    root = (wait / mean) ** (1 / 3)
    return 0.5 * erfc(-(root - 1 + ninth) / sqrt(ninth) * _ROOT_HALF)


def gamma_quantile(chance: float, part: Part) -> float:
    """What a gamma variable does not pass with this chance."""
    _, mean, deviation = part
    if mean <= 0.0 or deviation < 1e-6 * mean:
        return max(0.0, mean)
    ninth = 1 / (9 * max(_LEAST_SHAPE, (mean / deviation) ** 2))
    z = _NORMAL.inv_cdf(min(max(chance, 1e-9), 1 - 1e-9))
    return mean * max(0.0, 1 - ninth + z * sqrt(ninth)) ** 3


def survival(wait: float, mean: float, square: float) -> float:
    """The chance that a gamma variable with this mean and squared variation is longer."""
    return 1.0 - gamma_within(wait, Part(1.0, mean, mean * sqrt(square)))


def mixed(parts: Iterable[Part], none: float = 0.0) -> Estimate:
    """Parts whose weights need not make 1 yet, and the chance not to wait at all."""
    kept = [part for part in parts if part.weight > 0.0]
    whole = sum(part.weight for part in kept)
    if whole <= 0.0:
        return Estimate((), 1.0)
    share = (1.0 - none) / whole
    return Estimate(tuple(part._replace(weight=share * part.weight) for part in kept), none)
