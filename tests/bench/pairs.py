"""Honest figures on a noisy machine: two things in turn, A B A B …, and the ratio pair by pair."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LEAST_PAIRS = 9
"""With 9 pairs, the 2nd smallest and 2nd largest ratio enclose the median with 96 %."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """The median of A/B over the pairs, with an interval of at least 95 % for that median."""

    median: float
    low: float
    high: float
    pairs: int

    def __str__(self) -> str:
        return f"{self.median:.2f} ({self.low:.2f} to {self.high:.2f}, {self.pairs} pairs)"


def in_turn(
    a: Callable[[], float], b: Callable[[], float], pairs: int = LEAST_PAIRS
) -> tuple[Ratio, float, float]:
    """Run A and B in turn after one uncounted pair; returns A/B and the median of each.

    Each function does its work once and returns its figure, such as a rate.
    """
    a(), b()
    figures = [(a(), b()) for _ in range(pairs)]
    ratio = median_with_interval([one / other for one, other in figures])
    firsts, seconds = zip(*figures, strict=True)
    return ratio, statistics.median(firsts), statistics.median(seconds)


def median_with_interval(values: Sequence[float]) -> Ratio:
    """Median and its distribution-free interval from order statistics (Conover 1999, § 3.2)."""
    ordered = sorted(values)
    n = len(ordered)
    cut = 0
    while n > 2 * (cut + 1) and 2 * _binomial_tail(n, cut) <= 0.05:
        cut += 1
    low, high = max(cut - 1, 0), n - 1 - max(cut - 1, 0)
    return Ratio(statistics.median(ordered), ordered[low], ordered[high], n)


def _binomial_tail(n: int, most: int) -> float:
    """The chance of at most `most` heads in `n` fair throws."""
    heads = sum(math.comb(n, k) for k in range(most + 1))
    return float(heads / 2**n)
