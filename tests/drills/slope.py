"""How fast something grows, by Theil and Sen: the median of all slopes between two moments.

One step (an allocator takes a megabyte) or one outlier does not sway it, as it would a regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from math import sqrt
from statistics import fmean, median
from typing import Final

Point = tuple[float, float]

_Z: Final = 1.959964
"""95 of 100 lie within so many standard errors."""


@dataclass(frozen=True)
class Slope:
    """The slope, and an interval that holds the true one 95 times in 100."""

    middle: float
    low: float
    high: float


def blocks(points: Sequence[Point], width: float) -> list[Point]:
    """The means of each stretch of that width."""
    groups = groupby(points, lambda point: int(point[0] / width))
    means = []
    for _, group in groups:
        each = list(group)
        means.append((fmean(x for x, _ in each), fmean(y for _, y in each)))
    return means


def theil_sen(lines: Sequence[Sequence[Point]]) -> Slope:
    """Over several lines that have the slope in common, and each its own beginning.

    The interval is Sen's: as many slopes to either side of the median as Kendall's S may stray.
    """
    slopes = sorted(
        (b[1] - a[1]) / (b[0] - a[0]) for line in lines for a, b in combinations(line, 2)
    )
    if not slopes:
        return Slope(float("nan"), float("-inf"), float("inf"))
    strays = _Z * sqrt(sum(n * (n - 1) * (2 * n + 5) for n in map(len, lines)) / 18)
    low = int((len(slopes) - strays) / 2)
    high = int((len(slopes) + strays) / 2) + 1
    return Slope(
        median(slopes),
        slopes[low] if low > 0 else float("-inf"),
        slopes[high] if high < len(slopes) else float("inf"),
    )
