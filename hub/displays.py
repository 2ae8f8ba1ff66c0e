"""The displays of stores: who has the address sees the waits, whoever has not learns nothing.

Thousands of displays ask every few seconds. The database is asked for a store once in a second at
most, and for what hardly ever changes (key, lines, languages) less often.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from hub.core.accounts import Note
from hub.core.credentials import digest, network_of
from hub.core.displaying import DisplayBook, Screen, Setting, Told, screen
from hub.core.throttling import Throttle
from hub.core.waiting.facts import LineId
from shared.errors import PlaceError
from shared.places import StoreId, store_id

AGAIN_MS: Final = 1_000
"""How old the notices may be that a display is told: their age is told beside them."""

SETTING_MS: Final = 30_000
"""How long a new name, language or (of another process) key may take until displays know it."""

KEY_BYTES: Final = 16
"""128 bits: nobody guesses it."""

WINDOW_MS: Final = 60_000

MOST_OF_A_STORE: Final = 1_200
"""Requests a minute: sixty displays, each every three seconds."""

MOST_WRONG: Final = 60
"""Wrong addresses a minute from one network: a television whose key was replaced asks twenty."""

MOST_STORES: Final = 20_000
"""Stores that are remembered, there or not: whoever invents more of them begins anew."""


class Refusal(StrEnum):
    """Why nothing is shown."""

    UNKNOWN = "unknown"
    BUSY = "busy"


@dataclass(slots=True)
class _Shelf:
    """What is remembered of one store, and since when."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    setting: Setting | None = None
    setting_at: int | None = None
    told: dict[LineId, Told] = field(default_factory=dict)
    told_at: int | None = None


class Displays:
    """Shows displays what they may see; safe to call from several threads."""

    def __init__(self, book: DisplayBook, now: Callable[[], int]) -> None:
        self._book, self._now = book, now
        self._lock = threading.Lock()
        self._shelves: dict[StoreId, _Shelf] = {}
        self._asked = Throttle(MOST_OF_A_STORE, WINDOW_MS)
        self._wrong = Throttle(MOST_WRONG, WINDOW_MS)

    def show(self, place: str, key: str, address: str) -> Screen | Refusal:
        """What the display of this store shows to whoever has this key."""
        setting = self._setting(place)
        if not _same(key, None if setting is None else setting.key) or setting is None:
            return self._judged(self._wrong, network_of(address)) or Refusal.UNKNOWN
        store, now = setting.store.store_id, self._now()
        if busy := self._judged(self._asked, store):
            return busy
        return screen(setting, self._told(setting, now), now)

    def knows(self, place: str) -> bool:
        """Whether all of it is remembered, so that the database need not be asked."""
        shelf, now = self._shelves.get(StoreId(place)), self._now()
        if shelf is None or not _young(shelf.setting_at, now, SETTING_MS):
            return False
        return shelf.setting is None or _young(shelf.told_at, now, AGAIN_MS)

    def key(self, store: StoreId) -> str | None:
        """The key of a store's display; None where it has none yet."""
        return self._book.key(store)

    def make(self, store: StoreId, by: str) -> str:
        """A new key for a store's display: the address of before opens nothing any more."""
        key, now = secrets.token_hex(KEY_BYTES), self._now()
        self._book.keep(store, key, now, Note(now, by, "display address made", store))
        with self._lock:
            self._shelves.pop(store, None)
        return key

    def _setting(self, place: str) -> Setting | None:
        try:
            store = store_id(place)
        except PlaceError:
            return None
        shelf, now = self._shelf(store), self._now()
        with shelf.lock:
            if not _young(shelf.setting_at, now, SETTING_MS):
                shelf.setting, shelf.setting_at = self._book.setting(store), now
            return shelf.setting

    def _told(self, setting: Setting, now: int) -> dict[LineId, Told]:
        store = setting.store.store_id
        lines = [] if setting.layout is None else [line.line_id for line in setting.layout.lines]
        shelf = self._shelf(store)
        with shelf.lock:
            if not _young(shelf.told_at, now, AGAIN_MS):
                shelf.told, shelf.told_at = dict(self._book.told(store, lines, now)), now
            return shelf.told

    def _shelf(self, store: StoreId) -> _Shelf:
        with self._lock:
            if store not in self._shelves and len(self._shelves) >= MOST_STORES:
                self._shelves.clear()
            return self._shelves.setdefault(store, _Shelf())

    def _judged(self, throttle: Throttle, key: str) -> Refusal | None:
        with self._lock:
            return Refusal.BUSY if throttle.wait_ms(key, self._now()) else None


def _young(at: int | None, now: int, least: int) -> bool:
    """Whether it was read less than so long ago; a clock that was set back makes nothing young."""
    return at is not None and 0 <= now - at < least


def _same(given: str, key: str | None) -> bool:
    """Compared in the same time wherever they differ, and where there is no key at all."""
    there = hmac.compare_digest(digest(given), digest(key or ""))
    return there and key is not None
