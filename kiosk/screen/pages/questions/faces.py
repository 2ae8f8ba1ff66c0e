"""The three faces as a question of the questionnaire: here the chosen one stays marked."""

from __future__ import annotations

from kiosk.core.effects import Questioning
from kiosk.core.ports import Clock
from kiosk.screen.boxes import Box
from kiosk.screen.keys import FaceKey, Key, Tapped
from kiosk.screen.pages.questions.sheet import QuestionSheet
from kiosk.screen.shapes import Panel
from kiosk.screen.signs import tick
from kiosk.screen.theme import INK, PAPER, WHITE, Theme
from kiosk.screen.words import Say, sentences
from shared.questionnaires import Answer
from shared.visits import Face

_WORD = 44  # units below a face
_WIDEST = 250  # units of a cell: farther apart they are no longer seen as one row


class _ChosenFaceKey(FaceKey):
    """A face whose word stands on ink, with a tick, once it is chosen."""

    def __init__(self, clock: Clock, tapped: Tapped, face: Face) -> None:
        super().__init__(clock, tapped, face)
        self.outlives_page = False  # an answer is told by the page that asked, or not at all
        self.badge, self.tick = Panel(INK), tick()
        self.canvas.insert(0, self.badge.drawing)
        self.canvas.add(self.tick.drawing)

    def place_face(self, cell: Box, word: str, theme: Theme, *, chosen: bool) -> None:
        """The face above its word, wherever that word may stand."""
        px = theme.px
        self.place(cell, word, theme)
        ink = self.word.ink
        height = min(ink.height + px(6), self.word.box.height)
        y = ink.center[1] - height / 2
        self.badge.place(Box(ink.x - px(14), y, ink.width + px(54), height), px(12))
        self.badge.paint(INK if chosen else PAPER, seen=chosen)
        self.word.paint(WHITE if chosen else INK)
        self.tick.place((ink.right + px(20), ink.center[1]) if chosen else None, px(9))


class FacesSheet(QuestionSheet):
    """Sad, neutral, happy: always in this order, as on the page after a sale."""

    def build(self) -> None:
        """Make three faces."""
        self.faces = {face: self.key(self._face_key(face)) for face in Face}

    def _face_key(self, face: Face) -> _ChosenFaceKey:
        return _ChosenFaceKey(self.clock, lambda _: self.choose(face.value), face)

    def answering(self) -> list[Key]:
        """From sad to happy."""
        return list(self.faces.values())

    def least_height(self, _page: Questioning, theme: Theme) -> float:
        """Three faces, side by side or stacked."""
        if theme.stacked:
            return 3 * (theme.face + theme.px(4)) + 2 * theme.gap
        return theme.face + theme.px(_WORD + 8)

    def lay(self, page: Questioning, answer: Answer | None, box: Box, theme: Theme) -> None:
        """Side by side, or stacked where the glass is too narrow."""
        for (face, word), cell in zip(
            _words(sentences(page.language)).items(), _cells(box, theme), strict=True
        ):
            self.faces[face].place_face(cell, word, theme, chosen=answer == face.value)


def _words(say: Say) -> dict[Face, str]:
    return {Face.SAD: say("Bad"), Face.NEUTRAL: say("Fair"), Face.HAPPY: say("Good")}


def _cells(box: Box, theme: Theme) -> list[Box]:
    box, px = box.as_read_from_left(), theme.px
    if theme.stacked:
        return box.grid(1, 3, theme.gap)
    height = min(box.height, theme.face + px(_WORD + 56))
    return box.middle(3 * px(_WIDEST), height).grid(3, 1, theme.gap)
