"""One to five stars: as many are full as were given."""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin

from kiosk.core.effects import Questioning
from kiosk.core.ports import Clock
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Key
from kiosk.screen.lettering import Lettering
from kiosk.screen.pages.questions.ends import Ends
from kiosk.screen.pages.questions.sheet import QuestionSheet
from kiosk.screen.paint import Paint
from kiosk.screen.ribs import Point, Ribs
from kiosk.screen.shapes import Panel, Shape
from kiosk.screen.theme import BOLD, INK, NEUTRAL, PAPER, SHADE, WHITE, Theme
from shared.questionnaires import Answer
from shared.walking import STARS

_ARMS = 5
_INNER = 0.46  # a little plumper than the star of geometry: it reads as a star when small
_SKIN = 0.80  # of the star: what is left outside is its outline
_HEIGHT, _TALLEST, _ENDS = 104, 176, 40  # units of a key with its number, and of the words


def _arm(number: int) -> Ribs:
    """One arm with the middle of the star; the five of them overlap, so no seam is seen."""

    def point(steps: float, reach: float) -> Point:
        turn = radians(90 - 360 / _ARMS * (number + steps))
        return reach * cos(turn), reach * sin(turn)

    tip, beyond = point(0, 1), point(_ARMS / 2, _INNER)
    return (tip, tip), (point(-0.5, _INNER), point(0.5, _INNER)), (beyond, beyond)


class _StarKey(Key):
    """One star with its number; the one that was touched has its number on ink."""

    def __init__(self, clock: Clock, choose: Callable[[str | int], None], number: int) -> None:
        super().__init__(clock, lambda _: choose(number))
        self.number = number
        self._rim = [Shape(_arm(arm)) for arm in range(_ARMS)]
        self._skin = [Shape(_arm(arm)) for arm in range(_ARMS)]
        self._fill = Paint(PAPER)
        self._full = self.chosen = False
        self.badge, self.word = Panel(INK), Lettering(BOLD, INK)
        self.canvas.add(Paint(INK))
        for shape in self._rim:
            self.canvas.add(shape.drawing)
        self.canvas.add(self._fill)
        for shape in self._skin:
            self.canvas.add(shape.drawing)
        self.canvas.add(self.badge.drawing)
        self.canvas.add(self.word.drawing)

    def place(self, target: Box, theme: Theme, given: int) -> None:
        """`given` is how many stars there are so far."""
        px = theme.px
        body = target.inset(px(3))
        self.aim(target, body)
        line, above = body.bottom_cut(px(36))
        radius = min(above.size) / 2 - px(2)
        for shapes, share in ((self._rim, 1.0), (self._skin, _SKIN)):
            for shape in shapes:
                shape.place(above.center, radius * share)
        self._full = self.number <= given
        self.chosen = self.number == given
        badge = line.middle(px(44), px(34))
        self.badge.place(badge, badge.height / 2)
        self.badge.paint(INK, seen=self.chosen)
        self.word.write(str(self.number), line, px(24))
        self.word.paint(WHITE if self.chosen else INK)
        self.look(False)

    def look(self, touched: bool) -> None:
        """Look touched, or not."""
        self._fill.put(NEUTRAL if self._full else SHADE if touched else PAPER)


class StarsSheet(QuestionSheet):
    """Five stars, and a word at either end."""

    def build(self) -> None:
        """Make five stars."""
        self.stars = [self.key(_StarKey(self.clock, self.choose, n)) for n in STARS]
        self.ends = Ends(self.text)

    def answering(self) -> list[Key]:
        """From one to five."""
        return list(self.stars)

    def least_height(self, _page: Questioning, theme: Theme) -> float:
        """The stars, and a line below them."""
        return theme.px(_HEIGHT + _ENDS)

    def lay(self, page: Questioning, answer: Answer | None, box: Box, theme: Theme) -> None:
        """In the middle of what is left, the words right below their ends."""
        px = theme.px
        height = min(px(_TALLEST), box.height - px(_ENDS), box.width / _ARMS + px(40))
        keys, below = box.middle(box.width, height + px(_ENDS)).top_cut(height)
        given = answer if isinstance(answer, int) else 0
        for key, cell in zip(self.stars, keys.grid(len(self.stars), 1, 0), strict=True):
            key.place(cell, theme, given)
        self.ends.place(page, below, below, theme)
