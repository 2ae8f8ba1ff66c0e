"""What usually comes in a quarter of an hour."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.usual import QUARTER_MS, QUARTERS, Usual, quarter_of

WEEK = QUARTERS * QUARTER_MS
DAY = WEEK // 7


def test_nothing_is_usual_at_first() -> None:
    assert Usual().rate(0) is None


def test_the_next_day_knows_the_quarter_and_its_neighbours() -> None:
    known = Usual().learned(10 * QUARTER_MS, 30, QUARTER_MS)
    assert known.rate(10 * QUARTER_MS + DAY) == pytest.approx(30 / QUARTER_MS)
    assert known.rate(11 * QUARTER_MS) == pytest.approx(30 / QUARTER_MS)
    assert known.rate(40 * QUARTER_MS) is None


def test_the_own_weekday_weighs_more_than_others() -> None:
    known = Usual().learned(0, 10, QUARTER_MS).learned(DAY, 40, QUARTER_MS)
    first, second = known.rate(0), known.rate(DAY)
    assert first is not None
    assert second is not None
    assert 10 < first * QUARTER_MS < 20
    assert 30 < second * QUARTER_MS < 40


def test_older_weeks_fade() -> None:
    known = Usual()
    for week in range(30):
        known = known.learned(week * WEEK, 10 if week < 20 else 30, QUARTER_MS)
    rate = known.rate(0)
    assert rate is not None
    assert rate * QUARTER_MS == pytest.approx(30, rel=0.1)


@settings(deadline=None)
@given(st.integers(0, 2**42), st.floats(-100, 1_000), st.floats(1, QUARTER_MS))
def test_every_instant_has_a_quarter_and_no_rate_is_negative(
    at: int, came: float, ms: float
) -> None:
    assert 0 <= quarter_of(at) < QUARTERS
    assert (Usual().learned(at, came, ms).rate(at) or 0) >= 0
