"""What is told: whole minutes, a percentile, and nothing where nothing is known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.waiting.choosing import Because, Choice, Method
from hub.core.waiting.estimates import Estimate, Part
from hub.core.waiting.noticing import (
    MINUTE_MS,
    Terms,
    Withdrawn,
    promised_ms,
    tell,
    whole_minutes,
)

TERMS = Terms()


def choice(minutes: float, deviation: float, method: Method = Method.QUEUE_LENGTH) -> Choice:
    part = Part(1.0, minutes * MINUTE_MS, deviation * MINUTE_MS)
    return Choice(Estimate((part,)), method, Because.AGREES)


@pytest.mark.parametrize(
    ("ms", "minutes"), [(0, 0), (59_999, 0), (60_000, 1), (60_001, 2), (300_000, 5), (300_001, 6)]
)
def test_minutes_are_whole_and_rounded_up(ms: float, minutes: int) -> None:
    assert whole_minutes(ms) == minutes


@pytest.mark.parametrize(
    ("ms", "minutes"), [(0, 0), (59_999, 0), (60_000, 5), (300_000, 5), (300_001, 10)]
)
def test_coarser_minutes_are_rounded_up_too(ms: float, minutes: int) -> None:
    assert whole_minutes(ms, 5) == minutes


def test_a_store_may_tell_every_second_or_fifth_minute() -> None:
    one = choice(5, 1.5)
    assert tell(one, Terms(rounding=2), 0, 0).minutes == 8
    assert tell(one, Terms(rounding=5), 0, 0).minutes == 10


def test_a_coarse_number_stays_while_one_of_its_minutes_is_near_enough() -> None:
    fives = Terms(rounding=5)
    assert tell(choice(4.3, 1), fives, 0, 0, shown=5).minutes == 5  # just above, as 6 of 1, 2, 3 …
    assert tell(choice(4.3, 1), fives, 0, 0).minutes == 10
    assert tell(choice(5.5, 1), fives, 0, 0, shown=10).minutes == 10
    assert tell(choice(3, 1), fives, 0, 0, shown=10).minutes == 5


def test_a_number_that_was_told_on_other_terms_does_not_stay() -> None:
    assert tell(choice(6, 1), Terms(rounding=5), 0, 0, shown=7).minutes == 10


@given(st.floats(0, 45), st.floats(0.1, 4), st.sampled_from([1, 2, 5]), st.integers(0, 12))
@settings(deadline=None, max_examples=200)
def test_what_is_told_is_a_multiple_and_promises_no_less_than_the_slack_lets(
    minutes: float, deviation: float, rounding: int, shown: int
) -> None:
    terms = Terms(rounding=rounding, widest_minutes=30.0)
    telling = tell(choice(minutes, deviation), terms, 0, 0, shown=shown * rounding)
    assert telling.minutes is not None
    assert telling.minutes % rounding == 0
    within = telling.choice.estimate.within(promised_ms(telling.minutes))
    assert within >= terms.percentile - terms.slack - 0.001


def test_less_than_a_minute_promises_a_minute() -> None:
    assert promised_ms(0) == promised_ms(1) == MINUTE_MS


def test_it_is_the_80th_percentile_by_default_and_any_other_by_setting() -> None:
    one = choice(5, 1.5)
    assert tell(one, TERMS, 0, 0).minutes == 7
    assert tell(one, Terms(percentile=0.5), 0, 0).minutes == 5
    assert tell(one, Terms(percentile=0.95), 0, 0).minutes == 8


def test_what_was_too_wide_comes_back_once_it_is_clearly_narrower() -> None:
    terms = Terms(widest_minutes=5, widest_share=0.1)
    widths = [1.9, 2.0, 1.9, 1.75, 1.6, 1.9]  # deviations of a wait: 4.9, 5.1, 4.9, 4.5, 4.1, 4.9
    told, shown, wide = [], None, False
    for deviation in widths:
        one = tell(choice(20, deviation), terms, 0, 0, shown, wide=wide)
        shown, wide = one.minutes, one.withdrawn is Withdrawn.WIDE
        told.append(one.minutes is not None)
    assert told == [True, False, False, False, True, True]


def test_it_withdraws_where_it_is_too_wide_stale_or_nobody_serves() -> None:
    assert tell(choice(4, 6), TERMS, 0, 0).withdrawn is Withdrawn.WIDE
    assert tell(choice(4, 1), TERMS, 180_001, 0).withdrawn is Withdrawn.STALE
    assert tell(choice(4, 1), TERMS, 0, None).withdrawn is Withdrawn.STALE
    assert tell(choice(4, 1, Method.NONE), TERMS, 0, 0).withdrawn is Withdrawn.CLOSED
    assert tell(choice(90, 5), TERMS, 0, 0).withdrawn is Withdrawn.LONG


def test_the_number_that_stands_does_not_flicker() -> None:
    nearly = choice(5.02, 1.0)
    exact = tell(nearly, TERMS, 0, 0).minutes
    assert exact == 6
    border = choice(5.2, 1.0)
    assert tell(border, TERMS, 0, 0).minutes == 7
    assert tell(border, TERMS, 0, 0, shown=6).minutes == 6
    assert tell(choice(6.5, 1.0), TERMS, 0, 0, shown=6).minutes == 8


@settings(deadline=None)
@given(
    st.floats(0, 200),
    st.floats(0, 100),
    st.one_of(st.none(), st.integers(0, 70)),
    st.one_of(st.none(), st.integers(0, 10**6)),
)
def test_it_tells_a_number_or_says_why_it_does_not(
    minutes: float, deviation: float, shown: int | None, heard: int | None
) -> None:
    telling = tell(choice(minutes, deviation), TERMS, 100_000, heard, shown)
    assert (telling.minutes is None) == (telling.withdrawn is not None)
    if telling.minutes is not None:
        assert 0 <= telling.minutes <= 70
        within = telling.choice.estimate.within(promised_ms(telling.minutes))
        assert within >= TERMS.percentile - TERMS.slack - 1e-6
