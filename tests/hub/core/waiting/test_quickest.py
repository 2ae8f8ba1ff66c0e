"""The quickest lane: only where it is sure, and not for everybody."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.estimates import Estimate, Part
from hub.core.waiting.facts import LineId
from hub.core.waiting.quickest import LONGEST_MS, WALK_MS, Lane, named, next_hint

MINUTE = 60_000
ONE, TWO, THREE = LineId("lane-1"), LineId("lane-2"), LineId("lane-3")
RATE = 2 / MINUTE


def lane(minutes: float, deviation: float = 0.5) -> Lane:
    part = Part(1.0, minutes * MINUTE, deviation * MINUTE)
    return Lane(Estimate((part,)), 1.5 * MINUTE)


def test_nothing_is_named_where_lanes_are_alike() -> None:
    assert next_hint({ONE: lane(5), TWO: lane(5.5)}, RATE, 0, None) is None
    assert next_hint({ONE: lane(2, 3), TWO: lane(5, 3)}, RATE, 0, None) is None
    assert next_hint({ONE: lane(2)}, RATE, 0, None) is None


def test_the_quickest_is_named_against_every_other_lane() -> None:
    lanes = {ONE: lane(8), TWO: lane(2), THREE: lane(8)}
    assert named(next_hint(lanes, RATE, 0, None), 0) == TWO
    assert next_hint(lanes | {THREE: lane(2.4)}, RATE, 0, None) is None


def test_it_is_named_for_as_many_as_even_out_half_and_then_rests() -> None:
    lanes = {ONE: lane(8), TWO: lane(2)}
    hint = next_hint(lanes, RATE, 0, None)
    assert hint is not None
    assert hint.until == min(LONGEST_MS, round(6 / 1.5 / 2 / RATE))
    assert named(hint, hint.until - 1) == TWO
    assert named(hint, hint.until) is None
    resting = next_hint(lanes, RATE, hint.until, hint)
    assert named(resting, hint.until) is None
    again = next_hint(lanes, RATE, hint.until + WALK_MS, resting)
    assert named(again, hint.until + WALK_MS) == TWO


def test_the_busier_the_store_the_shorter_it_is_named() -> None:
    lanes = {ONE: lane(8), TWO: lane(5)}
    calm, busy = (next_hint(lanes, rate / MINUTE, 0, None) for rate in (0.5, 5))
    assert calm is not None
    assert busy is not None
    assert busy.until < calm.until


def test_it_is_taken_back_at_once_where_another_became_quicker() -> None:
    hint = next_hint({ONE: lane(8), TWO: lane(2)}, RATE, 0, None)
    turned = next_hint({ONE: lane(2), TWO: lane(8)}, RATE, 10_000, hint)
    assert named(turned, 10_000) is None
    gone = next_hint({ONE: lane(2)}, RATE, 10_000, hint)
    assert named(gone, 10_000) is None


@settings(deadline=None)
@given(
    st.lists(st.floats(0, 30), min_size=2, max_size=6), st.floats(0, 0.01), st.integers(0, 10**6)
)
def test_whatever_is_named_is_least_and_not_for_ever(
    minutes: list[float], rate: float, now: int
) -> None:
    lanes = {LineId(f"lane-{place}"): lane(one) for place, one in enumerate(minutes)}
    hint = next_hint(lanes, rate, now, None)
    if hint is not None:
        assert lanes[hint.line_id].estimate.mean == min(one.estimate.mean for one in lanes.values())
        assert now <= hint.until <= now + LONGEST_MS
