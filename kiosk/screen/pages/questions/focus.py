"""The mark of the three buttons: a thick blue line around the key that they have reached."""

from __future__ import annotations

from kivy.graphics import InstructionGroup, SmoothLine

from kiosk.screen.boxes import Box
from kiosk.screen.paint import Paint
from kiosk.screen.theme import FOCUS, Theme

_THICK = 2.6  # units to either side of the line
_AWAY = 3.0  # units between the key and the middle of the line


class Focus:
    """One line that moves from key to key."""

    def __init__(self) -> None:
        self._paint = Paint(FOCUS)
        self._paint.put(FOCUS, seen=False)
        self._line = SmoothLine(rounded_rectangle=(0, 0, 1, 1, 0.4), width=1)
        self.around: Box | None = None
        self.drawing = InstructionGroup()
        self.drawing.add(self._paint)
        self.drawing.add(self._line)

    def place(self, body: Box | None, radius: float, theme: Theme) -> None:
        """Go around that; None: be not seen."""
        if body is None and self.around is None:
            return
        self.around = body
        self._paint.put(FOCUS, seen=body is not None)
        if body is not None:
            away = theme.px(_AWAY)
            box = body.inset(-away)
            bend = min(radius + away, min(box.size) / 2)
            self._line.width = theme.px(_THICK)
            self._line.rounded_rectangle = (box.x, box.y, box.width, box.height, bend)
