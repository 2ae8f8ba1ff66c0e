from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.backoff import full_jitter


@given(failures=st.integers(-5, 10**9), draw=st.floats(0, 1))
def test_a_pause_is_never_negative_and_never_above_the_cap(failures: int, draw: float) -> None:
    assert 0 <= full_jitter(failures, lambda: draw, longest=10) <= 10


def test_the_cap_doubles_with_each_failure_until_the_longest() -> None:
    caps = [full_jitter(n, lambda: 1.0, first=1, longest=10) for n in range(1, 7)]
    assert caps == [1, 2, 4, 8, 10, 10]


def test_the_whole_range_is_used() -> None:
    assert full_jitter(3, lambda: 0.0) == 0
