"""A text that fits its box: as large as wished, smaller where it must, cut only at the very end."""

from __future__ import annotations

from typing import Literal

from kivy.core.text import Label as KivyText
from kivy.graphics import Color, InstructionGroup, Rectangle

from kiosk.screen.boxes import Box
from kiosk.screen.theme import Colour

Align = Literal["left", "center", "right"]
Stand = Literal["top", "middle", "bottom"]

LONGEST = 200
"""Characters; a question from the hub that is longer is cut before it is measured."""

_STEP = 0.94  # each try is this much smaller: about two pixels of a title
_LEAST = 0.5  # of the wished size: below that nobody reads it from where they stand
_BALANCING = 6  # halvings: lines end within a sixtieth of the box of where they could


class Lettering:
    """One text on the glass, drawn into a texture; the place where other scripts will be shaped."""

    def __init__(
        self, font: str, colour: Colour, align: Align = "center", stand: Stand = "middle"
    ) -> None:
        self._font = font
        self._align = align
        self._stand = stand
        self._colour = Color(*colour)
        self._rectangle = Rectangle(size=(0, 0))
        self._written: tuple[str, Box, float] | None = None
        self.box = Box(0, 0, 0, 0)
        self.text = ""
        self.wished = self.size = 0.0
        self.whole = True  # False where something had to be cut off
        self.drawing = InstructionGroup()
        self.drawing.add(self._colour)
        self.drawing.add(self._rectangle)

    @property
    def ink(self) -> Box:
        """What the drawn text takes up."""
        return Box(*self._rectangle.pos, *self._rectangle.size)

    def paint(self, colour: Colour) -> None:
        """Change the colour."""
        self._colour.rgb = colour

    def write(self, text: str, box: Box, size: float) -> None:
        """Draw the text in the box, its letters at most `size` pixels high."""
        if self._written == (text, box, size):
            return
        self._written = (text, box, size)
        self.text, self.box, self.wished = _readable(text), box, size
        paragraph = self._fitted(self.text, box, size).balanced()
        self.size = float(paragraph.options["font_size"])
        paragraph.refresh()
        self._rectangle.texture = paragraph.texture
        self._rectangle.size = paragraph.texture.size
        self._rectangle.pos = self._corner(*paragraph.texture.size)

    def _corner(self, width: float, height: float) -> tuple[int, int]:
        # In whole pixels: a texture between two of them is blurred.
        across = {"left": 0.0, "center": 0.5, "right": 1.0}[self._align]
        up = {"bottom": 0.0, "middle": 0.5, "top": 1.0}[self._stand]
        box = self.box
        return round(box.x + (box.width - width) * across), round(
            box.y + (box.height - height) * up
        )

    def _fitted(self, text: str, box: Box, size: float) -> _Paragraph:
        least, self.whole = size * _LEAST, True
        while True:
            paragraph = _Paragraph(text, self._font, round(size), box, self._align)
            if paragraph.fits(box):
                return paragraph
            if size > least:
                size = max(least, size * _STEP)
            elif len(text) > 1:
                text, self.whole = text[: len(text) * 9 // 10].rstrip(" …") + "…", False
            else:
                return paragraph


class _Paragraph(KivyText):
    """A text in lines of a given width; measured often, drawn once."""

    def __init__(self, text: str, font: str, size: int, box: Box, align: Align) -> None:
        super().__init__(
            text=text,
            font_name=font,
            font_size=max(1, size),
            text_size=(max(1, int(box.width)), None),
            halign=align,
        )

    def fits(self, box: Box) -> bool:
        """Whether no line is too many, and no word is wider than the box and torn in two."""
        return self._widest_word() <= box.width and self._height(int(box.width)) <= box.height

    def balanced(self) -> _Paragraph:
        """The same with lines of about equal length instead of a last one of a single word."""
        wide = int(self.text_size[0])
        height, narrow = self._height(wide), self._widest_word()
        for _ in range(_BALANCING):
            between = (narrow + wide) // 2
            if self._height(between) <= height:
                wide = between
            else:
                narrow = between
        self._height(wide)
        return self

    def _widest_word(self) -> int:
        return max((int(self.get_extents(word)[0]) + 1 for word in self.text.split()), default=1)

    def _height(self, width: int) -> int:
        self.text_size = (width, None)
        self.resolve_font_name()
        return int(self.render()[1])


def _readable(text: str) -> str:
    """One paragraph of printable characters; an empty texture cannot be, so at least a space."""
    kept = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    return " ".join(kept.split()) or " "
