"""Anchors: one at each synchronisation and step, and from a hub that two receipts agree about."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.clock import AGREE_MS, STEP_MS, ClockWatch, TrueTime, instant
from shared.moments import LATEST_WALL_MS, LONGEST_BOOT_MS, Moment
from shared.records import Anchor, AnchorCause

BOOT_ID = "b0" * 16
TRUE = 1_760_000_000_000
WRONG = 86_400_000
"""A day after 1970: a Pi without a battery."""


def test_a_clock_that_is_right_from_the_start_is_anchored_once() -> None:
    watch = ClockWatch(BOOT_ID)
    first = watch.observe(Moment(TRUE, 1_000, True))
    assert first == Anchor(BOOT_ID, 1_000, TRUE, TRUE, AnchorCause.SYNCHRONISED)
    assert watch.observe(Moment(TRUE + 9_000, 10_000, True)) is None


@pytest.mark.assertion("SEM-TIM-005")
def test_at_the_first_synchronisation_the_anchor_says_what_the_clock_had_said() -> None:
    watch = ClockWatch(BOOT_ID)
    assert watch.observe(Moment(WRONG, 1_000, False)) is None
    anchor = watch.observe(Moment(TRUE, 61_000, True))
    assert anchor == Anchor(BOOT_ID, 61_000, TRUE, WRONG + 60_000, AnchorCause.SYNCHRONISED)


@pytest.mark.assertion("SEM-TIM-005")
def test_a_step_is_anchored_and_steering_is_not() -> None:
    watch = ClockWatch(BOOT_ID)
    watch.observe(Moment(TRUE, 1_000, True))
    assert watch.observe(Moment(TRUE + 1_000 + STEP_MS, 2_000, True)) is None
    stepped = watch.observe(Moment(TRUE + 2_000 - 3_600_000, 3_000, True))
    assert stepped is not None
    assert (stepped.cause, stepped.true) == (AnchorCause.STEPPED, TRUE + 2_000 - 3_600_000)
    assert stepped.wall == TRUE + 2_000 + STEP_MS


def test_many_small_steps_are_anchored_before_they_add_up() -> None:
    watch = ClockWatch(BOOT_ID)
    walls = [TRUE + boot + 400 * (boot // 1_000) for boot in range(0, 10_000, 1_000)]
    moments = [Moment(wall, 1_000 * n, True) for n, wall in enumerate(walls)]
    causes = [anchor.cause for moment in moments if (anchor := watch.observe(moment))]
    assert causes == [AnchorCause.SYNCHRONISED, *[AnchorCause.STEPPED] * 3]


def test_a_step_while_nobody_vouches_for_the_clock_is_no_anchor() -> None:
    watch = ClockWatch(BOOT_ID)
    watch.observe(Moment(TRUE, 1_000, True))
    assert watch.observe(Moment(WRONG, 2_000, False)) is None
    again = watch.observe(Moment(TRUE + 2_000, 3_000, True))
    assert again is None  # it came back to where it was anchored


@pytest.mark.assertion("SEM-RCP-007")
def test_two_receipts_that_agree_are_an_anchor() -> None:
    watch = ClockWatch(BOOT_ID)
    assert watch.heard(TRUE, Moment(WRONG, 10_000, False)) is None
    anchor = watch.heard(TRUE + 30_100, Moment(WRONG + 30_000, 40_000, False))
    assert anchor == Anchor(BOOT_ID, 40_000, TRUE + 30_100, WRONG + 30_000, AnchorCause.HUB)
    assert watch.heard(TRUE + 60_000, Moment(WRONG + 60_000, 70_000, False)) is None


def test_an_old_receipt_that_the_broker_kept_is_not_believed() -> None:
    watch = ClockWatch(BOOT_ID)
    old = TRUE - 86_400_000
    assert watch.heard(old, Moment(WRONG, 10_000, False)) is None
    assert watch.heard(old, Moment(WRONG, 10_500, False)) is None
    assert watch.heard(TRUE, Moment(WRONG, 40_000, False)) is None
    assert watch.heard(TRUE + 5_000, Moment(WRONG, 45_000, False)) is not None


def test_the_hub_is_not_asked_while_the_clock_is_right() -> None:
    watch = ClockWatch(BOOT_ID)
    assert watch.heard(WRONG, Moment(TRUE, 10_000, True)) is None
    assert watch.heard(WRONG + 5_000, Moment(TRUE + 5_000, 15_000, True)) is None


def test_a_boot_clock_that_drifts_is_anchored_to_the_hub_again() -> None:
    watch = ClockWatch(BOOT_ID)
    watch.heard(TRUE, Moment(WRONG, 10_000, False))
    watch.heard(TRUE + 30_000, Moment(WRONG, 40_000, False))
    assert watch.heard(TRUE + 61_500, Moment(WRONG, 70_000, False)) is None
    assert watch.heard(TRUE + 92_100, Moment(WRONG, 100_000, False)) is not None


def test_a_time_that_cannot_be_is_no_anchor() -> None:
    watch = ClockWatch(BOOT_ID)
    for hub in (-5, LATEST_WALL_MS + 100_000):
        assert watch.heard(hub, Moment(0, 10_000, False)) is None
        assert watch.heard(hub + 1, Moment(0, 10_001, False)) is None


MOMENTS = st.builds(
    Moment, st.integers(0, LATEST_WALL_MS), st.integers(0, LONGEST_BOOT_MS), st.booleans()
)


@settings(deadline=None, max_examples=200)
@given(st.lists(MOMENTS, max_size=20))
def test_after_every_synchronised_moment_the_last_anchor_is_within_a_step(
    moments: list[Moment],
) -> None:
    watch = ClockWatch(BOOT_ID)
    last: Anchor | None = None
    for moment in moments:
        last = watch.observe(moment) or last
        if moment.synced:
            assert last is not None
            assert abs((last.true - last.boot) - (moment.wall - moment.boot)) <= STEP_MS


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.integers(-(2**70), 2**70), MOMENTS), max_size=20))
def test_whatever_a_hub_says_an_anchor_is_near_what_it_said_twice(
    words: list[tuple[int, Moment]],
) -> None:
    watch = ClockWatch(BOOT_ID)
    before: int | None = None
    for hub, moment in words:
        anchor = watch.heard(hub, moment)
        if anchor is not None:
            assert before is not None
            assert abs(before - (hub - moment.boot)) <= AGREE_MS
            assert anchor.true == hub
        before = hub - moment.boot


def test_an_earlier_instant_keeps_both_clocks_together() -> None:
    assert instant(Moment(5_000, 900, True), 400) == Moment(4_500, 400, True)
    assert instant(Moment(100, 900, False), 400) == Moment(0, 400, False)


def test_true_time_is_the_wall_clocks_where_that_is_synchronised_and_stays_known() -> None:
    time = TrueTime()
    assert time.at(Moment(5, 100, False)) is None
    time.observe(Moment(1_000_000, 100, True))
    assert time.at(Moment(0, 600, False)) == 1_000_500


def test_true_time_is_the_hubs_where_two_of_its_words_agree() -> None:
    time = TrueTime()
    time.heard(1_000_000, Moment(0, 100, False))
    assert time.at(Moment(0, 100, False)) is None
    time.heard(1_000_000, Moment(0, 9_000, False))  # the broker's last one, again
    time.heard(5_000_000, Moment(0, 10_000, False))  # disagrees
    assert time.at(Moment(0, 10_000, False)) is None
    time.heard(5_001_000, Moment(0, 11_500, False))
    assert time.at(Moment(0, 12_000, False)) == 5_001_500


def test_the_hub_is_not_believed_where_the_wall_clock_is() -> None:
    time = TrueTime()
    for boot in (100, 1_100):
        time.observe(Moment(1_000_000 + boot, boot, True))
        time.heard(9_000_000 + boot, Moment(1_000_000 + boot, boot, True))
    assert time.at(Moment(0, 1_100, False)) == 1_001_100
