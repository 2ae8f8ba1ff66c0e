"""0 to 10 in one row, or in two where the keys would be too small for a finger."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.core.effects import Questioning
from kiosk.core.ports import Clock
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Key, Tile
from kiosk.screen.pages.questions.ends import Ends
from kiosk.screen.pages.questions.sheet import QuestionSheet
from kiosk.screen.signs import tick
from kiosk.screen.theme import BOLD, Theme
from shared.questionnaires import Answer
from shared.walking import SCALE

_HEIGHT = 104  # units of a key in one row; in two rows a little less
_ENDS = 40  # units for the words at the ends


class _NumberKey(Tile):
    """One number; chosen, it is of ink, taller than the others, and has a tick."""

    def __init__(self, clock: Clock, choose: Callable[[str | int], None], number: int) -> None:
        super().__init__(clock, lambda _: choose(number), BOLD)
        self.number = number
        self.tick = tick()
        self.canvas.add(self.tick.drawing)

    def place_number(self, cell: Box, theme: Theme, *, chosen: bool) -> None:
        """The cell is the target; what is seen of it leaves a gap to its neighbours."""
        px = theme.px
        body = cell.inset(px(3), px(3 if chosen else 9))
        self.place(cell, str(self.number), theme, size=30, inked=chosen, body=body)
        self.tick.place((body.center[0], body.y + px(15)) if chosen else None, px(9))


class ScaleSheet(QuestionSheet):
    """How likely, how good: eleven keys, and a word at either end."""

    def build(self) -> None:
        """Make eleven keys."""
        self.numbers = [self.key(_NumberKey(self.clock, self.choose, n)) for n in SCALE]
        self.ends = Ends(self.text)

    def answering(self) -> list[Key]:
        """From 0 to 10."""
        return list(self.numbers)

    def least_height(self, _page: Questioning, theme: Theme) -> float:
        """The keys, and the words at their ends."""
        rows = 2 if theme.upright else 1
        return rows * theme.px(_HEIGHT + _ENDS)

    def lay(self, page: Questioning, answer: Answer | None, box: Box, theme: Theme) -> None:
        """In the middle of what is left, each word at its own end: of two rows, above the first."""
        px = theme.px
        columns = len(SCALE) if box.width / len(SCALE) >= theme.target else 6
        rows = -(-len(SCALE) // columns)
        block = box.middle(box.width, rows * px(_HEIGHT + _ENDS))
        high, keys = block.bottom_cut(px(_ENDS))
        low, keys = keys.top_cut(px(_ENDS)) if rows > 1 else (high, keys)
        for key, cell in zip(self.numbers, keys.grid(columns, rows, 0), strict=False):
            key.place_number(cell, theme, chosen=answer == key.number)
        self.ends.place(page, low, high, theme)
