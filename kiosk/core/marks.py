"""What the three buttons reach on a page: a mark goes from key to key, the middle one chooses.

The keys are counted as the sheets count them: those of the answer first, then those of the foot.
The left and the right button move the mark to where they are, so in a language that is written
from right to left the left one goes on.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from kiosk.core.effects import Questioning, Thanks
from shared.questionnaires import Answer
from shared.questions import Kind
from shared.visits import Face
from shared.walking import SCALE, STARS

RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur"})


class Key(Enum):
    """Keys that are no answer."""

    CHANGE = auto()
    INVITATION = auto()
    DONE = auto()
    BACK = auto()
    LEAVE = auto()
    NEXT = auto()


Reach = tuple[str | int | Key, ...]
"""Reasons or answers by their own names, and the other keys."""


def thanks_keys(page: Thanks) -> Reach:
    """The keys after a tap; without reasons there is no “done”, and the page is left alone."""
    keys: list[str | int | Key] = [reason.id for reason in page.reasons]
    keys += [Key.CHANGE] if page.changeable else []
    keys += [Key.INVITATION] if page.invited else []
    keys += [Key.DONE] if page.reasons else []
    return tuple(keys)


def question_keys(page: Questioning) -> Reach:
    """The keys of a question. Nobody writes with three buttons: a text has those of the foot."""
    foot = (Key.BACK, Key.LEAVE, Key.NEXT) if page.number > 1 else (Key.LEAVE, Key.NEXT)
    return (*_answers(page), *foot)


def _answers(page: Questioning) -> Reach:
    match page.question.kind:
        case Kind.FACES:
            return tuple(face.value for face in Face)
        case Kind.SCALE:
            return tuple(SCALE)
        case Kind.STARS:
            return tuple(STARS)
        case _:
            return tuple(choice.id for choice in page.choices)


def moved(marked: int | None, keys: Reach, button: Face, language: str) -> int | None:
    """Where the mark is after the left or the right button; round and round. The first shows it."""
    if not keys:
        return None
    if marked is None:
        return 0
    onward = (button is Face.HAPPY) != (language.partition("-")[0] in RIGHT_TO_LEFT)
    return (marked + (1 if onward else -1)) % len(keys)


class Mark:
    """Where somebody at the buttons is, on one page; None where nobody uses them."""

    def __init__(self) -> None:
        self.at: int | None = None

    def within(self, keys: Reach) -> int | None:
        """Where it is on a page that may have lost keys meanwhile."""
        return None if self.at is None or not keys else min(self.at, len(keys) - 1)

    def press(self, keys: Reach, button: Face, language: str) -> str | int | Key | None:
        """The key that was chosen; None where the mark moved."""
        at = self.within(keys)
        if at is not None and button is Face.NEUTRAL:
            return keys[at]
        self.at = moved(at, keys, button, language)
        return None


def chosen(kind: Kind, answer: Answer | None, value: str | int, order: Reach) -> Answer | None:
    """The answer after that key of it; the same key again takes back what it gave."""
    if kind not in (Kind.MANY, Kind.RANKING):
        return None if answer == value else value
    given = list(answer) if isinstance(answer, list) else []
    if value in given:
        given.remove(str(value))
    else:
        given.append(str(value))
    if kind is Kind.MANY:  # in the order in which they stand; a ranking keeps the order of touches
        given.sort(key=order.index)
    return given or None
