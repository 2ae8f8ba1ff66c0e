"""The two outer buttons at once ask to hear the page; where nothing can be heard nobody waits.

A press is told only when it is sure that it is alone, so every press comes CHORD_MS later, the
middle one too: what follows a face is as quick whichever it was. When it began is told as ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.core.presses import SETTLE_MS, Joined, Pressed, Presses, Told
from shared.visits import Face

CHORD_MS = 80
"""Two hands that mean “at once” are 20 to 50 ms apart; an answer that comes so much later is felt
by nobody (100 ms are)."""

_OUTER = frozenset({Face.SAD, Face.HAPPY})


@dataclass(frozen=True, slots=True)
class Chord:
    """Both outer buttons were pressed at once; the first was closed at boot time `began` (ms)."""

    began: int


class Chords:
    """Levels of the buttons in, presses and chords out."""

    def __init__(self, faces: Iterable[Face]) -> None:
        self._presses = Presses(faces, joins=True)
        self._waiting: Pressed | None = None

    @property
    def wakes_at(self) -> int | None:
        """When `idle` should be asked next if no level changes; None while all is at rest."""
        waiting = [] if self._waiting is None else [_sure_at(self._waiting)]
        inner = self._presses.wakes_at
        return min([*waiting, *([] if inner is None else [inner])], default=None)

    def level(self, face: Face, closed: bool, at: int) -> list[Told | Chord]:
        """A contact was seen closed or open; what that tells."""
        return self._sorted(self._presses.level(face, closed, at), at)

    def idle(self, at: int) -> list[Told | Chord]:
        """Nothing changed until `at`; what that tells."""
        return self._sorted(self._presses.idle(at), at)

    def _sorted(self, news: list[Told], at: int) -> list[Told | Chord]:
        told: list[Told | Chord] = []
        for one in news:
            match one:
                case Pressed():
                    told += self._release()
                    self._waiting = one
                case Joined():
                    told += self._join(one)
                case _:
                    told.append(one)
        if self._waiting is not None and at >= _sure_at(self._waiting):
            told += self._release()
        return told

    def _release(self) -> list[Told | Chord]:
        waiting, self._waiting = self._waiting, None
        return [] if waiting is None else [waiting]

    def _join(self, other: Joined) -> list[Told | Chord]:
        first = self._waiting
        if first is None or {first.face, other.face} != _OUTER:
            return []
        if other.began - first.began > CHORD_MS:
            return []
        self._waiting = None
        return [Chord(first.began)]


def _sure_at(press: Pressed) -> int:
    """When whatever joins it would have settled."""
    return press.began + CHORD_MS + SETTLE_MS
