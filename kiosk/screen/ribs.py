"""Outlines as ribs: pairs of points along a shape, left and right; pure arithmetic.

Whatever a face is made of (discs, strokes with round ends, a laughing mouth) can be walked through
from one end to the other with a point on either side. Ribs are given in the unit circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]
Rib = tuple[Point, Point]
Ribs = tuple[Rib, ...]

_AROUND = 64  # ribs of a disc: at 200 px radius the corners stand out by less than 0.1 px
_CAP = 10  # ribs of a round end: strokes are a tenth as thick as discs
_BEND = 28  # steps along a curve
_JAW = 36  # ribs of the mouth


def disc(x: float, y: float, radius: float) -> Ribs:
    """A filled circle."""
    half_steps = (pi * (step + 0.5) / _AROUND for step in range(_AROUND))
    return tuple(
        ((x - radius * cos(t), y + radius * sin(t)), (x - radius * cos(t), y - radius * sin(t)))
        for t in half_steps
    )


def curve(start: Point, bend: Point, end: Point) -> tuple[Point, ...]:
    """Points along a quadratic Bézier."""

    def at(t: float) -> Point:
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
        return a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]

    return tuple(at(step / _BEND) for step in range(_BEND + 1))


def arc(radius: float, share: float) -> tuple[Point, ...]:
    """Points along a circle, from the top anticlockwise through a share (0 to 1) of it."""
    steps = max(2, round(2 * _AROUND * share))
    turns = (radians(90 + 360 * share * step / steps) for step in range(steps + 1))
    return tuple((radius * cos(turn), radius * sin(turn)) for turn in turns)


def stroke(points: Sequence[Point], width: float) -> Ribs:
    """A line of that width with round ends."""
    half = width / 2
    ways = _ways(points)
    body = [_rib(point, way, half) for point, way in zip(points, ways, strict=True)]
    return (*_cap(points[0], ways[0], half), *body, *_cap(points[-1], ways[-1], half, end=True))


def mouth(half_width: float, top: float, depth: float, corner: float) -> Ribs:
    """A laughing mouth: half an ellipse hanging from a straight lip, its corners rounded."""

    def rib(down: float) -> Rib:
        reach = half_width * sqrt(1 - (down / depth) ** 2)
        if down < corner:
            reach -= corner - sqrt(corner**2 - (corner - down) ** 2)
        return (reach, top - down), (-reach, top - down)

    # Denser at both ends, where the outline turns fastest.
    downs = (depth * sin(pi * (step + 0.5) / _JAW / 2) ** 2 for step in range(_JAW))
    return tuple(rib(down) for down in downs)


def _ways(points: Sequence[Point]) -> list[Point]:
    """The direction of travel at each point, of length one."""
    before, after = (points[0], *points[:-1]), (*points[1:], points[-1])
    return [_unit(b[0] - a[0], b[1] - a[1]) for a, b in zip(before, after, strict=True)]


def _unit(x: float, y: float) -> Point:
    length = hypot(x, y) or 1.0
    return x / length, y / length


def _rib(point: Point, way: Point, half: float, along: float = 0) -> Rib:
    x, y = point[0] + way[0] * along, point[1] + way[1] * along
    across, up = -way[1] * half, way[0] * half
    return (x + across, y + up), (x - across, y - up)


def _cap(point: Point, way: Point, half: float, *, end: bool = False) -> Iterable[Rib]:
    turns = [pi / 2 * (step + 0.5) / _CAP for step in range(_CAP)]
    if end:
        return [_rib(point, way, half * cos(turn), half * sin(turn)) for turn in turns]
    return [_rib(point, way, half * sin(turn), -half * cos(turn)) for turn in turns]
