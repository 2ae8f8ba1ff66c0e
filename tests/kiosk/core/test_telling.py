"""Looks at the device, in a time of the test's own: now and then, at once, and never in a flood."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.telling import EVERY_MS, LEAST_MS, Looks

MINUTE = 60_000


def looks_of(asked_at: list[int], until: int) -> list[int]:
    """When is looked, where somebody asks at these instants (ms); time goes on by itself."""
    now, looks, waiting, seen = 0, Looks(), sorted(asked_at), list[int]()
    while now <= until:
        due = now + looks.wait_ms(now)
        if waiting and waiting[0] <= due:
            now = max(now, waiting.pop(0))
            looks = looks.ask()
            continue
        now = due
        if now <= until:
            looks = looks.looked(now)
            seen.append(now)
    return seen


def test_it_is_looked_at_the_start_and_then_every_minute() -> None:
    assert looks_of([], 3 * MINUTE) == [0, MINUTE, 2 * MINUTE, 3 * MINUTE]


def test_whoever_asks_is_heard_at_once() -> None:
    assert looks_of([10_000], 2 * MINUTE) == [0, 10_000, 10_000 + EVERY_MS]


def test_two_answers_in_a_row_are_told_a_second_apart() -> None:
    assert looks_of([10_000, 10_200], 30_000) == [0, 10_000, 11_000]


def test_a_flood_of_orders_makes_no_flood_of_reports() -> None:
    assert looks_of(list(range(10_000, 13_000)), 30_000) == [0, 10_000, 11_000, 12_000, 13_000]


@given(st.lists(st.integers(0, 5 * MINUTE), max_size=60))
def test_nobody_waits_longer_than_the_least_pause_and_no_two_looks_are_closer(
    asked_at: list[int],
) -> None:
    seen = looks_of(asked_at, 6 * MINUTE)
    assert all(later - sooner >= LEAST_MS for sooner, later in pairwise(seen))
    for at in asked_at:
        assert any(at <= look <= at + LEAST_MS for look in seen), at
