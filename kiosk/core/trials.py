"""The tests of the panel: what each waits for, and when it has passed or failed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from shared.visits import Face


class Kind(StrEnum):
    """What is tried."""

    TOUCH = "touch"
    BUTTONS = "buttons"
    TILL = "till"
    SOUND = "sound"
    SCREEN = "screen"


class Verdict(StrEnum):
    """How a trial ended."""

    PASSED = "passed"
    FAILED = "failed"


TARGETS: Final = tuple(f"t{number}" for number in range(9))
"""Corners, middles of the edges and the middle: where a panel's seams and cables give out."""

COLOURS: Final = 5
"""Red, green, blue, white, black: a dead pixel, or a dead line, shows on one of them."""

YES, NO, NEXT = "yes", "no", "next"

_NEEDED: Final = {
    Kind.TOUCH: frozenset(TARGETS),
    Kind.BUTTONS: frozenset(face.value for face in Face),
    Kind.TILL: frozenset({"sale"}),
    Kind.SOUND: frozenset({YES}),
    Kind.SCREEN: frozenset({YES}),
}

PATIENCE_MS: Final = 60_000
"""Nothing for a minute: what was tried does not work."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One test on its way: what has worked so far, and since when nothing has."""

    kind: Kind
    since: int  # boot ms
    done: frozenset[str] = frozenset()
    step: int = 0  # which colour is shown

    def told(self, word: str, at: int) -> Trial | Verdict:
        """A key, a button or a sale told its word; the next standing, or how it ended."""
        if word == NO:
            return Verdict.FAILED
        if word == NEXT and self.kind is Kind.SCREEN:
            return replace(self, since=at, step=min(self.step + 1, COLOURS))
        if word not in _NEEDED[self.kind]:
            return self
        done = self.done | {word}
        if done == _NEEDED[self.kind]:
            return Verdict.PASSED
        return replace(self, since=at, done=done)

    def due(self) -> int:
        """When it has failed if nothing happens."""
        return self.since + PATIENCE_MS
