"""A throttle: so often and no more, each for themselves, and bounded."""

from __future__ import annotations

from hub.core.throttling import MOST_KEYS, Throttle


def test_so_often_and_then_not_until_the_next_window() -> None:
    throttle = Throttle(2, 1_000)
    assert [throttle.wait_ms("a", 5_100) for _ in range(3)] == [0, 0, 900]
    assert throttle.wait_ms("b", 5_100) == 0
    assert throttle.wait_ms("a", 6_000) == 0


def test_it_never_remembers_more_than_it_may() -> None:
    throttle = Throttle(1, 1_000)
    for number in range(MOST_KEYS + 5):
        assert throttle.wait_ms(str(number), 0) == 0
    assert len(throttle._counts) == 5
