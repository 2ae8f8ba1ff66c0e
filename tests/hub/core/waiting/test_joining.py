"""Visits joined to waits, and the slope of the index against them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.joining import LEAST_ANSWERS, InForce, Point, slope, wait_of

MINUTE = 60_000
SERVICE = 90_000


def test_whoever_paid_joined_a_wait_and_a_service_before() -> None:
    kept = [
        InForce(0, 5 * MINUTE),
        InForce(10 * MINUTE, 8 * MINUTE),
        InForce(12 * MINUTE, 2 * MINUTE),
    ]
    assert wait_of(7 * MINUTE, SERVICE, kept) == 5 * MINUTE
    assert wait_of(19 * MINUTE + SERVICE, SERVICE, kept) == 2 * MINUTE
    assert wait_of(10 * MINUTE + SERVICE, SERVICE, kept) == 5 * MINUTE


def test_without_estimates_at_that_time_nothing_is_joined() -> None:
    assert wait_of(MINUTE, SERVICE, []) is None
    assert wait_of(MINUTE, SERVICE, [InForce(5 * MINUTE, 0)]) is None
    assert wait_of(300 * MINUTE, SERVICE, [InForce(0, 250 * MINUTE)]) is None
    withdrawn = [InForce(0, 3 * MINUTE), InForce(10 * MINUTE, None), InForce(12 * MINUTE, 0)]
    assert wait_of(11 * MINUTE + SERVICE, SERVICE, withdrawn) is None
    assert wait_of(10 * MINUTE - 1 + SERVICE, SERVICE, withdrawn) == 3 * MINUTE
    assert wait_of(12 * MINUTE + SERVICE, SERVICE, withdrawn) == 0


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**7), st.floats(0, 10**6)), max_size=20),
    st.integers(0, 10**7),
)
def test_nobody_joined_after_their_turn(pairs: list[tuple[int, float]], paid: int) -> None:
    kept = [InForce(*pair) for pair in sorted(pairs)]
    wait = wait_of(paid, SERVICE, kept)
    assert wait is None or 0 <= wait <= max(0.0, paid - SERVICE)


def answers(cost: float, seed: int, hours: int = 120, each: int = 10) -> list[Point]:
    """Each further minute costs so much; hours differ by 6 points beside."""
    dice, found = random.Random(seed), list[Point]()
    for hour in range(hours):
        own = dice.gauss(0, 6)
        for _ in range(each):
            minutes = dice.uniform(0, 12)
            sad = min(1.0, max(0.0, (12 - own + cost * minutes) / 100))
            found.append(
                Point(minutes, dice.choices((0, 50, 100), (sad, 0.1, max(0, 0.9 - sad)))[0], hour)
            )
    return found


def test_the_slope_is_found_with_an_interval_that_holds_it() -> None:
    inside = 0
    for seed in range(40):
        found = slope(answers(2.0, seed))
        assert found is not None
        inside += found.low <= -1.95 <= found.high
        assert found.high - found.low < 2.5
    assert inside >= 34  # 19 of 20 expected: 34 is one in 200 by chance


def test_it_is_withheld_until_there_is_enough() -> None:
    many = answers(2.0, 1)
    assert slope(many[: LEAST_ANSWERS - 1]) is None
    assert slope(answers(2.0, 1, hours=10, each=60)) is None
    assert slope([point._replace(minutes=5.0) for point in many]) is None
    assert slope([]) is None


def test_answers_that_share_an_hour_make_it_less_sure() -> None:
    dice = random.Random(4)
    shared = list[Point]()
    for hour in range(60):
        minutes, score = dice.uniform(0, 10), dice.choice((0.0, 50.0, 100.0))
        shared += [Point(minutes, score, hour)] * 10
    together = slope(shared)
    alone = slope([point._replace(hour=place) for place, point in enumerate(shared)])
    assert together is not None
    assert alone is not None
    assert together.value == pytest.approx(alone.value)
    assert together.high - together.low > 2.5 * (alone.high - alone.low)
