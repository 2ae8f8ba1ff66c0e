"""The question whether anybody is still there, over the page that is about to leave."""

from __future__ import annotations

from kivy.graphics import Color, Rectangle

from kiosk.core.events import StayTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.keys import Key
from kiosk.screen.lettering import Lettering
from kiosk.screen.pages.questions.focus import Focus
from kiosk.screen.shapes import Panel
from kiosk.screen.theme import BOLD, INK, INK_TOUCHED, PAPER, REGULAR, SOFT, WHITE, Theme
from kiosk.screen.words import Say

_VEIL = (0.05, 0.07, 0.09, 0.6)  # by day and night: what is below is recognised, not read


class StillThere(Key):
    """All of the glass is one key: whoever touches anywhere stays."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(clock, lambda _: post(StayTouched(clock.now())))
        self._veil = Rectangle()
        self._panel, self._stay = Panel(PAPER), Panel(INK)
        self.title = Lettering(BOLD, INK)
        self.sentence = Lettering(REGULAR, SOFT)
        self.word = Lettering(BOLD, WHITE)
        self.focus = Focus()
        parts = (self._panel, self.title, self.sentence, self._stay, self.word, self.focus)
        self.canvas.add(Color(*_VEIL))
        self.canvas.add(self._veil)
        for part in parts:
            self.canvas.add(part.drawing)
        self.hide()

    def ask(self, say: Say, seconds: int, theme: Theme, *, marked: bool) -> None:
        """Cover the page."""
        px = theme.px
        glass = Box(0, 0, theme.width, theme.height, theme.rtl)
        self.aim(glass)
        self._veil.size = glass.size
        panel = glass.middle(px(432 if theme.upright else 520), px(280))
        self._panel.place(panel, px(20))
        title, rest = panel.inset(px(28), px(24)).top_cut(px(86))
        key, between = rest.bottom_cut(px(76))
        stay = key.middle(px(280), key.height)
        self.title.write(say("Are you still there?"), title, px(36))
        left = say("This page leaves in {seconds} s.").format(seconds=seconds)
        self.sentence.write(left, between, px(24))
        self._stay.place(stay, px(12))
        self.word.write(say("Yes, I am here"), stay.inset(px(10), px(4)), px(26))
        self.focus.place(stay if marked else None, px(12), theme)

    def look(self, touched: bool) -> None:
        """Look touched, or not."""
        self._stay.paint(INK_TOUCHED if touched else INK)
