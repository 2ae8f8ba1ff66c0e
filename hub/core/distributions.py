"""The beta and Student distributions in plain Python, so that the hub needs no numeric library.

Sources: NIST Digital Library of Mathematical Functions 8.17 (the continued fraction is 8.17.22);
Lentz's method of evaluating it as in Thompson and Barnett (1986), J. Comput. Phys. 64.
"""

from __future__ import annotations

from math import exp, lgamma, log, log1p, sqrt
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-14
_MOST_ROUNDS = 20_000
"""The fraction needs about √max(a, b) rounds: enough for a hundred million answers."""

_NEAR = 1e-8
"""Relative size of the last step: what would follow is far below anything that anybody sees."""

_MOST_STEPS = 100
"""Halley needs about three; each step that would leave the bracket halves it instead."""


def beta_cdf(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b)."""
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    front = exp(a * log(x) + b * log1p(-x) - _log_beta(a, b))
    if x < (a + 1) / (a + b + 2):  # there the fraction converges quickly
        return min(1.0, front * _fraction(x, a, b) / a)
    return max(0.0, 1.0 - front * _fraction(1 - x, b, a) / b)


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x at which I_x(a, b) is p: Halley's method, kept inside a shrinking bracket."""
    low, high, log_beta = 0.0, 1.0, _log_beta(a, b)
    x = _guess(p, a, b)
    for _ in range(_MOST_STEPS):
        miss = beta_cdf(x, a, b) - p
        low, high = (low, x) if miss > 0 else (x, high)
        log_density = (a - 1) * log(x) + (b - 1) * log1p(-x) - log_beta
        step = miss * exp(min(-log_density, 600.0))  # where it is flat, the bracket decides
        bend = step * ((a - 1) / x - (b - 1) / (1 - x))
        after = x - step / (1 - max(-1.0, min(1.0, bend)) / 2)  # far off, no more than half as much
        if abs(step) <= _NEAR * min(x, 1 - x) or high - low <= _CLOSE * low:
            return min(max(after, low), high)
        if not low < after < high:
            after = (low + high) / 2
        x = after
    return x


def student_p(t: float, freedom: float) -> float:
    """The two-sided p of a Student t with so many degrees of freedom."""
    return beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5)


def student_quantile(freedom: float, both_tails: float = 0.05) -> float:
    """The t beyond which, on both sides together, so much of the distribution lies."""
    x = beta_quantile(both_tails, freedom / 2, 0.5)
    return sqrt(freedom * (1 - x) / x)


def normal_p(z: float) -> float:
    """The two-sided p of a standard normal z."""
    return 2 * NormalDist().cdf(-abs(z))


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _guess(p: float, a: float, b: float) -> float:
    """Where to begin: Abramowitz and Stegun 26.5.22 where it holds, else by the normal law."""
    z = NormalDist().inv_cdf(p)
    if a > 1 and b > 1:
        one, other = 1 / (2 * a - 1), 1 / (2 * b - 1)
        size, third = 2 / (one + other), (z * z - 3) / 6
        w = -z * sqrt(third + size) / size - (other - one) * (third + 5 / 6 - 2 / (3 * size))
        return min(max(a / (a + b * exp(2 * w)), 1e-12), 1 - 1e-12)
    mean = a / (a + b)
    x = mean + z * sqrt(mean * (1 - mean) / (a + b + 1))
    return x if 0.0 < x < 1.0 else mean


def _fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > _TINY else _TINY)
    result = d
    for m in range(1, _MOST_ROUNDS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        change = 1.0
        for term in (even, odd):
            d, c = 1.0 + term * d, 1.0 + term / c
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            change *= d * c
        result *= change
        if abs(change - 1.0) < _CLOSE:
            break
    return result
