"""Which registers are open: silence before a line tells, silence alone does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.opening import (
    SOUND,
    TOLD_MS,
    Register,
    after_sale,
    after_silence,
    after_word,
    chance_open,
    how_many,
    likeliest,
)
from hub.core.waiting.services import Service
from shared.places import PointId

MEAN = 90_000
SERVICE = Service(MEAN, 0.01, 0.5)
SOLD = after_sale(Register(PointId("caja-1")), 1_000_000, 1.0)


def after_pressed(times: float) -> float:
    return chance_open(after_silence(SOLD, times * MEAN, 1.0), SERVICE, 2_000_000)


def test_who_sells_is_open() -> None:
    assert chance_open(SOLD, SERVICE, 1_000_000) > 0.99
    assert after_pressed(1.0) > SOUND


def test_a_register_that_is_silent_before_a_line_is_closed_within_a_few_services() -> None:
    assert after_pressed(3) > 0.5
    assert after_pressed(5) < 0.5
    assert after_pressed(8) < 0.05


def test_a_register_that_nobody_needs_may_be_silent_for_long() -> None:
    idle = after_silence(SOLD, 20 * MEAN, 0.0)
    assert chance_open(idle, SERVICE, 3_000_000) > 0.7


def test_a_register_that_never_sold_is_closed_until_it_does() -> None:
    never = Register(PointId("caja-9"))
    assert chance_open(never, SERVICE, 0) < 0.1
    assert chance_open(after_sale(never, 5, 1.0), SERVICE, 5) > 0.9


def test_a_word_helps_for_a_while_and_never_decides() -> None:
    silent = after_silence(SOLD, 4.2 * MEAN, 1.0)
    plain = chance_open(silent, SERVICE, 0)
    said_open = after_word(silent, 0, is_open=True)
    said_closed = after_word(silent, 0, is_open=False)
    assert chance_open(said_closed, SERVICE, 0) < plain < chance_open(said_open, SERVICE, 0)
    assert chance_open(said_open, SERVICE, TOLD_MS + 1) == plain
    gone = after_silence(said_open, 10 * MEAN, 1.0)
    assert chance_open(gone, SERVICE, 0) < 0.1


def test_the_number_that_is_open_is_a_distribution() -> None:
    assert how_many([]) == (1.0,)
    assert how_many([1.0, 1.0, 0.0]) == (0.0, 0.0, 1.0, 0.0)
    assert how_many([0.5, 0.5]) == pytest.approx((0.25, 0.5, 0.25))
    assert likeliest(how_many([0.9, 0.9, 0.2])) == 2


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), max_size=12))
def test_its_mean_is_the_sum_of_the_chances(chances: list[float]) -> None:
    numbers = how_many(chances)
    assert sum(numbers) == pytest.approx(1)
    mean = sum(number * chance for number, chance in enumerate(numbers))
    assert mean == pytest.approx(sum(chances))


@settings(deadline=None)
@given(st.floats(0, 1e8), st.floats(0, 1), st.booleans(), st.booleans())
def test_a_chance_is_a_chance(ms: float, pressed: float, told: bool, sold: bool) -> None:
    one = after_silence(SOLD if sold else Register(PointId("c")), ms, pressed)
    if told:
        one = after_word(one, 0, is_open=True)
    assert 0 <= chance_open(one, SERVICE, 0) <= 1
