"""A colour of the theme as an instruction: it knows how it looks by day and by night."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color

from kiosk.screen.theme import Colour, by


class Paint(Color):
    """What comes after it in a drawing is painted so; day, until it is told that it is night."""

    def __init__(self, shade: Colour) -> None:
        super().__init__(*shade)
        self._shade, self._seen, self._night = shade, True, False

    def put(self, shade: Colour, *, seen: bool = True) -> None:
        """Another colour, or none, so that what lies behind is seen."""
        if shade is not self._shade or seen is not self._seen:
            self._shade, self._seen = shade, seen
            self._mix()

    def dress(self, night: bool) -> None:
        """The same by night, or by day."""
        if night is not self._night:
            self._night = night
            self._mix()

    def _mix(self) -> None:
        self.rgba = (*by(self._night, self._shade), float(self._seen))


def dress(drawing: Any, night: bool) -> None:
    """Paint by night, or by day, all that a drawing holds."""
    for part in drawing.children:
        if isinstance(part, Paint):
            part.dress(night)
        elif hasattr(part, "children"):
            dress(part, night)
