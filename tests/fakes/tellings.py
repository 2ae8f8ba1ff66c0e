"""Tellings in memory."""

from __future__ import annotations

from collections.abc import Sequence

from hub.core.accounts import Note
from hub.core.sensing import MOST_TELLINGS, Unheard
from hub.core.waiting.facts import Fact
from shared.errors import TellingsFull
from shared.places import StoreId


class FakeTellings:
    """Whatever waits, in order, and the notes that came with it."""

    def __init__(self) -> None:
        self.waiting: list[Unheard] = []
        self.notes: list[Note] = []

    def put(self, store: StoreId, facts: Sequence[Fact], at: int, note: Note | None = None) -> None:
        if sum(one.store_id == store for one in self.waiting) + len(facts) > MOST_TELLINGS:
            raise TellingsFull("full")
        self.waiting += [Unheard(store, at, fact) for fact in facts]
        self.notes += [] if note is None else [note]

    def take(self, most: int) -> Sequence[Unheard]:
        taken, self.waiting = self.waiting[:most], self.waiting[most:]
        return taken
