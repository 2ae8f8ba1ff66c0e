"""Small signs made of strokes: chosen, capital letters, take a letter back."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from kivy.graphics import InstructionGroup

from kiosk.screen.paint import Paint
from kiosk.screen.ribs import Point, Ribs, stroke
from kiosk.screen.shapes import Shape
from kiosk.screen.theme import INK, WHITE, Colour


def _along(width: float, *points: Point) -> tuple[Ribs, ...]:
    """Straight strokes from point to point; their round ends make the joints."""
    return tuple(stroke(ends, width) for ends in pairwise(points))


_TICK = _along(0.34, (-0.8, 0.0), (-0.25, -0.55), (0.85, 0.6))
_ROOF = _along(0.2, (-0.35, -0.1), (-0.85, -0.1), (0, 0.8), (0.85, -0.1), (0.35, -0.1))
_CAPITALS = _ROOF + _along(0.2, (0.35, -0.1), (0.35, -0.8), (-0.35, -0.8), (-0.35, -0.1))
_TAG = _along(0.17, (-1.1, 0), (-0.45, 0.7), (1, 0.7), (1, -0.7), (-0.45, -0.7), (-1.1, 0))
_CROSS = _along(0.17, (-0.1, 0.3), (0.5, -0.3)) + _along(0.17, (-0.1, -0.3), (0.5, 0.3))


class StrokeSign:
    """A few strokes, made once and then moved or hidden."""

    def __init__(self, strokes: Sequence[Ribs], colour: Colour) -> None:
        self._colour, self._paint = colour, Paint(colour)
        self._shapes = [Shape(ribs) for ribs in strokes]
        self.seen = False
        self.drawing = InstructionGroup()
        self.drawing.add(self._paint)
        for shape in self._shapes:
            self.drawing.add(shape.drawing)

    def place(self, center: Point | None, radius: float) -> None:
        """Stand there; None: be not seen."""
        self.seen = center is not None
        self.paint(self._colour)
        if center is not None:
            for shape in self._shapes:
                shape.place(center, radius)

    def paint(self, colour: Colour) -> None:
        """Change the colour."""
        self._colour = colour
        self._paint.put(colour, seen=self.seen)


def tick(colour: Colour = WHITE) -> StrokeSign:
    """Chosen: for whoever does not see the difference of colours."""
    return StrokeSign(_TICK, colour)


def capitals() -> StrokeSign:
    """The next letter is a capital one."""
    return StrokeSign(_CAPITALS, INK)


def delete(*, rtl: bool) -> StrokeSign:
    """The last letter goes; it points against the way in which lines run."""
    turned = [
        tuple(((-ax, ay), (-bx, by)) for (ax, ay), (bx, by) in ribs) for ribs in _TAG + _CROSS
    ]
    flipped = [tuple((right, left) for left, right in ribs) for ribs in turned]
    return StrokeSign(flipped if rtl else _TAG + _CROSS, INK)
