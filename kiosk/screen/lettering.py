"""A text that fits its box: as large as wished, smaller where it must, cut only at the very end."""

from __future__ import annotations

from typing import Any, Literal

from kivy.core.text import Label as Typesetter
from kivy.graphics import Color, InstructionGroup, Rectangle

from kiosk.screen.boxes import Box
from kiosk.screen.theme import Colour

Align = Literal["left", "center", "right"]

LONGEST = 200
"""Characters; a question from the hub that is longer is cut before it is measured."""

_STEP = 0.94  # each try is this much smaller: about a point at the size of a title
_LEAST = 0.5  # of the wished size: below that nobody reads it from where they stand


class Lettering:
    """One text on the glass, drawn into a texture; the place where other scripts will be shaped."""

    def __init__(self, font: str, colour: Colour, align: Align = "center") -> None:
        self._font = font
        self._align = align
        self._colour = Color(*colour)
        self._rectangle = Rectangle(size=(0, 0))
        self._written: tuple[str, Box, float] | None = None
        self.box = Box(0, 0, 0, 0)
        self.whole = True
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
        """Draw the text in the middle of the box, at most so many pixels high."""
        if self._written == (text, box, size):
            return
        self._written = (text, box, size)
        self.box = box
        set_ = self._fitted(_readable(text), box, size)
        texture = set_.texture
        self._rectangle.texture = texture
        self._rectangle.size = texture.size
        # Whole pixels: a texture between two of them is blurred.
        self._rectangle.pos = (round(box.x), round(box.y + (box.height - texture.height) / 2))

    def _fitted(self, text: str, box: Box, size: float) -> Any:
        least, self.whole = size * _LEAST, True
        while True:
            typeset = self._set(text, box, size)
            if typeset.fits(box):
                return typeset.refreshed()
            if size > least:
                size = max(least, size * _STEP)
            elif len(text) > 1:
                text, self.whole = text[: len(text) * 9 // 10].rstrip(" …") + "…", False
            else:
                return typeset.refreshed()

    def _set(self, text: str, box: Box, size: float) -> _Typeset:
        return _Typeset(
            text=text,
            font_name=self._font,
            font_size=max(1, round(size)),
            text_size=(int(box.width), None),
            halign=self._align,
        )


class _Typeset(Typesetter):
    def fits(self, box: Box) -> bool:
        """Whether no line is too many, and no word is wider than the box and torn in two."""
        widest = max((self.get_extents(word)[0] for word in self.text.split()), default=0)
        return bool(widest <= box.width and self.render()[1] <= box.height)

    def refreshed(self) -> _Typeset:
        """The same, drawn."""
        self.refresh()
        return self


def _readable(text: str) -> str:
    """One paragraph of printable characters; an empty texture cannot be, so at least a space."""
    kept = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    return " ".join(kept.split()) or " "
