"""The look at every kiosk: what begins, what ends, and who is gone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from hub.core.ailing import Ailment, Sick
from hub.core.fleet import FleetView, KioskKey
from hub.core.ports import Store
from hub.infirmary import Infirmary, newest_of
from shared.health import Health
from shared.notices import Presence
from shared.places import KioskId, PointId, StoreId
from tests.fakes.fleet import FakeFleet

NOW = 1_790_000_000_000
CENTRO = StoreId("centro")
HERE = KioskKey(CENTRO, KioskId("k-1"))
VIEW = FleetView(
    CENTRO, HERE.kiosk_id, PointId("caja-1"), Presence.ONLINE, NOW, "1.0", 0, 0, 0, 0, (), True, 1,
    health=Health(NOW, "1.0", card_full=95),
)  # fmt: skip
FULL = Sick(Ailment.CARD_FULL, NOW, NOW)


class Views(FakeFleet):
    """A fleet that is as a test says."""

    shown: tuple[FleetView, ...] = (VIEW,)

    def views(self, stores: Collection[StoreId] | None = None) -> Sequence[FleetView]:
        return self.shown


class Ward:
    """What ails kiosks, in memory."""

    def __init__(self) -> None:
        self.sick: dict[KioskKey, Sequence[Sick]] = {}
        self.kept = 0

    def all(self) -> Mapping[KioskKey, Sequence[Sick]]:
        return dict(self.sick)

    def keep(
        self, changed: Mapping[KioskKey, tuple[Sequence[Sick], Sequence[Sick]]], at: int
    ) -> None:
        self.kept += 1
        for who, (before, after) in changed.items():
            assert tuple(self.sick.get(who, ())) == tuple(before)
            self.sick[who] = after


def test_what_begins_is_kept_once_and_what_ends_is_taken_away() -> None:
    fleet, ward = Views(), Ward()
    infirmary = Infirmary(fleet, ward, lambda: [Store(CENTRO, "Centro", "Europe/Madrid")])
    infirmary.look(NOW)
    infirmary.look(NOW + 60_000)
    assert (ward.sick, ward.kept) == ({HERE: (FULL,)}, 1)
    fleet.shown = (replace(VIEW, health=Health(NOW, "1.0", card_full=20)),)
    infirmary.look(NOW + 120_000)
    assert ward.sick == {HERE: ()}


def test_a_kiosk_that_left_ails_no_more() -> None:
    fleet, ward = Views(), Ward()
    ward.sick[HERE] = (FULL,)
    fleet.shown = ()
    Infirmary(fleet, ward, list).look(NOW)
    assert ward.sick == {HERE: ()}


def test_the_newest_version_is_the_highest_that_anybody_runs() -> None:
    versions = ("1.9.0", None, "1.10.0", "1.2")
    assert newest_of([replace(VIEW, version=one) for one in versions]) == "1.10.0"
    assert newest_of([]) == ""
