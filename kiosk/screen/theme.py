"""Colours, letters and measures of every page (decision 12)."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, hypot
from pathlib import Path

from kiosk.screen.boxes import Box

Colour = tuple[float, float, float]


def colour(hexadecimal: str) -> Colour:
    """Read `#RRGGBB`."""
    red, green, blue = bytes.fromhex(hexadecimal.removeprefix("#"))
    return red / 255, green / 255, blue / 255


class Tint(Colour):
    """A colour of the day that knows which one stands for it at night."""

    night: Colour

    def __new__(cls, day: str, night: str) -> Tint:
        """Read both as `#RRGGBB`."""
        tint = super().__new__(cls, colour(day))
        tint.night = colour(night)
        return tint


def by(night: bool, shade: Colour) -> Colour:
    """That colour by night or by day; what is no Tint is always the same."""
    return shade.night if night and isinstance(shade, Tint) else shade


# Okabe and Ito's palette: told apart by people who do not see red and green alike. By day the
# outline gives the neutral disc its contrast (alone it is 2.2 : 1), by night each disc has it.
SAD = colour("#D55E00")
NEUTRAL = colour("#E69F00")
HAPPY = colour("#009E73")
FEATURE = colour("#17212B")  # brows, eyes, mouth and rim of a face, by day and by night

INK = Tint("#17212B", "#F2EFE8")
PAPER = Tint("#FBFAF7", "#10171E")
WHITE = Tint("#FFFFFF", "#1B2630")  # tiles, and the words on what is ink
SOFT = Tint("#4A5661", "#B4BEC7")  # second-rank words: 7 : 1 on paper
EDGE = Tint("#808A93", "#74808B")  # outlines of what can be touched: 3 : 1 on paper and tile
SHADE = Tint("#EBE9E3", "#2B3742")  # under a finger, and the empty part of a ring
INK_TOUCHED = Tint("#33414E", "#D3D0C9")  # the same on what is ink already
FOCUS = Tint("#0072B2", "#6CB8E6")  # around what the buttons have come to
GREEN = Tint("#00694C", "#6FDFBB")  # the way to the questionnaire: 4.5 : 1 on a tile

PANEL = Tint("#17212B", "#1F2B36")  # the dark panel of the resting page
PANEL_INNER = Tint("#26323E", "#2C3945")  # a panel on it
ON_PANEL = Tint("#FFFFFF", "#F2EFE8")  # words on it
INK_SOFT = Tint("#C3CCD4", "#C3CCD4")  # second-rank words on it
MINT = Tint("#7FE3C1", "#7FE3C1")  # the quickest register on it

_FONTS = Path(__file__).parent / "fonts"
REGULAR = str(_FONTS / "AtkinsonHyperlegibleNext-Regular.ttf")
SEMIBOLD = str(_FONTS / "AtkinsonHyperlegibleNext-SemiBold.ttf")
BOLD = str(_FONTS / "AtkinsonHyperlegibleNext-Bold.ttf")

SMALLEST_TARGET = 63
"""Units: 12 mm on a 7-inch screen of 800×480, what a hurried finger hits; see `Theme.target`."""

_TARGET_MM, _FACE_MM, _GAP_MM = 12, 25, 8
_SIDE_BY_SIDE_MM = 95
"""Three faces, their gaps and 2 mm on either side; on narrower glass faces stack."""

_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Theme:
    """The measures of one glass: a *unit* is one pixel of 800×480, or of 480×800 upright.

    `inches` is its diagonal; `rtl`: lines run from right to left; `calm`: nothing moves.
    """

    width: float
    height: float
    inches: float = 7.0
    rtl: bool = False
    calm: bool = False

    @property
    def upright(self) -> bool:
        """Whether the glass is higher than wide."""
        return self.height > self.width

    @property
    def unit(self) -> float:
        """Pixels of one unit."""
        long, short = max(self.width, self.height), min(self.width, self.height)
        return min(long / 800, short / 480)

    def px(self, units: float) -> float:
        """So many units in whole pixels, so that edges stay sharp."""
        return float(max(1, round(units * self.unit)))

    def mm(self, millimetres: float) -> float:
        """So many millimetres of this glass in whole pixels, never fewer."""
        pixels = millimetres * hypot(self.width, self.height) / (self.inches * _MM_PER_INCH)
        return float(ceil(pixels - 1e-6))

    @property
    def target(self) -> float:
        """The short side of the smallest target, in pixels."""
        return max(self.px(SMALLEST_TARGET), self.mm(_TARGET_MM))

    @property
    def face(self) -> float:
        """The diameter of the smallest face, in pixels."""
        return self.mm(_FACE_MM)

    @property
    def gap(self) -> float:
        """What lies between two faces at least, in pixels."""
        return self.mm(_GAP_MM)

    @property
    def stacked(self) -> bool:
        """Whether three faces do not fit side by side."""
        return self.width < self.mm(_SIDE_BY_SIDE_MM)

    def page(self, down: float) -> Box:
        """The glass without its margins: the same at the sides of every page, `down` above."""
        across = 24 if self.upright else 36
        return Box(0, 0, self.width, self.height, self.rtl).inset(self.px(across), self.px(down))
