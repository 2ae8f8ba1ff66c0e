from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.fleet import FleetView
from hub.core.troubles import (
    HINTS,
    UNTRIED_MS,
    Attention,
    Captives,
    Inspected,
    Kind,
    Trouble,
    troubles_of,
    troubles_of_broker,
)
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


def of_broker(begun_at: int, looked_at: int | None, heard: int, now: int) -> list[tuple[str, int]]:
    found = troubles_of_broker(Inspected(begun_at, looked_at, heard), now)
    assert {one.kind for one in found} <= {Kind.BROKER}
    assert all(one.last_at == looked_at for one in found)
    return [(one.code, one.count) for one in found]


def test_a_broker_that_was_seen_to_keep_rights_lately_needs_nobody() -> None:
    assert troubles_of_broker(None, 10 * UNTRIED_MS) == [], "no hub with an authority ever ran"
    assert of_broker(0, 5_000, 0, 5_000 + UNTRIED_MS) == []
    assert of_broker(5_000, None, 0, 5_000 + UNTRIED_MS) == [], "it has just begun"


def test_a_broker_that_lets_kiosks_write_as_others_needs_somebody_until_it_is_mended() -> None:
    assert of_broker(0, 5_000, 7, 5_001) == [("open", 7)]
    assert of_broker(0, 5_000, 7, 5_001 + UNTRIED_MS) == [("open", 7), ("untried", 1)]


def test_a_broker_that_nobody_could_try_for_long_needs_somebody() -> None:
    assert of_broker(0, 5_000, 0, 5_001 + UNTRIED_MS) == [("untried", 1)]
    assert of_broker(5_000, None, 0, 5_001 + UNTRIED_MS) == [("untried", 1)]


def test_a_broker_stands_before_everything_else() -> None:
    ill = replace(WELL, alarms=("storage",))
    broker = troubles_of_broker(Inspected(0, 5_000, 7), 5_000)
    assert [one.kind for one in troubles_of([ill], (), (), (), broker)] == [Kind.BROKER, Kind.ALARM]
