"""Arrivals: lately, drawn towards what is usual."""

from __future__ import annotations

import pytest

from hub.core.waiting.arrivals import Arrivals, after_arrivals, fading, rate_of

MINUTE = 60_000


def watched(arrivals: Arrivals, minutes: int, each: float) -> Arrivals:
    for _ in range(minutes):
        arrivals = after_arrivals(arrivals, each, MINUTE)
    return arrivals


def test_nothing_known_is_one_a_minute_or_what_is_usual() -> None:
    assert rate_of(Arrivals()) == pytest.approx(1 / MINUTE)
    assert rate_of(Arrivals(usual=3 / MINUTE)) == pytest.approx(3 / MINUTE)


def test_what_came_lately_counts_most() -> None:
    seen = watched(watched(Arrivals(usual=1 / MINUTE), 60, 1), 15, 3)
    assert 2 < rate_of(seen) * MINUTE < 3


def test_where_nobody_watches_what_is_usual_returns() -> None:
    seen = watched(Arrivals(usual=1 / MINUTE), 30, 3)
    assert rate_of(fading(seen, 60 * MINUTE)) < 1.2 / MINUTE
    unknown = watched(Arrivals(), 30, 3)
    assert fading(unknown, 60 * MINUTE) == unknown


def test_corrections_never_make_it_negative() -> None:
    seen = after_arrivals(watched(Arrivals(), 3, 1), -50, 0)
    assert rate_of(seen) > 0


def test_all_that_came_is_added_up_for_later() -> None:
    seen = watched(Arrivals(), 5, 2)
    assert (seen.total, seen.total_ms) == (10, 5 * MINUTE)
