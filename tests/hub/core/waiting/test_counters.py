"""Counters: alive, silent, stuck, typed, odd; and how noisy they are."""

from __future__ import annotations

import random

import pytest

from hub.core.waiting.counters import (
    LEAST_NOISE,
    MOST_NOISE,
    STUCK_SALES,
    TYPED_MS,
    Counter,
    after_contradiction,
    after_count,
    after_passing,
    after_sale,
    after_start,
    after_surprise,
    after_time,
    confirms,
    is_alive,
    is_stuck,
)
from hub.core.waiting.facts import Source


def counted(counter: Counter, at: int, number: int) -> Counter:
    return after_count(counter, at, number, Source.COUNTER)


def test_a_counter_that_never_spoke_is_not_alive() -> None:
    assert not is_alive(Counter(), 0)


def test_a_counter_that_is_silent_for_a_minute_is_dead() -> None:
    seen = counted(Counter(), 0, 3)
    assert is_alive(seen, 59_000)
    assert not is_alive(seen, 61_000)


def test_a_slow_counter_has_more_time_up_to_five_minutes() -> None:
    slow = Counter()
    for number in range(60):
        slow = counted(slow, number * 40_000, number % 3)
    assert is_alive(slow, 59 * 40_000 + 120_000)
    assert not is_alive(slow, 59 * 40_000 + 301_000)


def test_a_value_that_stays_while_the_line_moves_is_stuck_until_it_changes() -> None:
    seen = counted(Counter(), 0, 7)
    for number in range(1, STUCK_SALES + 1):
        assert not is_stuck(seen)
        seen = counted(after_start(seen), number * 20_000, 7)
    assert is_stuck(seen)
    assert not is_alive(seen, seen.at or 0)
    assert is_alive(counted(seen, 200_000, 6), 200_000)


def test_an_empty_line_may_stay_empty_for_ever() -> None:
    seen = counted(Counter(), 0, 0)
    for number in range(1, 50):
        seen = counted(after_start(seen), number * 20_000, 0)
    assert is_alive(seen, seen.at or 0)


def test_nought_is_stuck_where_all_registers_sell_as_fast_as_they_can() -> None:
    busy = calm = counted(Counter(), 0, 0)
    for number in range(1, 40):
        busy = counted(after_sale(after_time(busy, 1.0)), number * 20_000, 0)
        calm = counted(after_time(calm, 1.0), number * 20_000, 0)
        calm = after_sale(calm) if number % 3 else calm
    assert is_stuck(busy)
    assert not is_stuck(calm)
    assert not is_stuck(counted(busy, 900_000, 1))


def test_what_somebody_typed_is_trusted_for_minutes() -> None:
    typed = after_count(Counter(), 0, 5, Source.TYPED)
    assert is_alive(typed, TYPED_MS)
    assert not is_alive(typed, TYPED_MS + 1)


def test_a_gate_is_silent_where_nobody_passes_and_dead_where_sales_go_on_without_it() -> None:
    gate = after_passing(Counter(), 0, 1)
    assert is_alive(gate, 3_600_000)
    for _ in range(STUCK_SALES):
        gate = after_start(gate)
    assert not is_alive(gate, 3_600_000)
    assert is_alive(after_passing(gate, 3_600_001, 2), 3_600_001)


def test_an_odd_count_is_confirmed_by_a_second_one_like_it() -> None:
    odd = after_contradiction(counted(Counter(), 0, 3), 60)
    assert odd.contradictions == 1
    assert odd.number == 3
    assert confirms(odd, 57)
    assert not confirms(odd, 4)
    assert not confirms(counted(odd, 5, 4), 60)


def noise_after(deviation: float, seed: int) -> float:
    dice, counter = random.Random(seed), counted(Counter(), 0, 16)
    for _ in range(600):
        counter = after_surprise(counter, dice.gauss(0, deviation) ** 2 + 0.3, 0.3)
    return counter.noise


def test_how_noisy_a_counter_is_is_learned() -> None:
    assert noise_after(0.0, 1) == pytest.approx(LEAST_NOISE)
    assert noise_after(1.2, 1) == pytest.approx(0.09, abs=0.05)  # 30 % of the root of 16
    assert noise_after(40.0, 1) == MOST_NOISE
