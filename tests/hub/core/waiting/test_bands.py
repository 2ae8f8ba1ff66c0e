"""What weeks tell of the index by wait: by hand, and a spy who subtracts."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import HOUR_MS
from hub.core.satisfaction import Tally, index
from hub.core.waiting.bands import (
    BANDS,
    Week,
    band_of,
    points_of,
    shown_bands,
    table_of,
    told_week,
)
from hub.core.waiting.joining import LEAST_ANSWERS, Point
from hub.core.waiting.scoring import MOST_MINUTES, WITHOUT, by_hour
from shared.places import PointId

FLOOR = 5
A, B = PointId("caja-1"), PointId("caja-2")
Week_ = dict[tuple[PointId, int, int], Tally]
MONDAY = 20261102


def test_every_minute_has_its_band_and_who_has_no_wait_has_none() -> None:
    assert [band_of(minutes) for minutes in (0, 1, 2, 4, 9, 10, 120)] == [0, 0, 1, 2, 3, 4, 4]
    assert band_of(WITHOUT) is None
    assert all(band_of(minutes) is not None for minutes in range(MOST_MINUTES + 1))


def test_by_hand_a_band_of_four_is_hidden_and_takes_another_with_it() -> None:
    """Four of ten minutes and more are hidden; four are no floor beside the others of that hour,
    so of the two bands that are left the one in the middle joins them."""
    joined = {(A, 0, 0): Tally(happy=6), (A, 0, 3): Tally(sad=5), (A, 0, 12): Tally(sad=4)}
    assert shown_bands(joined, FLOOR) == (Tally(happy=6), None, None, None, None)
    without = joined | {(A, 0, WITHOUT): Tally(happy=1)}
    assert shown_bands(without, FLOOR) == (Tally(happy=6), Tally(sad=5), None, None, None)


def test_by_hand_others_of_another_register_or_hour_hide_nobody() -> None:
    """Seven long waits, all of one register's hour, in which two others answered."""
    long = {(A, 0, 12): Tally(sad=7), (A, 0, 5): Tally(happy=2)}
    elsewhere = {(B, 0, WITHOUT): Tally(happy=30), (A, HOUR_MS, 5): Tally(happy=30)}
    assert shown_bands(long | elsewhere, FLOOR)[4] is None
    near = {(A, 0, WITHOUT): Tally(happy=3)}
    assert shown_bands(long | elsewhere | near, FLOOR)[4] == Tally(sad=7)


def test_by_hand_a_week_in_which_everybody_has_a_wait_still_leaves_a_floor() -> None:
    joined = {(A, 0, 1): Tally(happy=50), (A, 0, 4): Tally(sad=20), (A, HOUR_MS, 5): Tally(sad=3)}
    assert shown_bands(joined, FLOOR) == (Tally(happy=50), None, None, None, None)
    assert shown_bands({(A, 0, 1): Tally(happy=50)}, FLOOR) == (None,) * 5
    assert shown_bands({}, FLOOR) == (None,) * 5


tallies = st.builds(
    lambda sad, neutral, happy: Tally(sad=sad, neutral=neutral, happy=happy),
    st.integers(0, 7),
    st.integers(0, 3),
    st.integers(0, 7),
)
weeks = st.dictionaries(
    st.tuples(st.sampled_from([A, B]), st.sampled_from([0, HOUR_MS]), st.integers(WITHOUT, 14)),
    tallies,
    max_size=20,
)


@settings(deadline=None)
@given(weeks, st.sampled_from([3, 5, 10]))
def test_a_spy_who_takes_bands_from_points_and_hours_has_a_floor_left(
    joined: Week_, floor: int
) -> None:
    """The spy knows each answer's point, hour and minutes, and takes away all that is told."""
    bands = shown_bands(joined, floor)
    assert all(band.answered >= floor for band in bands if band is not None)
    told = [place for place, band in enumerate(bands) if band is not None]
    for size in range(1, len(told) + 1):
        for some in combinations(told, size):
            touched = {(p, h) for (p, h, m), one in joined.items()
                       if band_of(m) in some and one.answered}  # fmt: skip
            whole = sum(one.answered for (p, h, _), one in joined.items() if (p, h) in touched)
            theirs = sum(one.answered for place in some if (one := bands[place]) is not None)
            assert whole - theirs >= floor


@settings(deadline=None)
@given(st.lists(weeks, min_size=1, max_size=4))
def test_any_two_spans_of_weeks_differ_by_whole_bands_of_a_floor(
    some: list[Week_],
) -> None:
    each = [Week(MONDAY + place, shown_bands(one, FLOOR)) for place, one in enumerate(some)]
    for first in range(len(each)):
        for place in range(len(BANDS)):
            longer = sum((week.bands[place] or Tally()).answered for week in each[first:])
            shorter = sum((week.bands[place] or Tally()).answered for week in each[first + 1 :])
            assert longer - shorter == 0 or longer - shorter >= FLOOR


def test_the_slope_rests_on_told_bands_alone_and_moves_only_by_a_week_that_tells() -> None:
    scores = {(A, hour * HOUR_MS, minutes): Tally(sad=minutes, happy=10 - minutes)
              for hour in range(40) for minutes in (0, 5, 8)}  # fmt: skip
    scores |= {(A, hour * HOUR_MS, WITHOUT): Tally(happy=1) for hour in range(40)}
    first = told_week(MONDAY, scores, [], FLOOR)
    assert first.slope is not None
    assert first.slope.value == pytest.approx(-10)  # a tenth more are sad at each minute
    assert (first.answers, first.hours) == (1_200, 40)
    assert sum(band.answered for band in first.bands if band) == first.slope.answers
    few = {(A, 99 * HOUR_MS, 3): Tally(sad=4)}
    second = told_week(MONDAY + 7, few, [(first, by_hour(scores))], FLOOR)
    assert (second.slope, second.answers, second.hours) == (first.slope, 1_200, 40)
    assert second.bands == (None,) * 5


def test_it_says_how_far_it_is_while_there_is_not_enough() -> None:
    scores = {(A, hour * HOUR_MS, 3): Tally(sad=2, happy=4) for hour in range(20)}
    scores[A, 0, WITHOUT] = Tally(happy=9)
    week = told_week(MONDAY, scores, [], FLOOR)
    assert week.slope is None
    assert (week.answers, week.hours) == (120, 20)
    assert week.answers < LEAST_ANSWERS


def test_each_answer_is_one_point() -> None:
    scores = {(0, 3): Tally(sad=1, neutral=1, happy=3), (0, 11): Tally(sad=1)}
    told = (None, Tally(sad=1, neutral=1, happy=3), None, None, None)
    assert sorted(points_of(scores, told)) == sorted(
        [Point(3.0, 0.0, 0), Point(3.0, 50.0, 0), *[Point(3.0, 100.0, 0)] * 3]
    )


def test_the_table_adds_the_weeks_up() -> None:
    one = Week(MONDAY, (Tally(happy=5), None, None, None, Tally(sad=6)))
    two = Week(MONDAY + 7, (Tally(sad=5), None, None, None, None))
    rows = table_of([one, two])
    assert [(row.first, row.last) for row in rows] == [(0, 1), (2, 3), (4, 5), (6, 9), (10, None)]
    assert rows[0].index == index(Tally(sad=5, happy=5))
    assert rows[1].index is None
    assert rows[4].index is not None
    assert rows[4].index.n == 6
