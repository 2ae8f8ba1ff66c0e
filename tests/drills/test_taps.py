"""A tap is measured under the faults of the net that stood over it, and over its kiosk alone."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from shared.places import KioskId, PointId, StoreId
from tests.drills.faults import Kind
from tests.drills.nemesis import Struck
from tests.drills.notebook import Notes, Shopper
from tests.drills.seats import Manner, Seat
from tests.drills.taps import CALM, OTHER, WINDOW, Spread, spread, together, waits


def notes_of(folder: Path, *taps: tuple[int, int], window: bool = False) -> Notes:
    """When each tapped, and waited how long, at k-1."""
    place = StoreId("centro"), PointId("caja-1"), KioskId("k-1")
    seat = Seat(folder / "k-1", *place, name="k-1", manner=Manner(window=window))
    notes = Notes()
    for number, (tapped, waited) in enumerate(taps):
        shopper = Shopper(seat, f"{number:032x}", tapped, tapped, 0, synced=True, boot_id="b")
        shopper.touch("happy", tapped)
        shopper.thank(None, tapped + waited)
        notes.shoppers[shopper.sale] = shopper
    return notes


STRUCK = [
    Struck(Kind.BLACK_HOLE, "k-1", 10_000, 12_000),
    Struck(Kind.DELAY, "hub", 11_500, 13_000),
    Struck(Kind.CUT, "k-2", 0, 90_000),
    Struck(Kind.KILL_KIOSK, "k-1", 40_000, 41_000),
    Struck(Kind.CUT, "k-1", 40_500, 41_500),
]


def test_a_tap_belongs_to_what_stood_over_its_own_kiosk(tmp_path: Path) -> None:
    taps = [(5_000, 4), (10_500, 5), (11_600, 6), (30_000, 3), (40_600, 900)]
    assert waits(notes_of(tmp_path, *taps), STRUCK) == {
        CALM: Counter({4: 1, 3: 1}),
        "line black, without FIN": Counter({5: 1, 6: 1}),
        "line slow to answer": Counter({6: 1}),
        OTHER: Counter({900: 1}),
    }


def test_a_tap_that_waited_into_a_fault_belongs_to_it(tmp_path: Path) -> None:
    found = waits(notes_of(tmp_path, (9_000, 1_500)), STRUCK)
    assert found.keys() == {"line black, without FIN"}


def test_a_tap_on_a_window_is_measured_by_itself(tmp_path: Path) -> None:
    assert waits(notes_of(tmp_path, (10_500, 300), window=True), STRUCK) == {WINDOW: Counter([300])}


def test_a_spread_is_exact() -> None:
    assert spread({}) == Spread(0, 0, 0, 0)
    assert spread({7: 1}) == Spread(1, 7, 7, 7)
    assert spread({4: 98, 50: 1, 900: 1}) == Spread(100, 4, 50, 900)
    assert together([{4: 1}, {4: 2, 5: 1}]) == Counter({4: 3, 5: 1})
