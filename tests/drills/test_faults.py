"""A schedule of faults is its seed's, and leaves no kind out."""

from __future__ import annotations

from tests.drills.faults import Kind, schedule

KIOSKS = ("k-1", "k-2", "k-3")


def test_one_seed_is_one_schedule() -> None:
    assert schedule(7, 60, 2, KIOSKS, tuple(Kind)) == schedule(7, 60, 2, KIOSKS, tuple(Kind))
    assert schedule(7, 60, 2, KIOSKS, tuple(Kind)) != schedule(8, 60, 2, KIOSKS, tuple(Kind))


def test_every_kind_strikes_in_order_of_time_and_within_it() -> None:
    faults = schedule(1, 10, 0.1, KIOSKS, tuple(Kind))
    assert {fault.kind for fault in faults} == set(Kind)
    assert faults == sorted(faults, key=lambda fault: fault.at)
    assert all(0 <= fault.at <= 10 for fault in faults)


def test_it_strikes_as_often_as_it_is_told() -> None:
    assert len(schedule(1, 300, 2.5, KIOSKS, tuple(Kind))) == 750
