"""How right the notices were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.core.waiting.outcomes import MINUTE_MS, Rightness, Shown, outcome, told_at


def test_whoever_joined_was_told_what_stood_just_then() -> None:
    shown = [Shown(100, 5), Shown(200, None), Shown(300, 0)]
    assert [told_at(shown, at) for at in (99, 100, 199, 200, 300, 999)] == [None, 5, 5, None, 0, 0]


def test_half_a_minute_longer_is_no_lie() -> None:
    assert outcome(5, 5 * MINUTE_MS + 30_000).too_short == 0
    assert outcome(5, 5 * MINUTE_MS + 30_001).too_short == 1


def test_over_statement_is_what_was_told_too_much() -> None:
    assert outcome(5, 3 * MINUTE_MS).over_minutes == 2
    assert outcome(5, 9 * MINUTE_MS).over_minutes == 0
    assert outcome(5, 3 * MINUTE_MS).within_minute == 0
    assert outcome(0, 0).within_minute == 1
    assert Rightness().over_minutes is None
    assert outcome(None, 5) == Rightness(untold=1)


@given(st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 60)), st.integers(0, 10**7))))
def test_everybody_is_told_or_not(everybody: list[tuple[int | None, int]]) -> None:
    right = sum((outcome(*one) for one in everybody), Rightness())
    assert right.told + right.untold == len(everybody)
    assert right.within_minute + right.too_short <= 2 * right.told
