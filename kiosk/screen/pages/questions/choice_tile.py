"""A tile for one choice: its words, and a bullet that tells by its shape how many can be chosen."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.core.ports import Clock
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Key
from kiosk.screen.lettering import Lettering
from kiosk.screen.shapes import Panel
from kiosk.screen.signs import tick
from kiosk.screen.theme import (
    BOLD,
    EDGE,
    INK,
    INK_TOUCHED,
    SEMIBOLD,
    SHADE,
    SOFT,
    WHITE,
    Colour,
    Theme,
)
from shared.questions import Kind

_BULLET = 30  # units across
_WORD = 21


class ChoiceTile(Key):
    """Round for one, square for many, a number in it for an order; of ink where it is chosen."""

    def __init__(self, clock: Clock, choose: Callable[[str | int], None]) -> None:
        super().__init__(clock, lambda _: choose(self.choice))
        self.choice = ""
        self.chosen = False
        self.panel, self.bullet = Panel(WHITE, EDGE), Panel(WHITE, SOFT)
        self.tick = tick(INK)
        self.number = Lettering(BOLD, INK)
        self.word = Lettering(SEMIBOLD, INK, "left")
        for part in (self.panel, self.bullet, self.tick, self.number, self.word):
            self.canvas.add(part.drawing)

    def place(
        self, target: Box, body: Box, word: str, theme: Theme, kind: Kind, rank: int | None
    ) -> None:
        """`rank` is its number among the chosen ones, None where it is not chosen."""
        px = theme.px
        self.aim(target, body)
        self.chosen = rank is not None
        self.panel.place(body, px(12), px(1.6))
        side, rest = body.inset(px(10), px(3)).left_cut(px(_BULLET))
        spot = side.middle(px(_BULLET), px(_BULLET))
        self.bullet.place(spot, px(7) if kind is Kind.MANY else spot.width / 2, px(2.4))
        ticked = self.chosen and kind is not Kind.RANKING
        self.tick.place(spot.center if ticked else None, px(9))
        numbered = kind is Kind.RANKING and rank is not None
        self.number.put(str(rank) if numbered else "", spot, px(22))
        self.word.write(word, rest.right_cut(rest.width - px(10))[0], px(_WORD))
        self.look(False)

    @property
    def colours(self) -> tuple[Colour, Colour]:
        """Of the word and of what it stands on."""
        return (WHITE, INK) if self.chosen else (INK, WHITE)

    def look(self, touched: bool) -> None:
        """Look touched, or not."""
        word, fill = self.colours
        if touched:
            fill = INK_TOUCHED if self.chosen else SHADE
        self.panel.paint(fill, fill if self.chosen else EDGE)
        self.bullet.paint(WHITE, WHITE if self.chosen else SOFT)
        self.word.paint(word)
