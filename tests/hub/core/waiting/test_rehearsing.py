"""A past week told once more: on the terms of then it is what was told, on others what would be."""

from __future__ import annotations

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hub.core.waiting.estimates import Estimate, Part
from hub.core.waiting.facts import LineId
from hub.core.waiting.noticing import Terms, Withdrawn, allowed, minutes_of, width
from hub.core.waiting.outcomes import Rightness
from hub.core.waiting.rehearsing import (
    HELD_MS,
    Curve,
    Kept,
    Waited,
    Week,
    enough,
    rehearsed,
    retold,
)

MINUTE = 60_000
LINE = LineId("line-1")

three = st.tuples(*[st.floats(0, 3_600_000)] * 3).map(sorted)
estimates = st.builds(
    lambda mean, share, other, none: Estimate(
        (
            Part((1 - none) * 0.6, mean, mean * share),
            Part((1 - none) * 0.4, mean * other, mean * share * 0.8),
        ),
        none,
    ),
    st.floats(20_000, 900_000),
    st.floats(0.2, 1.0),
    st.floats(0.7, 1.3),
    st.sampled_from([0.0, 0.05, 0.2, 0.4]),
)


def curve_of(estimate: Estimate) -> Curve:
    return Curve(*(estimate.percentile(chance) for chance in (0.1, 0.5, 0.9)))


def kept(at: int, minutes: float, spread: float = 1.0, withdrawn: str | None = None) -> Kept:
    middle, half = minutes * MINUTE, spread * MINUTE
    return Kept(at, withdrawn, Curve(middle - half, middle, middle + half))


@given(three)
@settings(deadline=None)
def test_what_was_kept_comes_out_as_it_was_kept(kept: list[float]) -> None:
    curve = Curve(*kept)
    assert [curve.percentile(chance) for chance in (0.1, 0.5, 0.9)] == pytest.approx(kept)


@given(three, st.lists(st.floats(0.01, 0.99), min_size=2, max_size=8))
@settings(deadline=None)
def test_a_higher_percentile_is_never_shorter(kept: list[float], chances: list[float]) -> None:
    curve = Curve(*kept)
    waits = [curve.percentile(chance) for chance in sorted(chances)]
    assert waits == sorted(waits)
    assert all(wait >= 0.0 for wait in waits)


@given(three, st.floats(0.02, 0.98))
@settings(deadline=None)
def test_chance_and_percentile_are_two_sides_of_one(kept: list[float], chance: float) -> None:
    low, middle, high = kept
    assume(middle - low > 1_000 and high - middle > 1_000)
    curve = Curve(*kept)
    wait = curve.percentile(chance)
    assume(wait > 0.0)
    assert curve.within(wait) == pytest.approx(chance, abs=1e-6)


@given(three, st.lists(st.floats(0, 7_200_000), min_size=2, max_size=8))
@settings(deadline=None)
def test_a_longer_wait_is_never_less_likely(kept: list[float], waits: list[float]) -> None:
    curve = Curve(*kept)
    chances = [curve.within(wait) for wait in sorted(waits)]
    assert chances == sorted(chances)
    assert all(0.0 <= chance <= 1.0 for chance in chances)


@given(estimates, st.sampled_from([0.5, 0.6, 0.7, 0.8, 0.9, 0.95]))
@settings(deadline=None)
def test_it_is_near_the_estimate_that_would_have_been_told(
    estimate: Estimate, chance: float
) -> None:
    assume(width(estimate) <= allowed(estimate, Terms()))
    apart = abs(curve_of(estimate).percentile(chance) - estimate.percentile(chance))
    assert apart < (30_000 if estimate.none > 0.2 else 20_000)


@given(st.lists(estimates, min_size=1, max_size=6))
@settings(deadline=None, max_examples=60)
def test_what_would_be_told_is_within_a_minute_of_what_the_estimate_tells(
    those: list[Estimate],
) -> None:
    for estimate in those:
        exact, near = minutes_of(estimate, Terms()), minutes_of(curve_of(estimate), Terms())
        if isinstance(exact, Withdrawn) or isinstance(near, Withdrawn):
            assert exact == near
        else:
            # Less than a minute is told as 0, and promises one: “1” hardly ever stands between.
            assert abs(max(1, exact) - max(1, near)) <= 1


def test_a_wait_of_one_length_is_that_long() -> None:
    curve = Curve(MINUTE, MINUTE, MINUTE)
    assert curve.percentile(0.95) == MINUTE
    assert (curve.within(MINUTE - 1), curve.within(MINUTE)) == (0.0, 1.0)


def test_other_terms_tell_other_numbers() -> None:
    notices = [kept(0, 4.5), kept(MINUTE, 4.5), kept(2 * MINUTE, 8)]
    assert retold(notices, Terms()) == [6, 6, 9]
    assert retold(notices, Terms(percentile=0.5)) == [5, 5, 8]
    assert retold(notices, Terms(rounding=5)) == [10, 10, 10]
    assert retold(notices, Terms(widest_minutes=1.0, widest_share=0.1)) == [None] * 3


def test_a_number_that_stands_stays_in_the_rehearsal_too() -> None:
    assert retold([kept(0, 5.4)], Terms()) == [7]
    assert retold([kept(0, 5.3), kept(1, 5.4)], Terms()) == [6, 6]


@pytest.mark.parametrize("why", [Withdrawn.STALE, Withdrawn.CLOSED])
def test_what_nobody_could_know_is_told_on_no_terms(why: Withdrawn) -> None:
    assert retold([kept(0, 5, withdrawn=why.value)], Terms()) == [None]
    assert retold([Kept(0, None, None)], Terms()) == [None]


def test_what_was_too_wide_then_may_be_told_on_wider_terms() -> None:
    wide = [kept(0, 4, spread=3, withdrawn=Withdrawn.WIDE.value)]
    assert retold(wide, Terms()) == [None]
    assert retold(wide, Terms(widest_minutes=7.0)) == [6]


def test_each_shopper_is_judged_by_what_stood_when_they_joined() -> None:
    week = Week(
        0,
        {LINE: [kept(0, 4.5), kept(MINUTE, 8)]},
        [
            Waited(LINE, 10 * MINUTE, 10 * MINUTE - 1),  # joined at 1 ms, was told 6
            Waited(LINE, 10 * MINUTE, 8 * MINUTE),  # joined at 2 min, was told 9
        ],
    )
    found = rehearsed(week, Terms())
    assert (found.told, found.too_short, found.within_minute) == (2, 1, 1)
    assert found.over_minutes == 0.5


def test_who_joined_while_nothing_was_kept_was_told_nothing() -> None:
    waits = [
        Waited(LINE, HELD_MS + 1, 0),
        Waited(LINE, 5, 10),  # before the first notice
        Waited(LineId("gone"), 5, 0),
    ]
    assert rehearsed(Week(0, {LINE: [kept(0, 4)]}, waits), Terms()) == Rightness(untold=3)


def test_a_higher_percentile_tells_fewer_too_short_and_overstates_more() -> None:
    chance = random.Random(7)
    notices = [kept(at * MINUTE, 3 + 2 * chance.random(), spread=2) for at in range(300)]
    waits = [
        Waited(LINE, at * MINUTE + waited, waited)
        for at in range(300)
        for waited in [int(chance.gauss(4, 1.5) * MINUTE)]
        if waited > 0
    ]
    week = Week(0, {LINE: notices}, waits)
    found = [rehearsed(week, Terms(percentile=share)) for share in (0.5, 0.65, 0.8, 0.95)]
    assert [one.told for one in found] == [len(waits)] * 4
    short = [one.too_short for one in found]
    over = [one.over_ms for one in found]
    assert (short, over) == (sorted(short, reverse=True), sorted(over))
    assert short[0] > short[-1]


def test_a_handful_says_nothing() -> None:
    assert not enough(Rightness(told=4, untold=100))
    assert enough(Rightness(told=5))
