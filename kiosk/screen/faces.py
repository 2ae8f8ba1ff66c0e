"""The three faces: told apart by brows, eyes and mouth first, by colour second (decision 12)."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, PopMatrix, PushMatrix, Scale

from kiosk.screen.ribs import Point, Ribs, curve, disc, mouth, stroke
from kiosk.screen.shapes import Shape
from kiosk.screen.theme import FEATURE, HAPPY, NEUTRAL, SAD, Colour
from shared.visits import Face

_COLOURS: dict[Face, Colour] = {Face.SAD: SAD, Face.NEUTRAL: NEUTRAL, Face.HAPPY: HAPPY}

_OUTLINE = 0.06  # of the radius: seen from two metres at 25 mm
_TOUCHED = 0.97  # how much smaller a face is under the finger: felt, not seen from behind


def _features(face: Face) -> tuple[Ribs, ...]:
    # In the unit circle, y upwards.
    if face is Face.SAD:
        return (
            stroke(((-0.52, 0.38), (-0.20, 0.48)), 0.11),
            stroke(((0.52, 0.38), (0.20, 0.48)), 0.11),
            disc(-0.34, 0.11, 0.105),
            disc(0.34, 0.11, 0.105),
            stroke(curve((-0.43, -0.51), (0, -0.06), (0.43, -0.51)), 0.115),
        )
    if face is Face.NEUTRAL:
        return (
            disc(-0.35, 0.19, 0.105),
            disc(0.35, 0.19, 0.105),
            stroke(curve((-0.42, -0.31), (0, -0.40), (0.42, -0.31)), 0.115),
        )
    return (
        stroke(curve((-0.50, 0.14), (-0.36, 0.46), (-0.22, 0.14)), 0.105),
        stroke(curve((0.50, 0.14), (0.36, 0.46), (0.22, 0.14)), 0.105),
        mouth(half_width=0.6, top=-0.12, depth=0.52, corner=0.08),
    )


class FaceDrawing:
    """One face as instructions that are made once and then moved."""

    def __init__(self, face: Face) -> None:
        self._rim, self._skin = Shape(disc(0, 0, 1)), Shape(disc(0, 0, 1 - _OUTLINE))
        self._features = [Shape(ribs) for ribs in _features(face)]
        self._scale = Scale(1, 1, 1)
        self.center: Point = (0.0, 0.0)
        self.radius = 0.0
        self.drawing = InstructionGroup()
        for instruction in (
            PushMatrix(),
            self._scale,
            Color(*FEATURE),
            self._rim.drawing,
            Color(*_COLOURS[face]),
            self._skin.drawing,
            Color(*FEATURE),
            *(feature.drawing for feature in self._features),
            PopMatrix(),
        ):
            self.drawing.add(instruction)

    def place(self, center: Point, radius: float) -> None:
        """Move there."""
        self.center, self.radius = center, radius
        self._scale.origin = center
        for shape in (self._rim, self._skin, *self._features):
            shape.place(center, radius)

    def touch(self, down: bool) -> None:
        """Look touched, or not."""
        size = _TOUCHED if down else 1
        self._scale.xyz = (size, size, 1)
