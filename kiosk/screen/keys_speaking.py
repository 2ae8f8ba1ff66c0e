"""The key that has a page read aloud: a loudspeaker, told by its shape."""

from __future__ import annotations

from kivy.graphics import InstructionGroup

from kiosk.core.events import ReadAloudTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tile
from kiosk.screen.paint import Paint
from kiosk.screen.ribs import Ribs, curve, stroke
from kiosk.screen.shapes import Shape
from kiosk.screen.theme import INK, Theme

_GAP = 12  # units between the key and what stands beside it
_CONE: Ribs = (
    ((-0.75, 0.26), (-0.75, -0.26)),
    ((-0.42, 0.26), (-0.42, -0.26)),
    ((0.0, 0.66), (0.0, -0.66)),
)
_WAVES = (
    stroke(curve((0.26, 0.3), (0.5, 0.0), (0.26, -0.3)), 0.14),
    stroke(curve((0.48, 0.58), (0.98, 0.0), (0.48, -0.58)), 0.14),
)


class SpeakTile(Tile):
    """Touched, it asks for the page to be read aloud; it says nothing itself."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(clock, lambda _began: post(ReadAloudTouched(clock.now())))
        self._shapes = [Shape(ribs) for ribs in (_CONE, *_WAVES)]
        sign = InstructionGroup()
        sign.add(Paint(INK))
        for shape in self._shapes:
            sign.add(shape.drawing)
        self.canvas.add(sign)

    def place_in(self, strip: Box, theme: Theme, *, there: bool) -> Box:
        """Stand where the lines of the strip end, if `there`; what is left of it is returned."""
        if not there or strip.height < theme.target - 1:
            self.hide()
            return strip
        spot, rest = strip.right_cut(theme.target)
        spot = spot.middle(theme.target, theme.target)
        self.place(spot, "", theme, radius=31)
        for shape in self._shapes:
            shape.place(spot.center, theme.px(18))
        return rest.right_cut(theme.px(_GAP))[1]
