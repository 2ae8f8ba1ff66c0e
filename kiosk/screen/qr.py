"""A code for a shopper's own phone: dark on white with its quiet zone, by day and by night."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, InstructionGroup, Rectangle
from kivy.graphics.texture import Texture

from kiosk.screen.boxes import Box
from kiosk.screen.theme import WHITE

QUIET = 4
"""Modules of white around the code: what readers need to find it (ISO/IEC 18004)."""

_WORTH = 0.97  # a phone reads modules of two and three pixels, but a small code not from afar

_DARK, _LIGHT = b"\x00", b"\xff"


def modules(text: str) -> list[bytes]:
    """The code row by row from the top, its quiet zone included; 1 is dark."""
    import segno  # noqa: PLC0415 most kiosks show no code

    # Level M: a scratch or a reflection on the glass hides less than 15 % of it.
    code = segno.make(text, error="m", micro=False)
    return [bytes(row) for row in code.matrix_iter(border=QUIET)]


class QrCode:
    """One code as one small texture, drawn anew only when its text changes."""

    def __init__(self) -> None:
        self._text: str | None = None
        self._rows: list[bytes] = []
        self._colour = Color(*WHITE)
        self._rectangle = Rectangle(size=(0, 0))
        self.drawing = InstructionGroup()
        self.drawing.add(self._colour)
        self.drawing.add(self._rectangle)

    @property
    def box(self) -> Box:
        """What it takes up, quiet zone included; empty while nothing is shown."""
        return Box(*self._rectangle.pos, *self._rectangle.size)

    @property
    def texture(self) -> Any:
        """Its modules, one pixel each."""
        return self._rectangle.texture

    def place(self, text: str | None, box: Box) -> None:
        """Show that text in the middle of the box, as large as it can be with sharp modules."""
        if not text:
            self._rectangle.size = (0, 0)
            return
        if text != self._text:
            self._text, self._rows = text, modules(text)
            self._rectangle.texture = _texture(self._rows)
        side = _side(len(self._rows), int(min(box.size)))
        x, y = box.center
        self._rectangle.pos = (round(x - side / 2), round(y - side / 2))
        self._rectangle.size = (side, side)


def _side(across: int, room: int) -> int:
    """Whole pixels for each module; unequal ones where whole ones would cost much of the size."""
    whole = across * (room // across)
    return whole if whole >= _WORTH * room else max(across, room)


def _texture(rows: list[bytes]) -> Any:
    across = len(rows)
    texture = Texture.create(size=(across, across), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"  # a module has an edge, no slope
    pixels = b"".join(_DARK if dark else _LIGHT for row in reversed(rows) for dark in row)
    texture.blit_buffer(pixels, colorfmt="luminance")
    return texture
