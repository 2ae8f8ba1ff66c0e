"""Placing: where a moment stands on the true time line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import DAY_MS
from hub.core.placing import (
    EARLIEST_MS,
    UNSYNCED_AHEAD_MS,
    Anchorage,
    extend,
    place,
    trusted,
)
from shared.moments import LATEST_WALL_MS, LONGEST_BOOT_MS, Moment

NOW = 1_764_000_000_000

MOMENTS = st.builds(
    Moment,
    wall=st.integers(0, LATEST_WALL_MS),
    boot=st.integers(0, LONGEST_BOOT_MS),
    synced=st.booleans(),
)
ANCHORS = st.lists(
    st.builds(Anchorage, st.integers(0, 2 * DAY_MS), st.integers(NOW - DAY_MS, NOW)), max_size=6
)


@pytest.mark.parametrize(
    ("wall", "believed"),
    [
        (EARLIEST_MS - 1, False),
        (EARLIEST_MS, True),
        (NOW + DAY_MS, True),
        (NOW + DAY_MS + 1, False),
        (0, False),
    ],
)
def test_a_synchronised_clock_is_believed_while_plausible(wall: int, believed: bool) -> None:
    assert trusted(Moment(wall, 5, True), NOW) is believed
    assert not trusted(Moment(wall, 5, False), NOW)


def test_a_trusted_moment_needs_no_anchor() -> None:
    assert place(Moment(NOW, 5, True), [Anchorage(5, NOW - 99)], NOW) == (NOW, False)


def test_the_earliest_anchor_at_or_after_the_moment_puts_it_right() -> None:
    anchors = [Anchorage(50, NOW - 1_000), Anchorage(100, NOW), Anchorage(200, NOW + 500)]
    assert place(Moment(3, 70, False), anchors, NOW) == (NOW - 30, False)
    assert place(Moment(3, 100, False), anchors, NOW) == (NOW, False)
    assert place(Moment(3, 50, False), anchors, NOW) == (NOW - 1_000, False)


def test_else_the_latest_anchor_before_it_and_the_place_stays_doubtful() -> None:
    anchors = [Anchorage(50, NOW - 1_000), Anchorage(100, NOW)]
    assert place(Moment(3, 130, False), anchors, NOW) == (NOW + 30, True)


def test_without_an_anchor_a_plausible_wall_clock_is_used() -> None:
    for wall in (EARLIEST_MS, NOW - 7, NOW + UNSYNCED_AHEAD_MS):
        assert place(Moment(wall, 5, False), [], NOW) == (wall, True)


@pytest.mark.parametrize("wall", [0, EARLIEST_MS - 1, NOW + UNSYNCED_AHEAD_MS + 1, LATEST_WALL_MS])
def test_else_the_time_of_arrival(wall: int) -> None:
    assert place(Moment(wall, 5, False), [], NOW) == (NOW, True)


def test_a_synchronised_but_impossible_clock_is_put_right_by_an_anchor() -> None:
    assert place(Moment(0, 90, True), [Anchorage(100, NOW)], NOW) == (NOW - 10, False)


def test_an_anchor_never_leads_into_an_impossible_time() -> None:
    long_before = Moment(NOW - 5, 0, False)
    assert place(long_before, [Anchorage(LONGEST_BOOT_MS, NOW)], NOW) == (NOW - 5, False)


def test_anchors_are_taken_in_rising_order_and_only_if_plausible() -> None:
    came = [Anchorage(30, NOW), Anchorage(20, NOW), Anchorage(30, NOW + 1), Anchorage(40, 0)]
    came += [Anchorage(50, NOW + 2 * DAY_MS), Anchorage(60, NOW + 9)]
    assert extend([Anchorage(25, NOW)], came, NOW) == [Anchorage(30, NOW), Anchorage(60, NOW + 9)]
    assert extend([], [Anchorage(0, NOW)], NOW) == [Anchorage(0, NOW)]


@settings(deadline=None)
@given(MOMENTS, ANCHORS)
def test_every_moment_has_a_plausible_place(moment: Moment, came: list[Anchorage]) -> None:
    instant, _ = place(moment, extend([], came, NOW), NOW)
    assert EARLIEST_MS <= instant <= NOW + DAY_MS


@settings(deadline=None)
@given(MOMENTS, ANCHORS, ANCHORS)
def test_what_is_settled_is_settled_for_good(
    moment: Moment, came: list[Anchorage], later: list[Anchorage]
) -> None:
    anchors = extend([], came, NOW)
    instant, doubtful = place(moment, anchors, NOW)
    if not doubtful:
        more = anchors + extend(anchors, later, NOW)
        assert place(moment, more, NOW) == (instant, False)
