"""How far somebody has come: a dot for each question, or words where there are too many."""

from __future__ import annotations

from kivy.graphics import InstructionGroup

from kiosk.screen.boxes import Box
from kiosk.screen.lettering import Lettering
from kiosk.screen.shapes import Panel
from kiosk.screen.theme import INK, PAPER, SEMIBOLD, SOFT, Theme
from kiosk.screen.words import Say

MOST_DOTS = 10
"""More than ten dots nobody counts."""

_DOT, _PILL, _PITCH = 12, 30, 24  # units: where somebody stands is told by shape, too


class Progress:
    """Passed questions are full dots, this one is a pill, those to come are rings."""

    def __init__(self) -> None:
        self.dots = [Panel(PAPER, SOFT) for _ in range(MOST_DOTS)]
        self.words = Lettering(SEMIBOLD, SOFT)
        self.drawing = InstructionGroup()
        for dot in self.dots:
            self.drawing.add(dot.drawing)
        self.drawing.add(self.words.drawing)

    def place(self, say: Say, number: int, of: int, strip: Box, theme: Theme) -> None:
        """Say it in the middle of the strip; from the right where one reads so."""
        told = "" if of <= MOST_DOTS else say("{number} of {of}").format(number=number, of=of)
        self.words.put(told, strip, theme.px(20))
        shown = min(of, MOST_DOTS) if not told else 0
        for dot in self.dots[shown:]:
            dot.paint(PAPER, seen=False)
        for at, dot in enumerate(self.dots[:shown], 1):
            place = shown + 1 - at if strip.rtl else at
            here = shown + 1 - number if strip.rtl else number
            self._place_dot(dot, at - number, _spot(place, here, shown, strip, theme), theme)

    def _place_dot(self, dot: Panel, ahead: int, spot: Box, theme: Theme) -> None:
        dot.place(spot, spot.height / 2, theme.px(2.4))
        fill = {0: INK}.get(ahead, SOFT if ahead < 0 else PAPER)
        dot.paint(fill, INK if ahead == 0 else SOFT)


def _spot(place: int, here: int, of: int, strip: Box, theme: Theme) -> Box:
    """Where dot number `place` stands when the pill is number `here`."""
    pitch, more = theme.px(_PITCH), theme.px(_PILL) - theme.px(_DOT)
    start = strip.center[0] - ((of - 1) * pitch + more + theme.px(_DOT)) / 2
    x = start + (place - 1) * pitch + (more if place > here else 0)
    width = theme.px(_PILL if place == here else _DOT)
    return Box(round(x), round(strip.center[1] - theme.px(_DOT) / 2), width, theme.px(_DOT))
