"""Shares and differences, each with its 95 % interval.

Sources: Wilson (1927); Brown, Cai and DasGupta (2001), “Interval Estimation for a Binomial
Proportion”, Statistical Science 16(2), who recommend Wilson and Jeffreys for n up to 40.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `whole` as a number from 0 to 1, with its 95 % interval."""

    part: int
    whole: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure minus another, with its 95 % interval and the two-sided p of “no difference”."""

    value: float
    low: float
    high: float
    p: float
