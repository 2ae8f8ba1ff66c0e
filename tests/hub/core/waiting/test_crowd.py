"""How many wait: time widens, sales step down, counts narrow, nothing breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.crowd import (
    FAR,
    MOST_WAITING,
    Crowd,
    after_arrival,
    after_count,
    after_opening,
    after_sale,
    after_time,
    around,
    empty,
    likelihood,
)

SERVICES = 1 / 90_000
MINUTE = 60_000


def test_nobody_waits_at_first_and_some_come() -> None:
    crowd = empty(4)
    assert crowd.waiting == 0
    assert crowd.at_least(-4) == 1
    later = after_time(crowd, 2 * MINUTE, 3 / MINUTE, SERVICES, 4)
    assert 1 < later.waiting + 4 < 6.5
    assert later.moments()[1] > 0


def test_a_count_narrows_and_time_widens() -> None:
    seen = after_count(around(10, 16, -4), 12, 0.01)
    assert seen.waiting == pytest.approx(12, abs=0.3)
    assert seen.moments()[1] < 0.5
    later = after_time(seen, 5 * MINUTE, 2 / MINUTE, SERVICES, 4)
    assert later.moments()[1] > 5
    assert later.waiting > 18


def test_a_noisy_count_moves_it_less() -> None:
    crowd = around(10, 1, -4)
    assert after_count(crowd, 14, 0.5).waiting < after_count(crowd, 14, 0.01).waiting < 14.1


def test_a_sale_lets_somebody_step_up() -> None:
    crowd = Crowd(7, (1.0,))
    assert after_sale(crowd, 4).waiting == 6
    assert after_arrival(crowd).waiting == 8


def test_a_sale_tells_that_somebody_was_served() -> None:
    maybe = Crowd(-4, (0.9, 0.0, 0.0, 0.0, 0.1))  # probably all free, perhaps all busy
    after = after_sale(maybe, 4)
    assert after.low == -1
    assert after_sale(empty(4), 4) == Crowd(-1, (1.0,))  # all were thought to be free


def test_silence_of_all_registers_tells_that_they_are_free() -> None:
    maybe = around(0, 4, -4)
    quiet = after_time(maybe, 4 * MINUTE, 0.01 / MINUTE, SERVICES, 4)
    assert quiet.at_least(0) < maybe.at_least(0) / 3


def test_a_count_that_contradicts_everything_starts_anew() -> None:
    crowd = Crowd(2, (1.0,))
    assert likelihood(crowd, 60, 0.01) < FAR
    assert after_count(crowd, 60, 0.01).waiting == pytest.approx(60, abs=1)


def test_where_the_counter_sees_who_is_served_it_tells_free_registers_apart() -> None:
    maybe = Crowd(-1, (0.5, 0.5))
    assert after_count(maybe, -1, 0.002, -1).at_least(0) < 0.01
    assert after_count(maybe, 0, 0.002, -1).at_least(0) > 0.99
    assert after_count(maybe, 0, 0.002).at_least(0) == pytest.approx(0.5)


def test_one_more_register_serves_one_of_those_whom_nobody_counted() -> None:
    crowd = around(6, 2, -3)
    assert after_opening(crowd, 3, 4, counted=False).waiting == pytest.approx(
        crowd.waiting - 1, abs=0.01
    )
    assert after_opening(crowd, 3, 4, counted=True) == crowd
    fewer = after_opening(empty(4), 4, 2, counted=True)
    assert fewer == Crowd(-2, (1.0,))


steps = st.one_of(
    st.tuples(st.just("time"), st.integers(0, 3_600_000)),
    st.tuples(st.just("sale"), st.integers(1, 6)),
    st.tuples(st.just("count"), st.integers(0, MOST_WAITING)),
    st.tuples(st.just("arrival"), st.just(1)),
    st.tuples(st.just("open"), st.integers(0, 6)),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(steps, max_size=25), st.floats(0.002, 0.5))
def test_whatever_happens_it_is_a_distribution(
    happens: list[tuple[str, int]], noise: float
) -> None:
    crowd, open_ = empty(3), 3
    for what, number in happens:
        if what == "time":
            crowd = after_time(crowd, number, 2 / MINUTE, SERVICES, open_)
        elif what == "sale":
            crowd = after_sale(crowd, max(1, open_))
        elif what == "count":
            crowd = after_count(crowd, number, noise)
        elif what == "arrival":
            crowd = after_arrival(crowd)
        else:
            crowd, open_ = after_opening(crowd, open_, number, counted=bool(number % 2)), number
        assert sum(crowd.chances) == pytest.approx(1)
        assert all(p >= 0 for p in crowd.chances)
        assert 0 <= crowd.waiting <= MOST_WAITING + 10
