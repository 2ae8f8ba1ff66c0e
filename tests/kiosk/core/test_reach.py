"""What the courier remembers of the line to the hub."""

from __future__ import annotations

from kiosk.core.reach import Reach
from tests.kiosk.samples import moment


def test_nothing_is_known_at_first() -> None:
    assert Reach() == Reach(joined=False, since=None, confirmed=None, round_trip_ms=None)


def test_since_when_there_is_no_line_is_told_once() -> None:
    reach = Reach().parted(moment(5)).parted(moment(9))
    assert reach.since == moment(5)
    assert reach.connected(moment(20)).since == moment(20)
    assert reach.connected(moment(20)).parted(moment(30)).parted(moment(40)).since == moment(30)


def test_the_round_trip_is_that_of_the_first_batch_that_is_out() -> None:
    reach = Reach().connected(moment(0)).sent(10, 100).sent(20, 150)
    assert reach.receipted(9, moment(120), None).round_trip_ms is None
    answered = reach.receipted(10, moment(138), None)
    assert answered.round_trip_ms == 38
    assert answered.sent(30, 200).receipted(30, moment(210), None).round_trip_ms == 10


def test_a_batch_of_a_line_that_broke_is_timed_no_more() -> None:
    reach = Reach().connected(moment(0)).sent(10, 100).parted(moment(110)).connected(moment(500))
    assert reach.receipted(10, moment(600), None).round_trip_ms is None


def test_the_last_receipt_is_remembered_and_only_a_fresh_one_tells_the_offset() -> None:
    at = moment(1_000)
    fresh = Reach().receipted(3, at, at.wall + 20)
    assert (fresh.confirmed, fresh.offset_ms) == (at, 20)
    stale = fresh.receipted(4, moment(2_000), None)
    assert (stale.confirmed, stale.offset_ms) == (moment(2_000), 20)
