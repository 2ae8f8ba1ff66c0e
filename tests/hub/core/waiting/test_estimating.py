"""QL, HOL and LES against what theory says of them."""

from __future__ import annotations

import pytest

from hub.core.waiting.crowd import Crowd, around, empty
from hub.core.waiting.estimating import (
    Pace,
    head_of_line,
    last_to_enter,
    paces,
    queue_length,
)

EVERY = 22_500.0
FOUR = (Pace(1.0, 4, EVERY, 0.0),)


@pytest.mark.parametrize("ahead", [0, 1, 7, 30])
def test_with_random_services_the_length_of_the_line_is_an_erlang_law(ahead: int) -> None:
    estimate = queue_length(Crowd(ahead, (1.0,)), FOUR, 1.0)
    assert estimate.mean == pytest.approx((ahead + 1) * EVERY)
    assert estimate.deviation == pytest.approx((ahead + 1) ** 0.5 * EVERY)
    assert (estimate.deviation / estimate.mean) ** 2 == pytest.approx(1 / (ahead + 1))


def test_regular_services_are_surer_and_end_a_little_sooner() -> None:
    random_, regular = (queue_length(Crowd(10, (1.0,)), FOUR, one) for one in (1.0, 0.3))
    assert regular.mean < random_.mean
    assert regular.deviation < 0.75 * random_.deviation


def test_where_a_register_is_free_nobody_waits() -> None:
    assert queue_length(empty(4), FOUR, 1.0).none == 1
    half = queue_length(Crowd(-1, (0.5, 0.5)), FOUR, 1.0)
    assert half.none == pytest.approx(0.5)
    assert half.mean == pytest.approx(EVERY / 2)


def test_doubt_about_line_pace_and_registers_widens_it() -> None:
    sure = queue_length(Crowd(10, (1.0,)), FOUR, 1.0)
    assert queue_length(around(10, 9, 0), FOUR, 1.0).deviation > 1.2 * sure.deviation
    doubted = (Pace(1.0, 4, EVERY, 0.05),)
    assert queue_length(Crowd(10, (1.0,)), doubted, 1.0).deviation > 1.1 * sure.deviation
    either = paces((0.0, 0.0, 0.0, 0.5, 0.5), (1.0, 1.0, 1.0, 0.5), (1 / 90_000,) * 4, 0.0)
    assert [one.registers for one in either] == [3, 4]
    mixture = queue_length(Crowd(10, (1.0,)), either, 1.0)
    assert mixture.mean > sure.mean
    assert mixture.deviation > 1.1 * sure.deviation


def test_where_nobody_serves_there_is_no_pace() -> None:
    assert paces((1.0,), (), (), 0.0) == ()
    assert paces((1.0, 0.0), (0.0,), (1 / 90_000,), 0.0) == ()
    assert queue_length(Crowd(3, (1.0,)), (), 1.0).parts == ()


def test_the_delay_of_others_is_half_as_sure_as_the_length_of_the_line() -> None:
    length = queue_length(Crowd(19, (1.0,)), FOUR, 1.0)
    head = head_of_line(20 * EVERY, EVERY, 1.0)
    last = last_to_enter(20 * EVERY, EVERY, EVERY, 1.0)
    assert head.mean == last.mean == pytest.approx(length.mean)
    ratio = (head.deviation / length.deviation) ** 2
    assert ratio == pytest.approx(2, abs=0.2)
    assert last.deviation > head.deviation


def test_whoever_has_just_come_first_still_waits_for_a_service() -> None:
    assert head_of_line(0.0, EVERY, 1.0).mean == EVERY
