"""Shapes with smooth edges on any graphics chip: made once and then moved (decision 15)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import hypot
from typing import Any

from kivy.graphics import InstructionGroup, Mesh
from kivy.graphics.texture import Texture
from kivy.graphics.vertex_instructions import SmoothRoundedRectangle

from kiosk.screen.boxes import Box
from kiosk.screen.paint import Paint
from kiosk.screen.ribs import Point, Rib, Ribs
from kiosk.screen.theme import Colour

_FEATHER = 0.6  # pixels that an edge fades on either side of the outline
_CLEAR, _FULL = 0.25, 0.75  # the middles of the two texels of `_fade`


class Shape:
    """One filled outline, as a mesh whose edge fades: no multisampling is needed anywhere."""

    def __init__(self, ribs: Ribs) -> None:
        self._ribs = ribs
        self._placed: tuple[Point, float] | None = None
        self.drawing = Mesh(mode="triangles", texture=_fade())

    def place(self, center: Point, scale: float) -> None:
        """Move to where the unit circle has this centre and radius."""
        if self._placed == (center, scale):
            return
        self._placed = center, scale
        (x, y), ribs = center, self._ribs
        self._draw([_scaled(rib, x, y, scale) for rib in ribs])

    def reshape(self, ribs: Ribs) -> None:
        """Become another outline in the same place."""
        self._ribs = ribs
        placed, self._placed = self._placed, None
        if placed is not None:
            self.place(*placed)

    def _draw(self, ribs: list[Rib]) -> None:
        outline = [left for left, _ in ribs] + [right for _, right in reversed(ribs)]
        inner, outer = _feathered(outline)
        vertices = [part for x, y in inner for part in (x, y, _FULL, 0.5)]
        vertices += [part for x, y in outer for part in (x, y, _CLEAR, 0.5)]
        if len(vertices) != len(self.drawing.vertices):
            self.drawing.indices = _triangles(len(ribs))
        self.drawing.vertices = vertices


class Panel:
    """A rectangle with round corners and, where `edge` is given, an outline."""

    def __init__(self, fill: Colour, edge: Colour | None = None) -> None:
        self._edge_colour = Paint(edge or fill)
        self._fill_colour = Paint(fill)
        self._outer = SmoothRoundedRectangle(segments=24)
        self._inner = SmoothRoundedRectangle(segments=24)
        self.drawing = InstructionGroup()
        for instruction in (self._edge_colour, self._outer, self._fill_colour, self._inner):
            self.drawing.add(instruction)

    def place(self, box: Box, radius: float, line: float = 0) -> None:
        """Move there; `line` is how thick the outline is."""
        for shape, part, bend in (
            (self._outer, box, radius),
            (self._inner, box.inset(line), radius - line),
        ):
            shape.pos, shape.size, shape.radius = part.pos, part.size, [bend]

    def paint(self, fill: Colour, edge: Colour | None = None, *, seen: bool = True) -> None:
        """Change the colours, or let what lies behind be seen."""
        self._fill_colour.put(fill, seen=seen)
        self._edge_colour.put(edge or fill, seen=seen)


@cache
def _fade() -> Any:
    """Two texels, clear and full; between them the graphics chip makes the edge."""
    texture = Texture.create(size=(2, 1), colorfmt="rgba")
    texture.blit_buffer(bytes((255, 255, 255, 0, 255, 255, 255, 255)), colorfmt="rgba")
    return texture


def _scaled(rib: Rib, x: float, y: float, scale: float) -> Rib:
    (ax, ay), (bx, by) = rib
    return (x + ax * scale, y + ay * scale), (x + bx * scale, y + by * scale)


def _feathered(outline: Sequence[Point]) -> tuple[list[Point], list[Point]]:
    """The outline moved a little inwards, and a little outwards; it runs clockwise."""
    inner, outer = [], []
    before, after = (*outline[-1:], *outline[:-1]), (*outline[1:], *outline[:1])
    for (x, y), (ax, ay), (bx, by) in zip(outline, before, after, strict=True):
        length = (hypot(bx - ax, by - ay) or 1.0) / _FEATHER
        out_x, out_y = (ay - by) / length, (bx - ax) / length
        inner.append((x - out_x, y - out_y))
        outer.append((x + out_x, y + out_y))
    return inner, outer


def _triangles(ribs: int) -> list[int]:
    """Which vertices make triangles: the inside between ribs, then the fading edge around it."""
    around = 2 * ribs
    inside = [
        corner
        for left, right in ((rib, around - 1 - rib) for rib in range(ribs - 1))
        for corner in (left, right, left + 1, right, right - 1, left + 1)
    ]
    edge = [
        corner
        for at, then in ((at, (at + 1) % around) for at in range(around))
        for corner in (at, then, around + at, then, around + then, around + at)
    ]
    return inside + edge
