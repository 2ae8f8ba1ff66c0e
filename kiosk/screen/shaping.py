"""Letters that join, or run from right to left, drawn by Pillow with Raqm (decision 17)."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Any

from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw, ImageFont

from kiosk.screen.boxes import Box
from kiosk.screen.paragraphs import Align, even_width
from kiosk.screen.scripts import raqm_font, starts_from_right

LINE = 1.75  # of the letters' size: Arabic rises and falls further than Latin
RISE = 1.22  # of it, above the line on which letters stand: room for two marks
_SIZES = 12  # fonts kept open: two weights on one page, each in a few sizes


class ShapedParagraph:
    """A paragraph of such letters; words of other scripts among them run their own way."""

    def __init__(self, text: str, font: str, size: int, box: Box, align: Align) -> None:
        self._font = _opened(raqm_font(font), size)
        self._size, self._align, self._wide = size, align, int(box.width)
        self._way = "rtl" if box.rtl or starts_from_right(text) else "ltr"
        self._words = text.split() or [" "]
        self._widths = [self._length(word) for word in self._words]
        self._space = self._length(" ")

    def fits(self, box: Box) -> bool:
        """Whether no line is too many, and no word is wider than the box and torn in two."""
        return max(self._widths) <= box.width and self._height(int(box.width)) <= box.height

    def drawn(self) -> Any:
        """Its texture, in lines of about equal length."""
        wide = even_width(self._height, ceil(max(self._widths)), self._wide)
        mask = self._mask(self._lines(wide), wide)
        texture = Texture.create(size=mask.size, colorfmt="luminance_alpha")
        pixels = Image.merge("LA", (Image.new("L", mask.size, 255), mask))
        texture.blit_buffer(pixels.tobytes(), colorfmt="luminance_alpha")
        texture.flip_vertical()
        return texture

    def _length(self, text: str) -> float:
        return float(self._font.getlength(text, direction=self._way))

    def _lines(self, width: float) -> list[str]:
        """Broken at spaces, as late as the width allows."""
        starts, reach = [0], 0.0
        for at, wide in enumerate(self._widths):
            reach += wide + (self._space if at > starts[-1] else 0)
            if reach > width and at > starts[-1]:
                starts.append(at)
                reach = wide
        ends = pairwise((*starts, len(self._words)))
        return [" ".join(self._words[start:end]) for start, end in ends]

    def _height(self, width: float) -> int:
        return ceil(len(self._lines(width)) * self._size * LINE)

    def _mask(self, lines: list[str], width: int) -> Image.Image:
        mask = Image.new("L", (max(1, width), max(1, ceil(len(lines) * self._size * LINE))))
        pen = ImageDraw.Draw(mask)
        anchor, x = {"left": ("ls", 0.0), "center": ("ms", width / 2), "right": ("rs", width)}[
            self._align
        ]
        for number, line in enumerate(lines):
            y = self._size * (number * LINE + RISE)
            pen.text((x, y), line, 255, self._font, anchor, direction=self._way)
        return mask


@lru_cache(_SIZES)
def _opened(file: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.RAQM)
