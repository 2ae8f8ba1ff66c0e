"""Shoppers who have a minute: they walk a short questionnaire to its end, or leave half way.

Each answer is written down before it is touched; what the page shows of it, by who watches it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from kiosk.core.discretion import told
from kiosk.core.effects import Asking, Page, Questioning, Resting, Sorry, Thanks
from kiosk.core.events import AnswerGiven, InvitationTouched, LeaveTouched, NextTouched
from kiosk.core.ports import Clock, Post
from shared.questionnaires import Answer
from shared.questions import Choice, Condition, Kind, Question, Questionnaire
from shared.walking import single_values
from tests.demo.hands import WindowHand

LEAVES: Final = 0.1
"""At each question: of three or four, a third does not see the end."""

PATIENCE_S: Final = 6.0

BETWEEN_S: Final = 0.35
"""From one touch of a window to the next: who is faster is a palm, or chatter."""


def _text(words: str) -> dict[str, str]:
    return {"en": words}


QUESTIONNAIRE: Final = Questionnaire(
    id="drill",
    version=1,
    title=_text("A minute"),
    languages=("en",),
    questions=(
        Question("visit", Kind.FACES, _text("How was it?"), required=True),
        Question("likely", Kind.SCALE, _text("Would you come again?")),
        Question(
            "missed",
            Kind.ONE,
            _text("What did you miss?"),
            (
                Choice("bread", _text("bread")),
                Choice("time", _text("time")),
                Choice("other", _text("other"), fixed=True),
            ),
            shuffle=True,
            shown_if=(Condition("likely", tuple(range(7))),),
        ),
        Question("words", Kind.TEXT, _text("In your own words?")),
    ),
)


class Strolling(Protocol):
    """What somebody who walks can do to a kiosk."""

    def accept(self, page: Page) -> None:
        """Touch the invitation on that page."""

    def give(self, page: Questioning, answer: Answer) -> None:
        """Answer the question."""

    def go_on(self) -> None:
        """Touch “next”."""

    def leave(self) -> None:
        """Touch “leave”."""

    @property
    def writes(self) -> bool:
        """Whether a text is worth the trouble."""


class InboxStroll:
    """Posts what a screen would post."""

    writes: Final = True

    def __init__(self, post: Post, clock: Clock) -> None:
        self._post, self._clock = post, clock

    def accept(self, page: Page) -> None:
        """Touch the invitation."""
        self._post(InvitationTouched(self._clock.now()))

    def give(self, page: Questioning, answer: Answer) -> None:
        """Answer the question."""
        self._post(AnswerGiven(self._clock.now(), page.question.id, answer))

    def go_on(self) -> None:
        """Touch “next”."""
        self._post(NextTouched(self._clock.now()))

    def leave(self) -> None:
        """Touch “leave”."""
        self._post(LeaveTouched(self._clock.now()))


class WindowStroll:
    """A finger on the glass, of somebody who takes the time."""

    writes: Final = False

    def __init__(self, hand: WindowHand) -> None:
        self._hand = hand

    def accept(self, page: Page) -> None:
        """Touch the invitation, on whichever page."""
        thanks = isinstance(page, Thanks)
        self._touch(lambda on: on.thanks.invitation if thanks else on.resting.ways.tile)

    def give(self, page: Questioning, answer: Answer) -> None:
        """Touch the key of that answer."""
        number = _answers(page).index(answer)
        self._touch(lambda stage: stage.sheet.answering()[number])

    def go_on(self) -> None:
        """Touch “next”."""
        self._touch(lambda stage: stage.sheet.next)

    def leave(self) -> None:
        """Touch “leave”."""
        self._touch(lambda stage: stage.sheet.away)

    def _touch(self, find: Callable[[Any], Any]) -> None:
        time.sleep(BETWEEN_S)
        self._hand._touch(find)


def _answers(page: Questioning) -> list[Answer]:
    """In the order of the keys on the page."""
    if page.choices:
        return [choice.id for choice in page.choices]
    if page.question.kind is Kind.FACES:
        return ["sad", "neutral", "happy"]
    return list(range(len(single_values(page.question))))


Await = Callable[[Callable[[Page], bool], float], Page | None]
"""The next page for which that holds; None where it does not come for so many seconds."""


class Stroller:
    """One after the other, between the visits."""

    def __init__(
        self, touch: Strolling, write: Callable[..., None], seen: Await, dice: random.Random
    ) -> None:
        self._touch, self._write, self._seen, self._dice = touch, write, seen, dice

    def walk(self, invited: Page, walk: Callable[[], str | None]) -> None:
        """Accept, and answer until the end or a little less; `walk`: which one it became."""
        self._touch.accept(invited)
        page = self._seen(_has_begun, PATIENCE_S)
        while isinstance(page, Questioning) and (name := walk()) is not None:
            if self._dice.random() < LEAVES:
                break
            page = self._answered(page, name)
            if page is None:
                break
            page = self._went_on(page, name)
            if isinstance(page, Thanks):
                return
        if (name := walk()) is not None:
            self._write(left=name)
        self._touch.leave()

    def _answered(self, page: Questioning, walk: str) -> Questioning | None:
        """The page with the answer on it, or as it was where nothing was answered."""
        question = page.question
        if question.kind is Kind.TEXT and not self._touch.writes:
            return page
        if self._dice.random() < 0.1 and not question.required:
            return page
        answer = self._drawn(page)
        self._write(answered=walk, question=question.id, answer=answer)
        self._touch.give(page, answer)
        found = self._seen(
            lambda now: isinstance(now, Questioning) and now.answer == told(question, answer),
            PATIENCE_S,
        )
        return found if isinstance(found, Questioning) else None

    def _drawn(self, page: Questioning) -> Answer:
        if page.question.kind is Kind.TEXT:
            return f"más pan, {self._dice.getrandbits(64):x} \u0635"
        return self._dice.choice(_answers(page))

    def _went_on(self, page: Questioning, walk: str) -> Page | None:
        if page.number == page.of:
            self._write(finished=walk)
        self._touch.go_on()
        return self._seen(
            lambda now: (
                isinstance(now, Thanks)
                or (isinstance(now, Questioning) and now.question.id != page.question.id)
            ),
            PATIENCE_S,
        )


def _has_begun(page: Page) -> bool:
    """It has, or it will not: whoever is not invited any more came too late."""
    late = isinstance(page, Resting) and not page.invited
    return late or isinstance(page, Questioning | Asking | Sorry)
