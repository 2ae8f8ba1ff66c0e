"""A text that fits its box: as large as wished, smaller where it must, cut only at the very end."""

from __future__ import annotations

from typing import Literal

from kivy.graphics import InstructionGroup, Rectangle

from kiosk.screen.boxes import Box
from kiosk.screen.paint import Paint
from kiosk.screen.paragraphs import Align, Paragraph
from kiosk.screen.plain import PlainParagraph
from kiosk.screen.scripts import Hand, hand
from kiosk.screen.theme import Colour

Stand = Literal["top", "middle", "bottom"]

LONGEST = 300
"""Characters; a question from the hub that is longer is cut before it is measured."""

_INVISIBLE = frozenset("\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")
"""Where a word may break, or which way it runs: nothing stands there."""

_STEP = 0.94  # each try is this much smaller: about two pixels of a title
_LEAST = 0.5  # of the wished size: below that nobody reads it from where they stand
_MIRRORED: dict[Align, Align] = {"left": "right", "center": "center", "right": "left"}


class Lettering:
    """One text on the glass, drawn into a texture by whoever can draw its letters."""

    def __init__(
        self, font: str, colour: Colour, align: Align = "center", stand: Stand = "middle"
    ) -> None:
        self._font = font
        self.align: Align = align
        self._stand = stand
        self._colour = Paint(colour)
        self._rectangle = Rectangle(size=(0, 0))
        self._written: tuple[str, Box, float, Align] | None = None
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
        self._colour.put(colour)

    def write(self, text: str, box: Box, size: float) -> None:
        """Draw the text in the box, its letters at most `size` pixels high."""
        if self._written == (text, box, size, self.align):
            return
        self._written = (text, box, size, self.align)
        self.text, self.box, self.wished = _readable(text), box, size
        texture = self._fitted(self.text, box, size).drawn()
        self._rectangle.texture = texture
        self._rectangle.size = texture.size
        self._rectangle.pos = self._corner(*texture.size)

    def put(self, text: str, box: Box, size: float) -> None:
        """The same; where there is nothing to say nothing is seen."""
        if text.strip():
            self.write(text, box, size)
        else:
            self.erase()

    def erase(self) -> None:
        """Let nothing be seen here."""
        self._written, self.text, self.whole = None, "", True
        self._rectangle.size = (0, 0)

    def _corner(self, width: float, height: float) -> tuple[int, int]:
        # In whole pixels: a texture between two of them is blurred.
        across = {"left": 0.0, "center": 0.5, "right": 1.0}[self._side]
        up = {"bottom": 0.0, "middle": 0.5, "top": 1.0}[self._stand]
        box = self.box
        return round(box.x + (box.width - width) * across), round(
            box.y + (box.height - height) * up
        )

    @property
    def _side(self) -> Align:
        return _MIRRORED[self.align] if self.box.rtl else self.align

    def _fitted(self, text: str, box: Box, size: float) -> Paragraph:
        least, self.whole = size * _LEAST, True
        while True:
            self.size = float(max(1, round(size)))
            paragraph = self._paragraph(text)
            if paragraph.fits(box):
                return paragraph
            if size > least:
                size = max(least, size * _STEP)
            elif len(text) > 2:  # a letter and its “…” cannot be cut any further
                text, self.whole = text[: len(text) * 9 // 10 - 1].rstrip(" …") + "…", False
            else:
                return paragraph

    def _paragraph(self, text: str) -> Paragraph:
        size, box = int(self.size), self.box
        if hand(text) is Hand.RAQM:
            from kiosk.screen.shaping import ShapedParagraph  # noqa: PLC0415 Pillow is heavy

            return ShapedParagraph(text, self._font, size, box, self._side)
        return PlainParagraph(text, self._font, size, box, self._side)


def _readable(text: str) -> str:
    """One paragraph of printable characters; an empty texture cannot be, so at least a space."""
    kept = "".join(c if c.isprintable() else " " * (c not in _INVISIBLE) for c in text[:LONGEST])
    return " ".join(kept.split()) or " "
