"""Which kiosks are shown, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.ailing import Ailment, Sick
from hub.core.choosing import Placed, Sort, State, Wish, chosen, needs_somebody, wish_of
from hub.core.fleet import FleetView
from shared.health import Health
from shared.notices import Presence
from shared.places import KioskId, PointId, StoreId

NOW = 1_790_000_000_000
WELL = FleetView(
    StoreId("centro"), KioskId("k-1"), PointId("caja-1"), Presence.ONLINE, NOW, "1.4.0", 0, 9, 0, 0,
    (), True, 1, health=Health(NOW, "1.4.0", model="Raspberry Pi 5", temperature=50, card_full=30),
)  # fmt: skip
AWAY = replace(
    WELL, kiosk_id=KioskId("k-2"), presence=Presence.OFFLINE, last_seen=NOW - 9_000, unsent=31,
    version="1.10.0", ailments=(Sick(Ailment.AWAY, NOW, NOW),),
    health=Health(NOW, "1.10.0", temperature=70, card_full=90, certificate_until=NOW + 5),
)  # fmt: skip
NEVER = replace(
    WELL, store_id=StoreId("norte"), kiosk_id=KioskId("k-3"), presence=None, last_seen=None,
    version=None, unsent=None, synced=None, health=None,
)  # fmt: skip
ALL = [
    Placed(NEVER, "Norte", "Entrada", 0),
    Placed(AWAY, "Centro", "Caja 2", 1),
    Placed(WELL, "Centro", "Caja 1", 0),
]


def names(wish: Wish) -> list[str]:
    return [one.view.kiosk_id for one in chosen(ALL, wish)]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.PLACE, ["k-1", "k-2", "k-3"]),
        (Sort.STATE, ["k-2", "k-3", "k-1"]),
        (Sort.SEEN, ["k-2", "k-1", "k-3"]),
        (Sort.UNSENT, ["k-2", "k-1", "k-3"]),
        (Sort.VERSION, ["k-3", "k-1", "k-2"]),
        (Sort.CARD, ["k-2", "k-1", "k-3"]),
        (Sort.HEAT, ["k-2", "k-1", "k-3"]),
        (Sort.CERTIFICATE, ["k-2", "k-1", "k-3"]),
    ],
)
def test_each_order_has_first_whom_somebody_looks_for(sort: Sort, order: list[str]) -> None:
    assert names(Wish(sort=sort)) == order


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        (Wish(state=State.NEEDY), ["k-2"]),
        (Wish(state=State.ONLINE), ["k-1"]),
        (Wish(state=State.OFFLINE), ["k-2"]),
        (Wish(state=State.NEVER), ["k-3"]),
        (Wish(version="1.4.0"), ["k-1"]),
        (Wish(store="norte"), ["k-3"]),
        (Wish(text="CAJA"), ["k-1", "k-2"]),
        (Wish(text="raspberry"), ["k-1"]),
        (Wish(text="caja 1\ncaja"), []),
    ],
)
def test_only_what_is_wanted_is_shown(wish: Wish, found: list[str]) -> None:
    assert names(wish) == found


def test_what_is_no_wish_in_an_address_is_none() -> None:
    assert wish_of("  ", "burning", "", "", "colour") == Wish()
    assert Wish().is_plain
    assert not wish_of("x" * 9_999, "needy", "", "", "heat").is_plain
    assert len(wish_of("x" * 9_999, "", "", "", "").text) == 60


@pytest.mark.parametrize(
    "ill", [{"alarms": ("till",)}, {"lost": 1}, {"refused": 1}, {"synced": False}]
)
def test_whatever_stands_on_recovery_needs_somebody(ill: dict[str, object]) -> None:
    assert not needs_somebody(WELL)
    assert needs_somebody(replace(WELL, **ill))  # type: ignore[arg-type]
