"""The line in which a written text stands: where it is too long, its end is seen."""

from __future__ import annotations

from kivy.graphics import InstructionGroup, Rectangle

from kiosk.screen.boxes import Box
from kiosk.screen.lettering import Lettering
from kiosk.screen.paint import Paint
from kiosk.screen.shapes import Panel
from kiosk.screen.theme import INK, REGULAR, SEMIBOLD, SOFT, WHITE, Theme

_SIZE = 24  # units
_CARET = 3
_NARROW = 0.4  # of the letters' size: few letters are narrower, so little is cut in vain


class Writing:
    """The text, and a caret where the next letter goes; it does not blink."""

    def __init__(self) -> None:
        self.panel = Panel(WHITE, SOFT)
        self.text = Lettering(SEMIBOLD, INK, "left")
        self.hint = Lettering(REGULAR, SOFT, "left")
        self._caret = Rectangle()
        self.drawing = InstructionGroup()
        for part in (self.panel, self.hint, self.text):
            self.drawing.add(part.drawing)
        self.drawing.add(Paint(INK))
        self.drawing.add(self._caret)

    def show(self, text: str, hint: str, box: Box, theme: Theme) -> None:
        """Show the text; the hint stands there as long as nothing is written."""
        px = theme.px
        self.panel.place(box, px(10), px(2))
        inner = box.inset(px(14), 0)  # Arabic lines need all of the height
        self._write(text, inner, px(_SIZE))
        self.hint.put("" if text else hint, inner.right_cut(inner.width - px(10))[0], px(22))
        self._place_caret(text, inner, theme)

    def _write(self, text: str, box: Box, size: float) -> None:
        """As much of its end as stands in one line."""
        if not text.strip():
            self.text.erase()
            return
        end = text[-round(box.width / (_NARROW * size)) :]
        while True:
            self.text.write(end if end == text else f"…{end}", box, size)
            if self.text.size >= round(size) or len(end) <= 1:
                return
            end = end[1 + len(end) // 12 :]

    def _place_caret(self, text: str, box: Box, theme: Theme) -> None:
        px = theme.px
        written = self.text.ink if text.strip() else box.left_cut(0)[0]
        away = px(3) + (px(6) if text.endswith(" ") else 0)
        x = written.x - away - px(_CARET) if box.rtl else written.right + away
        high = px(28)
        self._caret.pos = (round(x), round(box.center[1] - high / 2))
        self._caret.size = (px(_CARET), high)
