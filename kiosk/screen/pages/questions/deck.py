"""The sheet for each kind of question, made when it is first needed: most kiosks ask few kinds."""

from __future__ import annotations

from kiosk.core.effects import Questioning
from kiosk.core.ports import Clock, Post
from kiosk.screen.pages.questions.choices import ChoicesSheet
from kiosk.screen.pages.questions.faces import FacesSheet
from kiosk.screen.pages.questions.scale import ScaleSheet
from kiosk.screen.pages.questions.sheet import QuestionSheet
from kiosk.screen.pages.questions.stars import StarsSheet
from kiosk.screen.pages.questions.text import TextSheet
from shared.questions import Kind

_SHEETS: dict[Kind, type[QuestionSheet]] = {
    Kind.FACES: FacesSheet,
    Kind.SCALE: ScaleSheet,
    Kind.STARS: StarsSheet,
    Kind.ONE: ChoicesSheet,
    Kind.MANY: ChoicesSheet,
    Kind.RANKING: ChoicesSheet,
    Kind.TEXT: TextSheet,
}


class Questions:
    """All pages of a questionnaire."""

    def __init__(self, post: Post, clock: Clock) -> None:
        self._post, self._clock = post, clock
        self._made: dict[type[QuestionSheet], QuestionSheet] = {}

    def sheet_of(self, page: Questioning) -> QuestionSheet:
        """The sheet for that question."""
        kind = _SHEETS[page.question.kind]
        if kind not in self._made:
            self._made[kind] = kind(self._post, self._clock)
        return self._made[kind]
