"""Waits between attempts: bounded, growing, and spread."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.backoff import CAP_MS, FIRST_MS, wait_ms

CHANCES = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(st.integers(min_value=0, max_value=10_000_000), CHANCES)
def test_a_wait_never_exceeds_the_cap_nor_the_doubling(failures: int, chance: float) -> None:
    wait = wait_ms(failures, chance)
    assert 0 <= wait < CAP_MS
    assert wait <= FIRST_MS * 2 ** min(failures, 20)


@given(st.integers(min_value=0, max_value=100), CHANCES)
def test_one_more_failure_never_shortens_the_same_chance(failures: int, chance: float) -> None:
    assert wait_ms(failures, chance) <= wait_ms(failures + 1, chance)


@given(st.integers(min_value=0, max_value=100))
def test_the_jitter_is_full(failures: int) -> None:
    longest = min(CAP_MS, FIRST_MS * 2**failures)
    assert wait_ms(failures, 0.0) == 0
    assert wait_ms(failures, 0.5) == longest // 2
    assert wait_ms(failures, 1 - 2**-53) >= longest - 1


def test_first_wait_and_cap_can_be_set() -> None:
    assert wait_ms(3, 0.5, first=10, cap=1_000) == 40
    assert wait_ms(30, 0.5, first=10, cap=1_000) == 500
