"""The pad on which the technician types the PIN; what was typed is never shown."""

from __future__ import annotations

from typing import Final

from kiosk.core.panel_pages import Key, PinPad
from kiosk.core.passcode import LONGEST
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tile
from kiosk.screen.pages.panel import told
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.paint import Paint
from kiosk.screen.ribs import disc
from kiosk.screen.shapes import Shape
from kiosk.screen.theme import BOLD, EDGE, INK, REGULAR, SOFT, Theme
from kiosk.screen.words import Say, sentences

_PAD: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", Key.RUB_OUT, "0", Key.OK)
"""As on a telephone, in every language."""


class PinPadSheet(Sheet):
    """Ten digits, one key to rub out, one to enter, and one to leave."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.title = self.text(BOLD, INK, "left")
        self.hint = self.text(REGULAR, SOFT, "left", "top")
        self._paints = [Paint(EDGE) for _ in range(LONGEST)]
        self._dots = [Shape(disc(0, 0, 1)) for _ in range(LONGEST)]
        for paint, dot in zip(self._paints, self._dots, strict=True):
            self.canvas.add(paint)
            self.canvas.add(dot.drawing)
        self.pad = [self.key(Tile(clock, told(post, clock, key))) for key in _PAD]
        self.close = self.key(Tile(clock, told(post, clock, Key.CLOSE)))

    def show(self, page: PinPad, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        area = theme.page(18)
        if theme.upright:
            words, pad = area.top_cut(area.height - px(480))
        else:
            words, pad = area.left_cut(area.width - px(370))
        self._place_words(page, say, words, theme)
        self._place_pad(page, pad, theme)

    def _place_words(self, page: PinPad, say: Say, box: Box, theme: Theme) -> None:
        px = theme.px
        leave, rest = box.bottom_cut(theme.target)
        heading, rest = rest.top_cut(px(76))
        title = say("Technician's panel")
        self.title.write(f"{title} · {page.kiosk_id}", heading.inset(px(2), 0), px(26))
        dots, rest = rest.top_cut(px(54))
        self._place_dots(page.typed, dots, theme)
        self.hint.write(_hint(page, say), rest.inset(px(2), px(4)), px(22))
        self.close.place(leave.left_cut(px(160))[0], say("Close"), theme, radius=31)

    def _place_dots(self, typed: int, box: Box, theme: Theme) -> None:
        step, radius = theme.px(24), theme.px(7)
        for at, (paint, dot) in enumerate(zip(self._paints, self._dots, strict=True)):
            cell, box = box.left_cut(step)
            dot.place(cell.center, radius)
            paint.put(INK if at < typed else EDGE, seen=at < max(typed, 4))

    def _place_pad(self, page: PinPad, box: Box, theme: Theme) -> None:
        px = theme.px
        box = box.as_read_from_left().middle(px(360), px(460))
        cells = box.grid(3, 4, px(12))
        for key, name, cell in zip(self.pad, _PAD, cells, strict=True):
            inked = name is Key.OK and page.typed > 0 and not page.wait_seconds
            key.place(cell, _FACES.get(name, name), theme, size=30, inked=inked)


_FACES: Final[dict[str, str]] = {Key.RUB_OUT: "‹", Key.OK: "OK"}


def _hint(page: PinPad, say: Say) -> str:
    if page.wait_seconds:
        told = say("Wrong PIN. Try again in {seconds} s.")
        return told.format(seconds=page.wait_seconds)
    return say("Wrong PIN.") if page.wrong else say("Type the PIN, then OK.")
