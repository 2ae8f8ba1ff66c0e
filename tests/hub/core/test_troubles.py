from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.fleet import FleetView
from hub.core.troubles import HINTS, Attention, Captives, Kind, Trouble, troubles_of
from shared.notices import Presence
from shared.places import KioskId, PointId, StoreId

STORE, KIOSK = StoreId("centro"), KioskId("k-1")
WELL = FleetView(
    STORE, KIOSK, PointId("caja-1"), Presence.ONLINE, 1_000, "1.0", 0, 50, 0, 0, (), True, 1
)


def test_a_fleet_that_is_well_needs_nobody() -> None:
    assert troubles_of([WELL, replace(WELL, presence=None, synced=None)], []) == ()


def test_every_trouble_of_a_kiosk_is_a_line_of_its_own() -> None:
    ill = replace(WELL, lost=7, refused=2, alarms=("storage", "till"), synced=False)
    found = troubles_of([ill], [Captives(None, None, "unknown_kiosk", 3, 900)])
    assert [(one.kind, one.code, one.count) for one in found] == [
        (Kind.ALARM, "storage", 1),
        (Kind.ALARM, "till", 1),
        (Kind.QUARANTINE, "unknown_kiosk", 3),
        (Kind.REFUSED, "refused", 2),
        (Kind.MISSING, "missing", 7),
        (Kind.CLOCK, "clock", 1),
    ]
    assert found[2].kiosk_id is None
    assert Attention(found, None).count(Kind.ALARM) == 2


@pytest.mark.parametrize("kind", Kind)
def test_every_trouble_says_what_to_do_also_one_that_nobody_knows_yet(kind: Kind) -> None:
    for code in (*HINTS[kind], "brand_new"):
        assert Trouble(kind, code, 1).hint
