"""What kiosks ask: a store's programme, and what of it one point is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from hub.core.ports import Point, Store
from shared.notices import KioskSettings
from shared.places import KioskId, StoreId


class Programmes(Protocol):
    """What the hub's database keeps of it. Every method may raise ArchiveError."""

    def programme(self, store_id: StoreId) -> KioskSettings | None:
        """The programme of a store, with the highest serial; None where it never had one."""

    def add_programme(self, store_id: StoreId, programme: KioskSettings, at: int) -> None:
        """Make this the programme of the store."""

    def serials(self) -> Iterable[tuple[StoreId, KioskId, int]]:
        """Every kiosk that stands somewhere, with the serial of its current settings."""

    def settings_of(self, store_id: StoreId) -> Mapping[KioskId, KioskSettings]:
        """The current settings of each kiosk of a store."""


def for_point(programme: KioskSettings, store: Store, point: Point) -> KioskSettings:
    """What the kiosk at this point is told; where there is no till, the question always stands."""
    return replace(
        programme,
        store_name=store.name,
        point_name=point.name,
        always_on=programme.always_on or point.kind != "register",
    )


def next_serial(last: int | None, now_ms: int) -> int:
    """A serial above the last one, and above those of every other store's past.

    A kiosk keeps the highest serial it ever saw, and a kiosk may be moved to another store: hence
    the time, of which later is always higher.
    """
    return now_ms if last is None else max(last + 1, now_ms)
