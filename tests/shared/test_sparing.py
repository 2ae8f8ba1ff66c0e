from __future__ import annotations

import pytest

from shared.sparing import Sparing

HOUR = 3_600_000


@pytest.fixture
def sparing() -> Sparing:
    return Sparing(burst=2, every_ms=HOUR, most=3)


def test_the_first_ones_are_told_and_the_others_counted(sparing: Sparing) -> None:
    assert [sparing.tell("a", now) for now in range(5)] == [0, 0, None, None, None]
    assert sparing.tell("a", HOUR) == 3, "the next span begins with how many were held back"
    assert sparing.tell("a", HOUR) == 0


def test_one_key_does_not_silence_another(sparing: Sparing) -> None:
    for _ in range(100):
        sparing.tell("a", 0)
    assert sparing.tell("b", 0) == 0


def test_a_new_key_for_every_line_gains_nothing(sparing: Sparing) -> None:
    told = [sparing.tell(f"key {number}", 0) for number in range(1000)]
    assert sum(one is not None for one in told) == 3 + 2, "three keys, and one for all others"
    assert len(sparing._spans) <= 4


def test_keys_that_fell_silent_make_room(sparing: Sparing) -> None:
    for number in range(4):
        sparing.tell(f"key {number}", 0)
    assert sparing.tell("late", HOUR) == 0
    assert "late" in sparing._spans


def test_a_clock_that_goes_back_begins_a_new_span(sparing: Sparing) -> None:
    for _ in range(3):
        sparing.tell("a", HOUR)
    assert sparing.tell("a", 0) == 1
