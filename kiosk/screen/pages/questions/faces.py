"""The three faces as a question of the questionnaire: nobody sees which one was touched."""

from __future__ import annotations

from kiosk.core.effects import Questioning
from kiosk.screen.boxes import Box
from kiosk.screen.keys import FaceKey, Key
from kiosk.screen.lettering import Lettering
from kiosk.screen.pages.questions.sheet import QuestionSheet
from kiosk.screen.shapes import Panel
from kiosk.screen.signs import tick
from kiosk.screen.theme import INK, SEMIBOLD, WHITE, Theme
from kiosk.screen.words import Say, sentences
from shared.questionnaires import Answer
from shared.visits import Face

_WORD = 44  # units below a face
_WIDEST = 250  # units of a cell: farther apart they are no longer seen as one row


class _QuestionFace(FaceKey):
    """An answer is told by the page that asked, or not at all."""

    outlives_page = False


class _Answered:
    """The sign that there is an answer: beside the faces, and the same for every one of them."""

    def __init__(self) -> None:
        self.badge, self.tick = Panel(INK), tick()
        self.word = Lettering(SEMIBOLD, WHITE, "left", "top")
        self.parts = (self.badge, self.tick, self.word)

    def place(self, word: str, strip: Box, theme: Theme) -> None:
        """Stand where the lines of the strip begin; without a word nothing is seen."""
        px = theme.px
        mark, rest = strip.inset(px(12), px(2)).left_cut(px(20))
        self.word.put(word, rest.right_cut(rest.width - px(8))[0], px(18))
        ink = self.word.ink
        left, right = (ink.x, mark.right) if strip.rtl else (mark.x, ink.right)
        around = Box(left, ink.y, right - left, ink.height).inset(-px(12), -px(2))
        self.badge.place(around, px(12))
        self.badge.paint(INK, seen=bool(word))
        self.tick.place((mark.center[0], ink.center[1]) if word else None, px(8))


class FacesSheet(QuestionSheet):
    """Sad, neutral, happy: always in this order, as on the page after a sale."""

    always_hints = True

    def build(self) -> None:
        """Make three faces."""
        self.faces = {face: self.key(self._face_key(face)) for face in Face}
        self.answered = _Answered()
        for part in self.answered.parts:
            self.canvas.add(part.drawing)

    def _face_key(self, face: Face) -> _QuestionFace:
        return _QuestionFace(self.clock, lambda _: self.choose(face.value), face)

    def answering(self) -> list[Key]:
        """From sad to happy."""
        return list(self.faces.values())

    def least_height(self, _page: Questioning, theme: Theme) -> float:
        """Three faces, side by side or stacked."""
        if theme.stacked:
            return 3 * (theme.face + theme.px(4)) + 2 * theme.gap
        return theme.face + theme.px(_WORD + 8)

    def all_hints(self, page: Questioning, say: Say) -> str:
        """Once it is answered the sign stands in their place."""
        return "" if self.given.answer is not None else super().all_hints(page, say)

    def lay_hint(self, page: Questioning, say: Say, strip: Box, theme: Theme) -> None:
        """What one must know, or that there is an answer."""
        super().lay_hint(page, say, strip, theme)
        answered = self.given.answer is not None
        self.answered.place(
            say("Answered. Touch again to change.") if answered else "", strip, theme
        )

    def lay(self, page: Questioning, _answer: Answer | None, box: Box, theme: Theme) -> None:
        """Side by side, or stacked where the glass is too narrow."""
        words = _words(sentences(page.language))
        for (face, word), cell in zip(words.items(), _cells(box, theme), strict=True):
            self.faces[face].place(cell, word, theme)


def _words(say: Say) -> dict[Face, str]:
    return {Face.SAD: say("Bad"), Face.NEUTRAL: say("Fair"), Face.HAPPY: say("Good")}


def _cells(box: Box, theme: Theme) -> list[Box]:
    box, px = box.as_read_from_left(), theme.px
    if theme.stacked:
        return box.grid(1, 3, theme.gap)
    height = min(box.height, theme.face + px(_WORD + 56))
    return box.middle(3 * px(_WIDEST), height).grid(3, 1, theme.gap)
