"""The beta and Student distributions, against values worked out by other means."""

from __future__ import annotations

from math import comb, inf, pi, sin, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.distributions import (
    beta_cdf,
    beta_quantile,
    normal_p,
    student_p,
    student_quantile,
)

shapes = st.floats(0.5, 5_000)
inside = st.floats(0.001, 0.999)


@given(st.integers(1, 60), st.integers(1, 60), inside)
@settings(deadline=None)
def test_with_whole_numbers_it_is_a_sum_of_binomial_chances(a: int, b: int, x: float) -> None:
    n = a + b - 1
    exact = sum(comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    assert beta_cdf(x, a, b) == pytest.approx(exact, abs=1e-11)


@given(inside)
def test_with_halves_it_is_the_arcsine_law(share: float) -> None:
    x = sin(pi * share / 2) ** 2
    assert beta_cdf(x, 0.5, 0.5) == pytest.approx(share, abs=1e-12)
    assert beta_quantile(share, 0.5, 0.5) == pytest.approx(x, rel=1e-9)


@given(inside, shapes, shapes)
@settings(deadline=None)
def test_the_quantile_undoes_the_cdf(p: float, a: float, b: float) -> None:
    x = beta_quantile(p, a, b)
    assert 0 < x < 1
    assert beta_cdf(x, a, b) == pytest.approx(p, abs=1e-9)
    assert beta_quantile(1 - p, b, a) == pytest.approx(1 - x, abs=1e-9)


@given(shapes, shapes, st.tuples(inside, inside))
@settings(deadline=None)
def test_the_cdf_rises(a: float, b: float, pair: tuple[float, float]) -> None:
    low, high = sorted(pair)
    assert beta_cdf(low, a, b) <= beta_cdf(high, a, b) + 1e-12


def test_the_ends_are_nothing_and_all() -> None:
    assert [beta_cdf(x, 2, 3) for x in (-1, 0, 1, 2)] == [0, 0, 1, 1]


def test_a_hundred_million_answers_still_have_an_interval() -> None:
    low, high = beta_quantile(0.025, 8e7, 2e7), beta_quantile(0.975, 8e7, 2e7)
    assert high - low == pytest.approx(2 * 1.959964 * sqrt(0.16 / 1e8), rel=1e-3)


@pytest.mark.parametrize(  # from any printed table of Student's distribution, 2.5 % above
    ("freedom", "t"), [(1, 12.7062), (2, 4.3027), (4, 2.7764), (9, 2.2622), (30, 2.0423)]
)
def test_student_agrees_with_the_printed_table(freedom: int, t: float) -> None:
    assert student_quantile(freedom) == pytest.approx(t, abs=5e-5)
    assert student_p(t, freedom) == pytest.approx(0.05, abs=5e-6)
    assert student_p(-t, freedom) == student_p(t, freedom)


def test_student_becomes_normal_with_many_degrees_of_freedom() -> None:
    assert student_p(1.959964, 1e7) == pytest.approx(normal_p(1.959964), abs=1e-6)
    assert normal_p(1.959964) == pytest.approx(0.05, abs=1e-6)
    assert normal_p(inf) == 0
