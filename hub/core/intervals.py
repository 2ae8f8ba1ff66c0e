"""Shares and differences, each with its 95 % interval.

Sources: Wilson (1927), J. Am. Stat. Assoc. 22; Brown, Cai and DasGupta (2001), “Interval
Estimation for a Binomial Proportion”, Statistical Science 16(2), who recommend Wilson's and
Jeffreys' intervals for n up to 40 and show that the textbook one (Wald's) is unsafe at any n;
Newcombe (1998), Statistics in Medicine 17, method 10, made general by Zou and Donner (2008) in
Statistics in Medicine 27, for differences.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

from hub.core.distributions import beta_quantile, normal_p
from hub.core.satisfaction import TAIL, Tally, index, mean_score, one_variance

Z = 1.959963984540054
"""The normal quantile that leaves 2.5 % on either side."""


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


def wilson(part: int, whole: int) -> Share | None:
    """A share with Wilson's score interval; None where there is no whole."""
    if not 0 <= part <= whole or whole == 0:
        return None  # more answers than sales is possible (a lost sale), and it is no share
    share, square = part / whole, Z * Z
    centre = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    half /= 1 + square / whole
    low = 0.0 if part == 0 else max(0.0, centre - half)
    high = 1.0 if part == whole else min(1.0, centre + half)
    return Share(part, whole, share, low, high)


def jeffreys(part: int, whole: int) -> Share | None:
    """A share with Jeffreys' interval, which reaches to the end where nothing or all was counted.

    Equal tails of a Beta(part + ½, whole − part + ½), with the change at the ends that Brown, Cai
    and DasGupta advise in their section 4.1.2.
    """
    if not 0 <= part <= whole or whole == 0:
        return None
    a, b = part + 0.5, whole - part + 0.5
    low = 0.0 if part == 0 else beta_quantile(TAIL, a, b)
    high = 1.0 if part == whole else beta_quantile(1 - TAIL, a, b)
    return Share(part, whole, part / whole, low, high)


def response(tally: Tally | None) -> Share | None:
    """How many sales were answered; None where no till told of any, or the tally is hidden."""
    return None if tally is None else wilson(tally.answered, tally.sales)


def response_of_asked(tally: Tally | None) -> Share | None:
    """How many of those who were asked answered."""
    return None if tally is None else wilson(tally.answered, tally.asked)


def share_difference(one: Share, other: Share) -> Difference:
    """One share minus another that was counted among other people, in points of 100.

    Newcombe's interval from the two shares' own; p by the pooled two-sample z test.
    """
    pooled = (one.part + other.part) / (one.whole + other.whole)
    deviation = sqrt(pooled * (1 - pooled) * (1 / one.whole + 1 / other.whole))
    value = one.value - other.value
    p = normal_p(value / deviation) if deviation else 1.0
    low = value - sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    high = value + sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Difference(100 * value, 100 * low, 100 * high, p)


def index_difference(one: Tally, other: Tally) -> Difference | None:
    """The index of one group minus that of another that has none of its answers.

    The interval is Zou and Donner's from the two indices' own; p is that of `means_p`.
    """
    first, second, p = index(one), index(other), means_p(one, other)
    if first is None or second is None or p is None:
        return None
    low = first.value - second.value - _reach(first.value - first.low, second.high - second.value)
    high = first.value - second.value + _reach(first.high - first.value, second.value - second.low)
    return Difference(first.value - second.value, low, high, p)


def means_p(one: Tally, other: Tally) -> float | None:
    """The two-sided p of “the same people at both”; None where either has no answer.

    A z test of the plain means with one common variance: each group's own would call a small group
    that happens to agree surprisingly certain.
    """
    if not one.answered or not other.answered:
        return None
    common = one_variance(one + other)
    deviation = sqrt(common * (1 / one.answered + 1 / other.answered))
    return normal_p((mean_score(one) - mean_score(other)) / deviation)


def _reach(one: float, other: float) -> float:
    return sqrt(one * one + other * other)
