"""How a part is, told by shape first: a disc with a tick, a triangle, a square, a ring."""

from __future__ import annotations

from kivy.graphics import InstructionGroup

from kiosk.core.report import Sign
from kiosk.screen.paint import Paint
from kiosk.screen.ribs import Point, Ribs, disc, stroke
from kiosk.screen.shapes import Shape
from kiosk.screen.theme import FEATURE, HAPPY, NEUTRAL, PAPER, SAD, SOFT, WHITE, Colour

_TRIANGLE: Ribs = (((0, 1.05), (0, 1.05)), ((1.1, -0.85), (-1.1, -0.85)))
_SQUARE: Ribs = (((-0.9, 0.9), (-0.9, -0.9)), ((0.9, 0.9), (0.9, -0.9)))
_TICK = stroke(((-0.46, 0.0), (-0.12, -0.34), (0.46, 0.36)), 0.24)
_BAR = stroke(((0, 0.45), (0, -0.45)), 0.3)
_DASH = stroke(((-0.45, 0), (0.45, 0)), 0.3)

_LOOKS: dict[Sign, tuple[Ribs, Colour, Ribs, Colour]] = {
    Sign.WELL: (disc(0, 0, 1), HAPPY, _TICK, WHITE),
    Sign.LOOK: (_TRIANGLE, NEUTRAL, _BAR, FEATURE),
    Sign.FAULT: (_SQUARE, SAD, _DASH, WHITE),
    Sign.UNKNOWN: (disc(0, 0, 0.9), SOFT, disc(0, 0, 0.5), PAPER),
}


class Dot:
    """One sign; it becomes another without being built anew."""

    def __init__(self) -> None:
        self.sign = Sign.UNKNOWN
        ribs, colour, mark, shade = _LOOKS[self.sign]
        self._body, self._mark = Shape(ribs), Shape(mark)
        self._paints = Paint(colour), Paint(shade)
        self.drawing = InstructionGroup()
        for instruction in (
            self._paints[0],
            self._body.drawing,
            self._paints[1],
            self._mark.drawing,
        ):
            self.drawing.add(instruction)

    def place(self, center: Point, radius: float) -> None:
        """Move there."""
        self._body.place(center, radius)
        self._mark.place(center, radius)

    def become(self, sign: Sign, *, seen: bool = True) -> None:
        """Tell this."""
        ribs, colour, mark, shade = _LOOKS[sign]
        if sign is not self.sign:
            self._body.reshape(ribs)
            self._mark.reshape(mark)
        self.sign = sign
        self._paints[0].put(colour, seen=seen)
        self._paints[1].put(shade, seen=seen)
