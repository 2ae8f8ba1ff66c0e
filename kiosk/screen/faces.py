"""The three faces: told apart by brows, eyes and mouth first, by colour second (decision 12)."""

from __future__ import annotations

from kivy.graphics import Color, InstructionGroup, PopMatrix, PushMatrix, Scale

from kiosk.screen.shapes import Disc, Filled, Point, Stroke, curve
from kiosk.screen.theme import HAPPY, INK, NEUTRAL, SAD, Colour
from shared.visits import Face

_COLOURS: dict[Face, Colour] = {Face.SAD: SAD, Face.NEUTRAL: NEUTRAL, Face.HAPPY: HAPPY}

_OUTLINE = 0.06  # of the radius: seen from two metres at 25 mm
_TOUCHED = 0.96  # how much smaller a face is under the finger: felt, not seen from behind


def _features(face: Face) -> list[Disc | Stroke | Filled]:
    # In the unit circle, y upwards, taken from design/kiosk.png.
    if face is Face.SAD:
        return [
            Stroke(((-0.52, 0.38), (-0.20, 0.48)), 0.11),
            Stroke(((0.52, 0.38), (0.20, 0.48)), 0.11),
            Disc(-0.34, 0.11, 0.105),
            Disc(0.34, 0.11, 0.105),
            Stroke(curve((-0.43, -0.51), (0, -0.06), (0.43, -0.51)), 0.115),
        ]
    if face is Face.NEUTRAL:
        return [
            Disc(-0.35, 0.19, 0.105),
            Disc(0.35, 0.19, 0.105),
            Stroke(curve((-0.42, -0.31), (0, -0.40), (0.42, -0.31)), 0.115),
        ]
    return [
        Stroke(curve((-0.50, 0.14), (-0.36, 0.46), (-0.22, 0.14)), 0.105),
        Stroke(curve((0.50, 0.14), (0.36, 0.46), (0.22, 0.14)), 0.105),
        Filled(((-0.54, -0.16), *curve((0.54, -0.16), (0, -1.0), (-0.54, -0.16))[:-1]), 0.10),
    ]


class FaceDrawing:
    """One face as instructions that are made once and then moved."""

    def __init__(self, face: Face) -> None:
        self._rim, self._skin = Disc(0, 0, 1), Disc(0, 0, 1 - _OUTLINE)
        self._features = _features(face)
        self._scale = Scale(1, 1, 1)
        self.drawing = InstructionGroup()
        for instruction in (
            PushMatrix(),
            self._scale,
            Color(*INK),
            self._rim.drawing,
            Color(*_COLOURS[face]),
            self._skin.drawing,
            Color(*INK),
            *(feature.drawing for feature in self._features),
            PopMatrix(),
        ):
            self.drawing.add(instruction)

    def place(self, center: Point, radius: float) -> None:
        """Move there."""
        self._scale.origin = center
        for shape in (self._rim, self._skin, *self._features):
            shape.place(center, radius)

    def touch(self, down: bool) -> None:
        """Look touched, or not."""
        size = _TOUCHED if down else 1
        self._scale.xyz = (size, size, 1)
