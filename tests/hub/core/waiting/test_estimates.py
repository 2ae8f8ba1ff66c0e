"""Estimates: the gamma law against the exact one, percentiles, and mixtures."""

from __future__ import annotations

from math import exp, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.estimates import Estimate, Part, gamma_within, mixed, survival

parts = st.builds(Part, st.floats(0.01, 1), st.floats(1e3, 3e6), st.floats(1e3, 2e6))
estimates = st.builds(mixed, st.lists(parts, min_size=1, max_size=5), st.floats(0, 0.99))


def erlang_within(wait: float, shape: int, each: float) -> float:
    """The exact chance that so many exponential services end within so long."""
    x = wait / each
    return 1 - exp(-x) * sum(x**k / factorial(k) for k in range(shape))


@pytest.mark.parametrize("shape", [1, 2, 3, 8, 25])
@pytest.mark.parametrize("times", [0.3, 0.7, 1.0, 1.4, 2.0, 3.0])
def test_it_is_the_erlang_law_where_services_are_random(shape: int, times: float) -> None:
    mean = 22_500.0 * shape
    found = gamma_within(times * mean, Part(1, mean, mean / shape**0.5))
    assert found == pytest.approx(erlang_within(times * mean, shape, 22_500), abs=0.015)


def test_what_does_not_vary_is_certain() -> None:
    sure = Estimate((Part(1.0, 60_000, 0.0),))
    assert sure.within(59_999) == 0
    assert sure.within(60_000) == 1
    assert sure.percentile(0.8) == pytest.approx(60_000, rel=1e-6)
    assert gamma_within(0, Part(1.0, 0.0, 0.0)) == 1


def test_nobody_waits_where_a_register_is_free() -> None:
    free = Estimate((Part(0.1, 60_000, 60_000),), 0.9)
    assert free.percentile(0.8) == 0
    assert 0 < free.percentile(0.95) < 120_000
    assert mixed([]).none == 1


def test_a_mixture_has_the_mean_and_spread_of_its_parts() -> None:
    two = mixed([Part(1, 100.0, 0.0), Part(3, 200.0, 0.0)])
    assert two.mean == pytest.approx(175)
    assert two.deviation == pytest.approx(43.30, abs=0.01)


@settings(deadline=None)
@given(estimates, st.floats(0.02, 0.98))
def test_a_percentile_is_the_wait_that_is_not_passed_with_that_chance(
    one: Estimate, chance: float
) -> None:
    wait = one.percentile(chance)
    assert wait >= 0
    assert one.within(wait) >= chance - 1e-6
    if wait > 60:  # a twentieth of a second is nothing
        assert one.within(wait - 51) <= chance + 1e-6


@settings(deadline=None)
@given(estimates, st.floats(0, 1e7), st.floats(0, 1e7))
def test_longer_is_likelier(one: Estimate, wait: float, more: float) -> None:
    assert -1e-9 <= one.within(wait) <= one.within(wait + more) + 1e-9 <= 1 + 1e-6


def test_a_service_is_survived_less_the_longer_it_lasts() -> None:
    chances = [survival(90_000 * times, 90_000, 0.5) for times in (0, 1, 2, 4)]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == pytest.approx(1, abs=0.01)
    assert chances[3] < 0.01
