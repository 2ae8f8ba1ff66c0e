"""The pages of a glass that is cared for: it is being wiped, it sleeps, or it says its name."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle

from kiosk.core.effects import Asleep, Cleaning, Nameplate
from kiosk.core.events import GlassTouched
from kiosk.core.ports import Clock, Post
from kiosk.screen.marks import Ring
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.theme import BOLD, INK, REGULAR, SOFT, Theme
from kiosk.screen.words import sentences

_WHOLE_SECONDS = 60
"""How long the glass is locked: the ring is full then."""

_LETTER_WIDE = 0.62
"""Of its height, at most, on average: a name without a blank is not broken, and never cut."""


class CleaningSheet(Sheet):
    """Seconds run down in a ring; nothing on this page can be touched."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.ring = Ring(0.08)
        self.canvas.add(self.ring.drawing)
        self.seconds = self.text(BOLD, INK)
        self.title = self.text(BOLD, INK)
        self.sentence = self.text(REGULAR, SOFT, stand="top")

    def show(self, page: Cleaning, theme: Theme) -> None:
        """Say and place everything; the session shows the page again every second."""
        say, px = sentences(page.language), theme.px
        area = theme.page(24)
        around, rest = area.middle(area.width, px(370)).top_cut(px(190))
        heading, rest = rest.top_cut(px(84))
        around = around.middle(px(176), px(176))
        self.ring.place(around.center, around.width / 2)
        self.ring.show_left(page.seconds_left / _WHOLE_SECONDS)
        self.seconds.write(str(page.seconds_left), around.inset(px(24)), px(64))
        self.title.write(
            say("You may clean the glass now"), heading, px(34 if theme.upright else 42)
        )
        self.sentence.write(say("Until the ring is empty no touch counts."), rest, px(26))


class AsleepSheet(Sheet):
    """Black; wherever a finger lands, it wakes."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.canvas.add(Color(0, 0, 0))
        self._dark = Rectangle()
        self.canvas.add(self._dark)

    def show(self, _page: Asleep, theme: Theme) -> None:
        """Cover the glass."""
        self._dark.size = theme.width, theme.height

    def on_touch_down(self, _touch: Any) -> bool:
        """Wake as it lands: there is nothing here that it could mean instead."""
        self.post(GlassTouched(self.clock.now()))
        return True


class NameplateSheet(Sheet):
    """Kiosk, point and store in letters that are read across a store; any touch puts it away."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.kiosk = self.text(BOLD, INK)
        self.point = self.text(BOLD, INK, stand="bottom")
        self.store = self.text(REGULAR, SOFT, stand="top")

    def show(self, page: Nameplate, theme: Theme) -> None:
        """Place everything; the name takes what room there is: it is what somebody looks for."""
        px, area = theme.px, theme.page(24)
        point, rest = area.top_cut(area.height * 0.28)
        store, name = rest.bottom_cut(area.height * 0.2)
        self.point.write(page.point, point, px(54))
        whole = name.width / (_LETTER_WIDE * max(1, len(page.kiosk)))
        self.kiosk.write(page.kiosk, name, min(px(120), whole))
        self.store.write(page.store, store, px(34))

    def on_touch_down(self, _touch: Any) -> bool:
        """Go as it lands."""
        self.post(GlassTouched(self.clock.now()))
        return True
