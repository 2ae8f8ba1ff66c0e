"""What one more register would have done."""

from __future__ import annotations

from math import log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.whatif import (
    Change,
    Day,
    drawn,
    drawn_service,
    one_more,
    waits,
    with_one_more,
)

MINUTE = 60_000
HOUR = 60 * MINUTE
RUSH = tuple(round(number * MINUTE / 3) for number in range(360))
"""Two hours at three a minute."""


def day(joined: tuple[int, ...] = RUSH, registers: int = 4, square: float = 0.5) -> Day:
    return Day(joined, (Change(0, registers),), 90_000, square)


def test_one_more_register_shortens_a_rush() -> None:
    effect = one_more(day(), HOUR, 2 * HOUR, 0.8, 10 * MINUTE)
    assert effect is not None
    assert effect.shoppers == 180
    assert effect.before == pytest.approx(10 * MINUTE, abs=MINUTE)
    assert effect.after < effect.before / 2


def test_where_nobody_waited_it_changes_nothing() -> None:
    effect = one_more(day(registers=12), HOUR, 2 * HOUR, 0.8, 0)
    assert effect is not None
    assert (effect.before, effect.after) == (0, 0)


def test_nothing_is_said_of_few_shoppers_or_of_a_day_that_cannot_be_drawn_again() -> None:
    assert one_more(day(RUSH[:10]), 0, HOUR, 0.8, 0) is None
    assert one_more(Day(RUSH, (), 90_000, 0.5), 0, HOUR, 0.8, 0) is None
    assert one_more(day(), HOUR, 2 * HOUR, 0.8, 90 * MINUTE) is None


def test_the_plan_has_one_more_in_the_window_only() -> None:
    plan = [Change(0, 2), Change(100, 3), Change(300, 1)]
    assert with_one_more(plan, 50, 200) == (
        Change(0, 2),
        Change(50, 3),
        Change(100, 4),
        Change(200, 3),
        Change(300, 1),
    )


def test_who_joins_before_a_register_opens_waits_for_it() -> None:
    plan = (Change(0, 0), Change(10_000, 1))
    found = waits(Day((1_000, 2_000), plan, 5_000, 0.05), plan, 1)
    assert found[0] == (1_000, 9_000)
    assert found[1][1] > 9_000
    assert waits(Day((1_000,), (Change(0, 0),), 5_000, 0.5), (Change(0, 0),), 1) == []


def test_draws_are_even_and_services_have_their_mean_and_spread() -> None:
    draws = [drawn(1, number) for number in range(20_000)]
    assert 0 < min(draws) < max(draws) < 1
    assert sum(draws) / len(draws) == pytest.approx(0.5, abs=0.01)
    service = drawn_service(90_000, 0.5)
    took = [service(one) for one in draws]
    mean = sum(took) / len(took)
    assert mean == pytest.approx(90_000, rel=0.02)
    square = sum((one / mean - 1) ** 2 for one in took) / len(took)
    assert square == pytest.approx(0.5, rel=0.1)


def test_it_is_the_wait_of_theory_where_one_register_serves() -> None:
    """M/M/1 at 0.6: whoever comes waits 1.5 services on average (Pollaczek and Khinchine)."""
    gaps = [round(-150_000 * log(drawn(99, number))) for number in range(12_000)]
    at, joined = 0, list[int]()
    for gap in gaps:
        at += gap
        joined.append(at)
    one = Day(tuple(joined), (Change(0, 1),), 90_000, 1.0)
    found = [wait for _, wait in waits(one, one.open, 3)]
    assert sum(found) / len(found) == pytest.approx(1.5 * 90_000, rel=0.15)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.integers(0, HOUR), max_size=40),
    st.lists(st.builds(Change, st.integers(0, HOUR), st.integers(0, 4)), min_size=1, max_size=5),
)
def test_first_come_first_served_and_never_sooner(joined: list[int], plan: list[Change]) -> None:
    one = Day(tuple(joined), tuple(plan), 90_000, 0.5)
    found = waits(one, plan, 1)
    assert all(wait >= 0 for _, wait in found)
    begins = [at + wait for at, wait in found]
    assert begins == sorted(begins)
