"""A line of which nothing is known yet, and what its length says."""

from __future__ import annotations

import pytest

from hub.core.waiting.crowd import Crowd
from hub.core.waiting.opening import after_sale
from hub.core.waiting.queue import (
    Queue,
    begun,
    by_length,
    chances,
    expecting,
    is_watched,
    pace,
    typical,
)
from hub.core.waiting.services import Services
from tests.hub.core.waiting.lines import LINE, START, open_queue

SERVICES = Services()


def test_at_first_nobody_serves_and_nobody_watches() -> None:
    queue = begun(LINE, START)
    assert sum(chances(queue, SERVICES)) < 0.5
    assert not is_watched(queue)
    assert queue.waiting == ()


def test_registers_that_sold_make_the_pace() -> None:
    queue = open_queue(4)
    (*_, best) = pace(queue, SERVICES)
    assert best.registers == 4
    assert best.every == pytest.approx(22_500, rel=0.02)
    assert best.chance > 0.9


def test_the_length_of_the_line_over_the_pace_is_the_wait() -> None:
    queue = open_queue(4, waiting=11)
    expected = 12 * 22_500 - (1 - SERVICES.square) / 2 * 22_500
    assert by_length(queue, SERVICES).mean == pytest.approx(expected, rel=0.05)


def test_a_silent_register_makes_the_wait_longer_and_less_sure() -> None:
    queue = open_queue(4, waiting=11)
    register = queue.registers[0]
    silent = register._replace(pressed=4.0 * 90_000)
    doubted = Queue(
        queue.line, queue.at, Crowd(11, (1.0,)), (silent, *queue.registers[1:]), queue.open
    )
    one, other = by_length(queue, SERVICES), by_length(doubted, SERVICES)
    assert other.mean > one.mean
    assert other.deviation > one.deviation
    back = after_sale(silent, queue.at, 1.0)
    again = Queue(queue.line, queue.at, Crowd(11, (1.0,)), (back, *queue.registers[1:]), queue.open)
    assert by_length(again, SERVICES).mean == pytest.approx(one.mean, rel=0.01)


def test_what_is_usual_is_told_to_it() -> None:
    assert expecting(begun(LINE, START), 0.001).arrivals.usual == 0.001
    assert typical(begun(LINE, START), SERVICES).mean == pytest.approx(90_000)
