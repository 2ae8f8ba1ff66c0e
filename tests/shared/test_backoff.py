"""Waits between attempts: bounded, growing, and spread."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.backoff import FIRST_MS, LONGEST_MS, wait_ms
from tests.parts.kiosk import NEAR

CHANCES = st.floats(min_value=0, max_value=1, exclude_max=True)


@given(st.integers(min_value=-5, max_value=10**9), CHANCES)
def test_a_wait_never_exceeds_the_longest_nor_the_doubling(failures: int, chance: float) -> None:
    wait = wait_ms(failures, chance)
    assert 0 <= wait < LONGEST_MS
    assert wait <= FIRST_MS * 2 ** min(max(failures - 1, 0), 20)


@given(st.integers(min_value=0, max_value=100), CHANCES)
def test_one_more_failure_never_shortens_the_same_chance(failures: int, chance: float) -> None:
    assert wait_ms(failures, chance) <= wait_ms(failures + 1, chance)


@given(st.integers(min_value=1, max_value=100))
def test_the_jitter_is_full(failures: int) -> None:
    longest = min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1))
    assert wait_ms(failures, 0.0) == 0
    assert wait_ms(failures, 0.5) == longest // 2
    assert wait_ms(failures, 1 - 2**-53) >= longest - 1


def test_it_doubles_with_each_failure_until_the_longest() -> None:
    waits = [wait_ms(failures, 0.5, first=20, longest=200) for failures in range(1, 7)]
    assert waits == [10, 20, 40, 80, 100, 100]


def test_the_longest_waits_of_hub_and_kiosk_together_leave_time_to_recover() -> None:
    """They can follow each other: the kiosk leaves its silent line just before the hub is back."""
    kiosk = wait_ms(100, 1 - 2**-53, longest=NEAR.longest_wait)
    hub = wait_ms(100, 1 - 2**-53)
    assert hub + kiosk <= 13_000
