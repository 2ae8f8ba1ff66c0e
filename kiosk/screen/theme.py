"""Colours, letters and measures of every page (decision 12)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kiosk.screen.boxes import Box

Colour = tuple[float, float, float]


def colour(hexadecimal: str) -> Colour:
    """Read `#RRGGBB`."""
    red, green, blue = bytes.fromhex(hexadecimal.removeprefix("#"))
    return red / 255, green / 255, blue / 255


# Okabe and Ito's palette: told apart by people who do not see red and green alike.
SAD = colour("#D55E00")
NEUTRAL = colour("#E69F00")
HAPPY = colour("#009E73")

INK = colour("#17212B")
PAPER = colour("#FBFAF7")
WHITE = colour("#FFFFFF")
SOFT = colour("#4A5661")  # second-rank words: 7 : 1 on paper
EDGE = colour("#C5CBD0")  # outlines of what can be touched
SHADE = colour("#EBE9E3")  # under a finger, and the empty part of a ring
INK_TOUCHED = colour("#33414E")  # the same on what is ink already
INK_SOFT = colour("#C3CCD4")  # second-rank words on an ink panel

_FONTS = Path(__file__).parent / "fonts"
REGULAR = str(_FONTS / "AtkinsonHyperlegibleNext-Regular.ttf")
SEMIBOLD = str(_FONTS / "AtkinsonHyperlegibleNext-SemiBold.ttf")
BOLD = str(_FONTS / "AtkinsonHyperlegibleNext-Bold.ttf")

SMALLEST_TARGET = 62
"""Units: 12 mm on a 7-inch screen of 800×480, what a hurried finger hits."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The measures of one glass: a *unit* is one pixel of 800×480, or of 480×800 upright."""

    width: float
    height: float

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

    def page(self, down: float) -> Box:
        """The glass without its margins: the same at the sides of every page, `down` above."""
        across = 24 if self.upright else 36
        return Box(0, 0, self.width, self.height).inset(self.px(across), self.px(down))
