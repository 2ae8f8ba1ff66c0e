"""The ways to the questionnaire: a wide tile, and a code for the shopper's own phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kivy.uix.widget import Widget

from kiosk.core.effects import Resting
from kiosk.core.events import InvitationTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Tile
from kiosk.screen.lettering import Lettering
from kiosk.screen.theme import GREEN, REGULAR, SEMIBOLD, SOFT, Theme
from kiosk.screen.words import Say, sentences

if TYPE_CHECKING:
    from kiosk.screen.qr import QrCode


class InvitationTile(Tile):
    """A wide tile with two texts: the question where lines begin, where it leads at their end."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(clock, lambda _: post(InvitationTouched(clock.now())))
        self.way = Lettering(SEMIBOLD, GREEN)
        self.canvas.add(self.way.drawing)

    def invite(self, box: Box, say: Say, theme: Theme) -> None:
        """Stand there and say so."""
        px = theme.px
        inner, high = box.inset(px(18), px(6)), box.height > px(96)
        cut = inner.bottom_cut(inner.height * 0.45) if high else inner.right_cut(inner.width * 0.42)
        way, words = cut
        self.place(box, "", theme)
        self.word.align, self.way.align = "left", "left" if high else "right"
        self.word.write(say("Have a minute? Tell us more"), words, px(24))
        self.way.write(say("Voluntary survey ›"), way, px(21))


class Ways(Widget):
    """What of the two is offered; neither, where there is no questionnaire."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__()
        self.tile = InvitationTile(post, clock)
        self.add_widget(self.tile)
        self.phone = Lettering(REGULAR, SOFT, "right")
        self.canvas.add(self.phone.drawing)
        self._code: QrCode | None = None

    def show(self, page: Resting, box: Box, theme: Theme) -> Box:
        """Place them at the bottom of the box; what is left above."""
        say, px, gap = sentences(page.language), theme.px, theme.px(12)
        self._show_code(None, box)
        self.phone.erase()
        self.tile.hide()
        if page.link is not None:
            row, box = box.bottom_cut(max(px(160 if theme.upright else 136), theme.mm(25)))
            code, beside = row.right_cut(row.height)
            self._show_code(page.link, code)
            beside = beside.left_cut(beside.width - gap)[0]
            if page.invited and not theme.upright:
                below, tile = beside.bottom_cut(px(40))
                self.tile.invite(tile, say, theme)
                self.phone.write(say("or on your own phone"), below, px(20))
            else:
                self.phone.write(say("or on your own phone"), beside, px(22))
            _, box = box.bottom_cut(gap)
        if page.invited and (page.link is None or theme.upright):
            row, box = box.bottom_cut(max(theme.target, px(104 if theme.upright else 76)))
            self.tile.invite(row, say, theme)
            _, box = box.bottom_cut(gap)
        return box

    def _show_code(self, link: str | None, box: Box) -> None:
        if self._code is None and link is not None:
            from kiosk.screen.qr import QrCode  # noqa: PLC0415 few kiosks have links: loaded late

            self._code = QrCode()
            self.canvas.add(self._code.drawing)
        if self._code is not None:
            self._code.place(link, box)
