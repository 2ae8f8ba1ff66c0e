"""The page between visits: where we are, and that somebody will listen; nothing moves."""

from __future__ import annotations

from kivy.graphics import Color

from kiosk.core.effects import Resting
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.pages.languages import LanguageSwitch
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.shapes import Disc, Panel
from kiosk.screen.theme import (
    BOLD,
    HAPPY,
    INK,
    INK_SOFT,
    NEUTRAL,
    REGULAR,
    SAD,
    SEMIBOLD,
    SMALLEST_TARGET,
    SOFT,
    WHITE,
    Theme,
)
from kiosk.screen.words import sentences


class RestingSheet(Sheet):
    """Store and point on a panel of ink, with three quiet dots for the faces to come."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self._panel = Panel(INK)
        self.canvas.add(self._panel.drawing)
        self._dots = [Disc(0, 0, 1) for _ in range(3)]
        for dot, colour in zip(self._dots, (SAD, NEUTRAL, HAPPY), strict=True):
            self.canvas.add(Color(*colour))
            self.canvas.add(dot.drawing)
        self.point = self.text(SEMIBOLD, INK, "left")
        self.store = self.text(BOLD, WHITE, "left")
        self.invitation = self.text(REGULAR, INK_SOFT, "left")
        self.anonymous = self.text(REGULAR, SOFT)
        self.switch = LanguageSwitch(post, clock)
        self.add_widget(self.switch)

    def show(self, page: Resting, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        area = theme.glass.inset(px(24), px(14))
        top, rest = area.top_cut(px(SMALLEST_TARGET))
        self.switch.show(page.languages, page.language, top, theme)
        self.point.write(page.point_name, top.left_cut(top.width / 2)[0].inset(px(20), 0), px(26))
        foot, panel = rest.bottom_cut(px(SMALLEST_TARGET))
        self.anonymous.write(say("Anonymous, and without a camera."), foot, px(20))
        panel = panel.inset(px(20), px(10))
        self._panel.place(panel, px(22))
        self._place_words(page, panel.inset(px(40), px(30)), theme)

    def _place_words(self, page: Resting, box: Box, theme: Theme) -> None:
        say, px = sentences(page.language), theme.px
        dots, rest = box.middle(box.width, px(300)).top_cut(px(40))
        for at, dot in enumerate(self._dots):
            dot.place((dots.x + px(11) + at * px(32), dots.center[1]), px(11))
        store, rest = rest.top_cut(rest.height * 0.55)
        self.store.write(page.store_name, store, px(58))
        invitation = say("When you have paid, tell us how it was: one touch is enough.")
        self.invitation.write(invitation, rest, px(27))
