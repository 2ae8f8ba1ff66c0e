"""One of several, some of several, or several in order: up to twelve tiles."""

from __future__ import annotations

from kiosk.core.effects import Questioning
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Key
from kiosk.screen.pages.questions.choice_tile import ChoiceTile
from kiosk.screen.pages.questions.sheet import QuestionSheet
from kiosk.screen.theme import Theme
from kiosk.screen.words import Say
from shared.questionnaires import Answer
from shared.questions import MOST_CHOICES, Kind
from shared.texts import in_language

_TALLEST = 92  # units: taller tiles are no easier to hit, and tear the page apart
_GAP = 10  # units between tiles; the gap belongs to both, so what is touched is never missed
_TIGHT = 5  # the same where there are many rows
_MOST_AIRY = 3  # rows
_LONG = 22  # characters: in three columns these would need a third line


class ChoicesSheet(QuestionSheet):
    """Touch one, some, or all in order; touched again, a choice is taken back."""

    def build(self) -> None:
        """Make as many tiles as there can be choices; only those that are needed are painted."""
        self.tiles = [ChoiceTile(self.clock, self.choose) for _ in range(MOST_CHOICES)]

    def answering(self) -> list[Key]:
        """As they stand, in reading order."""
        return [tile for tile in self.tiles if tile.parent is not None]

    def hint_of(self, page: Questioning, say: Say) -> str:
        """That several may be chosen is not to be guessed."""
        match page.question.kind:
            case Kind.MANY:
                return say("Touch all that apply.")
            case Kind.RANKING:
                return say("Touch them in order, what matters most first.")
            case _:
                return ""

    def least_height(self, page: Questioning, theme: Theme) -> float:
        """Each row as high as a finger."""
        return _grid(page, theme)[1] * theme.target

    def lay(self, page: Questioning, answer: Answer | None, box: Box, theme: Theme) -> None:
        """In a grid that leaves few holes and breaks few lines."""
        columns, rows = _grid(page, theme)
        gap = theme.px(_TIGHT if rows > _MOST_AIRY else _GAP)
        height = min(box.height, rows * (theme.px(_TALLEST) + gap))
        cells = box.inset(-gap / 2, 0).middle(box.width + gap, height).grid(columns, rows, 0)
        for tile in self.tiles[len(page.choices) :]:
            self.remove_widget(tile)
        for tile, choice, cell in zip(self.tiles, page.choices, cells, strict=False):
            if tile.parent is None:
                self.key(tile)
            tile.choice = choice.id
            words = in_language(choice.text, page.language)
            body = cell.inset(gap / 2)
            tile.place(cell, body, words, theme, page.question.kind, _rank(answer, choice.id))


def _rank(answer: Answer | None, choice: str) -> int | None:
    """Its number among the chosen ones, from 1; None where it was not chosen."""
    if isinstance(answer, list):
        return answer.index(choice) + 1 if choice in answer else None
    return 1 if answer == choice else None


def _grid(page: Questioning, theme: Theme) -> tuple[int, int]:
    """Columns and rows."""
    count = len(page.choices)
    words = (in_language(choice.text, page.language) for choice in page.choices)
    longest = max(map(len, words), default=0)
    if theme.upright:
        columns = 1 if count <= 6 else 2
    elif longest > _LONG:
        columns = 1 if count <= 3 else 2 if count <= 8 else 3
    else:
        columns = {1: 1, 2: 2, 4: 2}.get(count, 3)
    return columns, max(1, -(-count // columns))
