"""The fleet's archive in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from hub.core.awaiting import Awaited
from hub.core.fleet import NOTHING, FleetView, HeardHealth, KioskKey, LastWord, Memory
from hub.core.histories import Happening
from shared.errors import ArchiveError
from shared.notices import Presence
from shared.places import StoreId


class FakeFleet:
    """Knows the kiosks it was given; `broken` makes every method fail."""

    def __init__(self, *kiosks: KioskKey) -> None:
        self.enrolled = set(kiosks)
        self.left: set[KioskKey] = set()
        self.words: dict[KioskKey, LastWord] = {}
        self.numbers: dict[KioskKey, dict[str, int]] = {}
        self.healths: dict[KioskKey, HeardHealth] = {}
        self.happened: dict[KioskKey, list[Happening]] = {}
        self.broken = False

    def kiosks(self) -> Collection[KioskKey]:
        self._check()
        return set(self.enrolled)

    def retired(self) -> Collection[KioskKey]:
        self._check()
        return set(self.left)

    def memories(self, who: Collection[KioskKey]) -> dict[KioskKey, Memory]:
        self._check()
        known = self.numbers.keys() & set(who)
        return {who: Memory(self.words.get(who), dict(self.numbers[who])) for who in known}

    def remember(
        self,
        words: Mapping[KioskKey, LastWord],
        happened: Mapping[KioskKey, Sequence[Happening]] = NOTHING,
    ) -> None:
        self._check()
        for who, lines in happened.items():
            self.happened.setdefault(who, []).extend(lines)
        self.words.update(words)
        for who, word in words.items():
            self.numbers.setdefault(who, {})[word.status.epoch] = word.status.connection

    def keep_health(self, words: Mapping[KioskKey, HeardHealth]) -> None:
        self._check()
        self.healths.update(words)

    def views(self, stores: Collection[StoreId] | None = None) -> Sequence[FleetView]:
        raise NotImplementedError

    def awaited(self, stores: Collection[StoreId] | None, now: int) -> Sequence[Awaited]:
        raise NotImplementedError

    def online(self) -> int:
        self._check()
        return sum(word.status.presence is Presence.ONLINE for word in self.words.values())

    def _check(self) -> None:
        if self.broken:
            raise ArchiveError("the database is away")
