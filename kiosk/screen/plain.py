"""Letters that stand one after the other, drawn by Kivy: Latin, Greek, Cyrillic."""

from __future__ import annotations

from typing import Any

from kivy.core.text import Label as KivyText

from kiosk.screen.boxes import Box
from kiosk.screen.paragraphs import Align, even_width
from kiosk.screen.scripts import kivy_font


class PlainParagraph(KivyText):
    """A paragraph of such letters."""

    def __init__(self, text: str, font: str, size: int, box: Box, align: Align) -> None:
        super().__init__(
            text=text,
            font_name=kivy_font(text, font),
            font_size=size,
            text_size=(max(1, int(box.width)), None),
            halign=align,
        )

    def fits(self, box: Box) -> bool:
        """Whether no line is too many, and no word is wider than the box and torn in two."""
        return self._widest_word() <= box.width and self._height(int(box.width)) <= box.height

    def drawn(self) -> Any:
        """Its texture, in lines of about equal length."""
        self._height(even_width(self._height, self._widest_word(), int(self.text_size[0])))
        self.refresh()
        return self.texture

    def _widest_word(self) -> int:
        return max((int(self.get_extents(word)[0]) + 1 for word in self.text.split()), default=1)

    def _height(self, width: int) -> int:
        self.text_size = (width, None)
        self.resolve_font_name()
        return int(self.render()[1])
