"""Programmes in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hub.core.accounts import Note
from hub.core.programme import Change, OpenHours, next_serial
from shared.notices import KioskSettings
from shared.places import KioskId, StoreId
from shared.programme import default_programme


class FakeProgrammes:
    """One programme a store; `kiosks` says who stands where."""

    def __init__(self) -> None:
        self.kept: dict[StoreId, KioskSettings] = {}
        self.kiosks: dict[StoreId, list[KioskId]] = {}
        self.asked: list[StoreId] = []

    def programme(self, store_id: StoreId) -> KioskSettings | None:
        return self.kept.get(store_id)

    def add_programme(self, store_id: StoreId, programme: KioskSettings, at: int) -> None:
        self.kept[store_id] = programme

    def change(
        self,
        store_id: StoreId,
        change: Change,
        at: int,
        note: Note | None = None,
        hours: OpenHours | None = None,
    ) -> int:
        last = self.kept.get(store_id)
        serial = next_serial(None if last is None else last.serial, at)
        self.kept[store_id] = replace(change(last or default_programme(serial)), serial=serial)
        return serial

    def serials(self) -> Iterable[tuple[StoreId, KioskId, int]]:
        return [
            (store, kiosk, self.kept[store].serial)
            for store, kiosks in self.kiosks.items()
            for kiosk in kiosks
        ]

    def settings_of(self, store_id: StoreId) -> Mapping[KioskId, KioskSettings]:
        self.asked.append(store_id)
        programme = self.kept[store_id]
        return {kiosk: replace(programme, point_name=kiosk) for kiosk in self.kiosks[store_id]}
