"""Whether it is known how many stood in a line when its watch began; until then nothing is told.

A hub that starts, or a layout that is changed, in the middle of a day finds lines as they are.
Sales alone never tell how long they were: whoever took them for empty would say “less than a
minute” to a full store.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hub.core.waiting.facts import Fact, LineId, Sold, Staffed

EMPTY_AFTER_MS: Final = 30 * 60_000
"""Nobody waits for so long before registers that sell nothing: the store was closed."""


class Beginnings:
    """Of which lines it is known."""

    def __init__(self, at: int) -> None:
        self._began = at
        self._known: set[LineId] = set()
        self._sold: dict[LineId, int] = {}

    def heard(self, line: LineId, fact: Fact, received_at: int) -> None:
        """A fact about this line was let in: a count says it, and so does a night."""
        if isinstance(fact, Sold):
            if received_at - self._sold.get(line, self._began) >= EMPTY_AFTER_MS:
                self._known.add(line)
            self._sold[line] = received_at
        elif not isinstance(fact, Staffed):
            self._known.add(line)

    def unsure(self, lines: Iterable[LineId]) -> frozenset[LineId]:
        """Those of which it is not known, and nothing may be told."""
        return frozenset(lines) - self._known
