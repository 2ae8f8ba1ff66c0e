"""Answers that are probably no shopper's are marked with why; they are kept and thanked like all.

Laws
1. Nobody is watched: what is shown, lit and kept apart from the mark is the same with and without.
2. A visit that was doubted once stays doubted; what was sealed is never looked at again.
3. Bounded: a few numbers and one visit are remembered, however long somebody plays.

`burst`: many touches that no visit needs, around an answer (children at the buttons, a cloth).
`haste`: answers faster than anybody can read, several in a row with the same face (staff).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from kiosk.core.effects import Effect, KeepOpen, Seal
from kiosk.core.events import ChangeTouched, Event, FaceTouched, ReasonTouched
from shared.moments import Moment
from shared.visits import Face, Outcome, Visit

BURST: Final = "burst"
"""The code of an answer amid touches that no visit needs."""

HASTE: Final = "haste"
"""The code of an answer in a row of answers that nobody can have read for."""

LEAK_MS: Final = 3_000
"""A needless touch is forgotten after so long. A shopper who makes sure presses twice or three
times in a second; a child goes on at one a second, and this lets a third of that go."""

MANY: Final = 3
"""Needless touches at once that are no shopper's: four presses in two seconds come to under
three."""

MOST: Final = 5
"""What is remembered of a long burst: six seconds after it, the next shopper is believed."""

AGAIN_MS: Final = 10_000
"""Where nothing tells shoppers apart, an answer so soon after another is perhaps of the same hand;
people who stand in a line come to one at a time, and that is forgotten before the next."""

AGAIN: Final = 2
"""So many needless touches it is worth: with one more within seconds it is a burst."""

READING_MS: Final = 700
"""To see a new page takes 0.2 s, to choose among three 0.25 s, and to reach the glass 0.3 s at
the least (Hick, Fitts); whoever also reads the question needs a second more."""

ROW: Final = 3
"""Regular shoppers know the page and may be quick: one or two such answers are left alone. Where
one in thirty is, three in a row who also agree are met about once in two years."""

ROW_MS: Final = 30 * 60_000
"""Answers so far apart are no row: by then somebody else stands there."""


class Misuse:
    """Sees each event with what was done about it, and marks the visits among the effects."""

    def __init__(self) -> None:
        self._flurry = 0  # boot time at which all needless touches are forgotten
        self._asked: Moment | None = None  # of the visit that was answered last
        self._reasoned = False  # whether it has had the one reason that it needs
        self._doubt: str | None = None  # why it is doubted
        self._row, self._face, self._hasty_at = 0, Face.HAPPY, 0
        self._answered_at = -AGAIN_MS

    def mark(self, event: Event, effects: Iterable[Effect]) -> list[Effect]:
        """The same effects, with the visits in them marked that are probably no shopper's."""
        effects = list(effects)
        if isinstance(event, FaceTouched | ReasonTouched | ChangeTouched):
            self._look(event, next(filter(None, map(_answered, effects)), None))
        return [self._marked(effect) for effect in effects]

    def _look(self, event: FaceTouched | ReasonTouched | ChangeTouched, kept: Visit | None) -> None:
        if isinstance(event, FaceTouched) and kept is not None and kept.asked != self._asked:
            self._begin(event, kept)
        elif isinstance(event, ReasonTouched) and kept is not None and not self._reasoned:
            self._reasoned = True
        else:
            self._count(event.at.boot)
        if self._doubt is None and self._flurry - event.at.boot >= MANY * LEAK_MS:
            self._doubt = BURST

    def _begin(self, touch: FaceTouched, visit: Visit) -> None:
        """The first answer of a visit."""
        if visit.sale is None and touch.at.boot - self._answered_at <= AGAIN_MS:
            self._count(touch.at.boot, AGAIN)
        self._answered_at = touch.at.boot
        self._asked, self._reasoned = visit.asked, False
        quick = visit.sale is not None and touch.began.boot - visit.asked.boot < READING_MS
        goes_on = touch.face is self._face and touch.at.boot - self._hasty_at <= ROW_MS
        self._row = (min(self._row, ROW) if goes_on else 0) + 1 if quick else 0
        self._face, self._hasty_at = touch.face, touch.at.boot
        self._doubt = HASTE if self._row >= ROW else None

    def _count(self, boot: int, weight: int = 1) -> None:
        """A touch that no visit needs."""
        flurry = max(self._flurry, boot) + weight * LEAK_MS
        self._flurry = min(flurry, boot + MOST * LEAK_MS)

    def _marked(self, effect: Effect) -> Effect:
        visit = _answered(effect)
        if self._doubt is None or visit is None or visit.asked != self._asked:
            return effect
        assert isinstance(effect, KeepOpen | Seal)  # noqa: S101 - for the types
        return replace(effect, visit=replace(visit, suspect=self._doubt))


def _answered(effect: Effect) -> Visit | None:
    """The visit of an effect, where it has an answer."""
    if isinstance(effect, KeepOpen | Seal) and effect.visit.outcome is Outcome.ANSWERED:
        return effect.visit
    return None
