"""How long a service takes, per register and hour, drawn towards what is known more broadly.

The rate of services is a gamma variable (Gelman and others, Bayesian Data Analysis, 3rd ed., § 2.6
and 5): `count` services took `total` ms; a register in one hour is drawn towards that register at
all hours, the register towards its store, and the store towards a usual checkout. A service is the
time between two sales of a register at which somebody stepped up at once: other gaps hold idleness.
None of it is shown to anybody: how fast a register is in an hour is how fast a person is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.core.hours import HOUR_MS
from shared.places import PointId

USUAL_MS: Final = 90_000
"""A supermarket's checkout, before anything is known."""

USUAL_SQUARE: Final = 0.6
"""Squared variation of a service before anything is known: between regular (0.3) and random (1)."""

STORE_WEIGHT, REGISTER_WEIGHT, HOUR_WEIGHT = 10.0, 60.0, 300.0
"""So many services the broader knowledge is worth: of a usual checkout, its store, its register.

Services vary by 90 %, registers differ by about 12 % and hours of one register by 5 %: the squares
of the ratios are what a mean over groups is best drawn by.
"""

LONGEST: Final = 8.0
"""Times the mean: a longer gap is a break, not a service (one in 3,000 if they are random)."""

SHORTEST_MS: Final = 2_000
"""Two sales within two seconds are one receipt in two parts, or a copy."""

KEPT: Final = 4_000.0
"""Services remembered for each cell; more fade, so that a store may change: about two weeks."""


class Sum(NamedTuple):
    """So many services, what they took together (ms), and the sum of their squares."""

    times: float = 0.0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, ms: float) -> Sum:
        """One more; where there are many, older ones fade."""
        kept = min(1.0, KEPT / (self.times + 1))
        return Sum(kept * self.times + 1, kept * self.total + ms, kept * self.squares + ms * ms)


class Service(NamedTuple):
    """A service at a register: its mean (ms), how well that is known, and how much it varies."""

    mean: float
    doubt: float
    """The squared relative error of the mean."""

    square: float
    """The squared variation of one service."""


Cell = tuple[PointId | None, int | None]
"""A register in an hour of the day; at all hours; or the whole store."""

STORE: Final[Cell] = (None, None)
_NOTHING: Final = Sum()


@dataclass(frozen=True, slots=True)
class Services:
    """What the services of a store took; `usual` is believed before anything is known.

    `mean` and `square` are the whole store's, worked out once for each lesson. Hours are of the
    store's own clocks, which are `ahead` of UTC (ms): shifts begin by them.
    """

    sums: Mapping[Cell, Sum] = field(default_factory=dict)
    usual: float = USUAL_MS
    ahead: int = 0
    mean: float = field(init=False)
    square: float = field(init=False)

    def __post_init__(self) -> None:
        store = self.sums.get(STORE, Sum())
        object.__setattr__(self, "mean", _drawn(store, STORE_WEIGHT, self.usual))
        object.__setattr__(self, "square", _square(store))

    def learned(self, point: PointId, hour: int, ms: float) -> Services:
        """One more service; the same again where it was none."""
        if not SHORTEST_MS <= ms <= LONGEST * self.of(point, hour).mean:
            return self
        cells: Iterable[Cell] = ((point, hour), (point, None), STORE)
        new = {cell: self.sums.get(cell, _NOTHING).plus(ms) for cell in cells}
        return Services({**self.sums, **new}, self.usual, self.ahead)

    def hour(self, at: int) -> int:
        """The hour of the day that it is then, by the store's clocks."""
        return (at + self.ahead) // HOUR_MS % 24

    def kept_by(self, ahead: int) -> Services:
        """The same, while the store's clocks are so far ahead of UTC."""
        return self if ahead == self.ahead else Services(self.sums, self.usual, ahead)

    def of(self, point: PointId, hour: int) -> Service:
        """A service at this register in this hour of the day."""
        register = self.sums.get((point, None), _NOTHING)
        here = self.sums.get((point, hour), _NOTHING)
        mean = _drawn(here, HOUR_WEIGHT, _drawn(register, REGISTER_WEIGHT, self.mean))
        known = here.times + min(HOUR_WEIGHT, register.times) + STORE_WEIGHT
        return Service(mean, self.square / known, self.square)


def _square(store: Sum) -> float:
    """The squared variation of a service, drawn towards the usual one."""
    if store.times < 2:
        return USUAL_SQUARE
    mean = store.total / store.times
    seen = max(0.0, store.squares / store.times / (mean * mean) - 1)
    return min(2.0, max(0.05, _blend(seen, store.times, USUAL_SQUARE, 20.0)))


def _drawn(own: Sum, weight: float, broad: float) -> float:
    return (own.total + weight * broad) / (own.times + weight)


def _blend(own: float, weight: float, other: float, other_weight: float) -> float:
    return (weight * own + other_weight * other) / (weight + other_weight)
