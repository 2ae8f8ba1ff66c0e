"""Agreement: one miss is chance, twenty on one side are not."""

from __future__ import annotations

from hub.core.waiting.agreeing import ENOUGH, Agreement, compared

MINUTE = 60_000


def after_misses(waited: list[float]) -> Agreement:
    agreement = Agreement()
    for one in waited:
        agreement = compared(agreement, one, 5 * MINUTE, MINUTE)
    return agreement


def test_nothing_known_agrees() -> None:
    assert Agreement().holds
    assert after_misses([60 * MINUTE] * (ENOUGH - 1)).holds


def test_misses_on_both_sides_agree() -> None:
    assert after_misses([3 * MINUTE, 7 * MINUTE] * 40).holds


def test_misses_on_one_side_do_not_and_are_forgiven_in_time() -> None:
    wrong = after_misses([8.5 * MINUTE] * 60)
    assert not wrong.holds
    for _ in range(40):
        wrong = compared(wrong, 5 * MINUTE, 5 * MINUTE, MINUTE)
    assert wrong.holds


def test_seconds_are_no_miss_where_nothing_was_estimated() -> None:
    agreement = Agreement()
    for _ in range(100):
        agreement = compared(agreement, 8_000, 0.0, 0.0)
    assert agreement.holds
