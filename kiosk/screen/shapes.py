"""Vector shapes with smooth edges: instructions made once and then moved (decision 15)."""

from __future__ import annotations

from collections.abc import Sequence

from kivy.graphics import Color, InstructionGroup, Mesh, SmoothEllipse, SmoothLine
from kivy.graphics.vertex_instructions import SmoothRoundedRectangle

from kiosk.screen.boxes import Box
from kiosk.screen.theme import Colour

Point = tuple[float, float]


def curve(start: Point, bend: Point, end: Point, steps: int = 24) -> tuple[Point, ...]:
    """Points along a quadratic Bézier; 24 steps look round at the largest face we draw."""

    def at(t: float) -> Point:
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        return (
            a * start[0] + b * bend[0] + c * end[0],
            a * start[1] + b * bend[1] + c * end[1],
        )

    return tuple(at(step / steps) for step in range(steps + 1))


class Disc:
    """A filled circle, given in the unit circle of what it belongs to."""

    def __init__(self, x: float, y: float, radius: float) -> None:
        self._at = (x, y, radius)
        self._ellipse = SmoothEllipse(segments=90)
        self.drawing = InstructionGroup()
        self.drawing.add(self._ellipse)

    def place(self, center: Point, scale: float) -> None:
        """Move to where the unit circle has this centre and radius."""
        x, y, radius = self._at
        reach = radius * scale
        self._ellipse.size = (2 * reach, 2 * reach)
        self._ellipse.pos = (center[0] + x * scale - reach, center[1] + y * scale - reach)


class Stroke:
    """A line with round ends through points of the unit circle."""

    def __init__(self, points: Sequence[Point], width: float) -> None:
        self._points = points
        self._width = width
        self._line = SmoothLine()
        # Smooth lines have no round caps, so a disc sits on either end.
        self._caps = [Disc(x, y, width / 2) for x, y in (points[0], points[-1])]
        self.drawing = InstructionGroup()
        self.drawing.add(self._line)
        for cap in self._caps:
            self.drawing.add(cap.drawing)

    def place(self, center: Point, scale: float) -> None:
        """Move to where the unit circle has this centre and radius."""
        self._line.width = self._width * scale / 2
        self._line.points = _flat(self._points, center, scale)
        for cap in self._caps:
            cap.place(center, scale)


class Filled:
    """A convex outline, filled, with rounded corners: its edge is a stroke of the same ink."""

    def __init__(self, points: Sequence[Point], corner: float) -> None:
        self._points = points
        self._mesh = Mesh(mode="triangle_fan", indices=range(len(points)))
        self._edge = [
            Stroke((a, b), corner) for a, b in zip(points, (*points[1:], points[0]), strict=True)
        ]
        self.drawing = InstructionGroup()
        self.drawing.add(self._mesh)
        for stroke in self._edge:
            self.drawing.add(stroke.drawing)

    def place(self, center: Point, scale: float) -> None:
        """Move to where the unit circle has this centre and radius."""
        flat = _flat(self._points, center, scale)
        self._mesh.vertices = [
            part for x, y in zip(flat[::2], flat[1::2], strict=True) for part in (x, y, 0, 0)
        ]
        for stroke in self._edge:
            stroke.place(center, scale)


class Panel:
    """A rectangle with round corners and, where `edge` is given, an outline."""

    def __init__(self, fill: Colour, edge: Colour | None = None) -> None:
        self._edge_colour = Color(*(edge or fill))
        self._fill_colour = Color(*fill)
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

    def paint(self, fill: Colour, edge: Colour | None = None) -> None:
        """Change the colours."""
        self._fill_colour.rgb = fill
        self._edge_colour.rgb = edge or fill


def _flat(points: Sequence[Point], center: Point, scale: float) -> list[float]:
    return [part for x, y in points for part in (center[0] + x * scale, center[1] + y * scale)]
