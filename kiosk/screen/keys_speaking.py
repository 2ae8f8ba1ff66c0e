"""The key that has a page read aloud: a loudspeaker, with bars for how loud it is just now."""

from __future__ import annotations

from kivy.graphics import InstructionGroup

from kiosk.core.effects import Loudness
from kiosk.core.events import ReadAloudTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tile
from kiosk.screen.paint import Paint
from kiosk.screen.ribs import Point, Ribs, curve, disc, stroke
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
_BARS = 3
_APART, _BASE, _RISE, _THICK = 0.6, -1.35, 0.29, 0.28  # of the sign: three bars fit beneath it
_SIGN, _SIGN_SMALL, _LIFT = 18, 15, 9  # units: it makes room for the bars


class SpeakTile(Tile):
    """Touched, it asks for the page to be read aloud; touched again, for it to be louder.

    It says nothing itself. Its bars are there while somebody listens: one at the store's volume,
    all of them at the loudest; where a bar may yet come there is a dot.
    """

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(clock, lambda _began: post(ReadAloudTouched(clock.now())))
        self._shapes = [Shape(ribs) for ribs in (_CONE, *_WAVES)]
        self._bars = [Shape(_bar(number, full=False)) for number in range(_BARS)]
        self._loudness: Loudness | None = None
        sign = InstructionGroup()
        sign.add(Paint(INK))
        for shape in (*self._shapes, *self._bars):
            sign.add(shape.drawing)
        self.canvas.add(sign)

    def place_in(
        self, strip: Box, theme: Theme, *, there: bool, loudness: Loudness | None = None
    ) -> Box:
        """Stand where the lines of the strip end, if `there`; what is left of it is returned."""
        if not there or strip.height < theme.target - 1:
            self.hide()
            return strip
        spot, rest = strip.right_cut(theme.target)
        spot = spot.middle(theme.target, theme.target)
        self.place(spot, "", theme, radius=31)
        self._draw(spot.center, theme, loudness)
        return rest.right_cut(theme.px(_GAP))[1]

    def _draw(self, center: Point, theme: Theme, loudness: Loudness | None) -> None:
        (x, y), size = center, theme.px(_SIGN if loudness is None else _SIGN_SMALL)
        lift = 0 if loudness is None else theme.px(_LIFT)
        for shape in self._shapes:
            shape.place((x, y + lift), size)
        step, steps = loudness or (0, 0)
        for number, bar in enumerate(self._bars):
            if loudness != self._loudness:  # a shape that stays is not drawn again
                bar.reshape(_bar(number, full=number < step))
            bar.place((x, y), size if number < steps else 0)
        self._loudness = loudness


def _bar(number: int, *, full: bool) -> Ribs:
    """The first stands left and is the lowest; one that is not full is the dot at its foot."""
    x = (number - (_BARS - 1) / 2) * _APART
    foot = (x, _BASE)
    return (
        stroke((foot, (x, _BASE + _RISE * (number + 1))), _THICK)
        if full
        else disc(*foot, _THICK / 2)
    )
