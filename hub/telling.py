"""Facts about a store's lines that reach the hub by its web pages: typed, or told by HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hub.core.accounts import Note
from hub.core.sensing import Tellings, fact_of
from hub.core.waiting.facts import Counted, LineId, Source
from shared.places import StoreId
from shared.sensing import Count, Sensed


class Telling:
    """Lets such facts wait until the queue hears them, which is within a second."""

    def __init__(self, tellings: Tellings, now_ms: Callable[[], int]) -> None:
        self._tellings, self._now_ms = tellings, now_ms

    def typed(self, store: StoreId, line: LineId, number: int, user: str) -> None:
        """Somebody counted and typed it: noted in the audit log, and believed for minutes only.

        Raises WordError where it names no line, and TellingsFull where too many facts wait.
        """
        now = self._now_ms()
        counted = Count(line, number)
        fact = Counted(now, LineId(counted.line), counted.number, Source.TYPED)
        note = Note(now, user, "count typed", f"{store}/{line}", str(number))
        self._tellings.put(store, [fact], now, note)

    def sensed(self, store: StoreId, words: Sequence[Sensed]) -> None:
        """A sensor told this, oldest first; raises TellingsFull where too many facts wait."""
        now = self._now_ms()
        self._tellings.put(store, [fact_of(word, now) for word in words], now)
