"""The fleet's archive in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hub.core.fleet import Device, FleetView, LastWord, Memory
from shared.errors import ArchiveError
from shared.notices import Presence
from shared.places import StoreId


class FakeFleet:
    """Knows the devices it was given; `broken` makes every method fail."""

    def __init__(self, *devices: Device) -> None:
        self.enrolled = set(devices)
        self.words: dict[Device, LastWord] = {}
        self.numbers: dict[Device, dict[str, int]] = {}
        self.broken = False

    def devices(self) -> Collection[Device]:
        self._check()
        return set(self.enrolled)

    def memories(self, devices: Collection[Device]) -> dict[Device, Memory]:
        self._check()
        known = self.numbers.keys() & set(devices)
        return {who: Memory(self.words.get(who), dict(self.numbers[who])) for who in known}

    def remember(self, words: Mapping[Device, LastWord]) -> None:
        self._check()
        self.words.update(words)
        for who, word in words.items():
            self.numbers.setdefault(who, {})[word.status.epoch] = word.status.connection

    def views(self, stores: Collection[StoreId] | None = None) -> Sequence[FleetView]:
        raise NotImplementedError

    def online(self) -> int:
        self._check()
        return sum(word.status.presence is Presence.ONLINE for word in self.words.values())

    def _check(self) -> None:
        if self.broken:
            raise ArchiveError("the database is away")
