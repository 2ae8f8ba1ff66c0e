"""The page between visits: where we are, and that somebody will listen; nothing moves."""

from __future__ import annotations

from kivy.graphics import (
    Color,
    RoundedRectangle,
    StencilPop,
    StencilPush,
    StencilUnUse,
    StencilUse,
)

from kiosk.core.effects import Resting
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.pages.languages import LanguageSwitch
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.ribs import disc
from kiosk.screen.shapes import Panel, Shape
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
    colour,
)
from kiosk.screen.words import sentences

_ROUNDS = (colour("#1E2934"), colour("#26323E"), colour("#2F3C49"))  # felt rather than seen


class RestingSheet(Sheet):
    """Store and point on a panel of ink, with three quiet dots for the faces to come."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self._panel = Panel(INK)
        self._cut = RoundedRectangle()
        self._rounds = [Shape(disc(0, 0, 1)) for _ in range(3)]
        self._draw_panel()
        self._dots = [Shape(disc(0, 0, 1)) for _ in range(3)]
        for dot, shade in zip(self._dots, (SAD, NEUTRAL, HAPPY), strict=True):
            self.canvas.add(Color(*shade))
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
        area = theme.page(14)
        top, rest = area.top_cut(px(SMALLEST_TARGET))
        self.switch.show(page.languages, page.language, top, theme)
        self.point.write(page.point_name, top.left_cut(top.width / 2)[0], px(26))
        foot, panel = rest.bottom_cut(px(SMALLEST_TARGET))
        self.anonymous.write(say("Anonymous, and without a camera."), foot, px(20))
        panel = panel.inset(0, px(8))
        self._place_panel(panel, theme)
        self._place_words(page, panel.inset(px(40), px(30)), theme)

    def _draw_panel(self) -> None:
        """A panel of ink; three larger rounds rise in it and are cut off at its edge."""
        rounds = []
        for shape, shade in zip(self._rounds, _ROUNDS, strict=True):
            rounds += [Color(*shade), shape.drawing]
        for instruction in (
            self._panel.drawing,
            StencilPush(),
            self._cut,
            StencilUse(),
            *rounds,
            StencilUnUse(),
            self._cut,
            StencilPop(),
        ):
            self.canvas.add(instruction)

    def _place_panel(self, panel: Box, theme: Theme) -> None:
        radius = theme.px(22)
        self._panel.place(panel, radius)
        self._cut.pos, self._cut.size, self._cut.radius = panel.pos, panel.size, [radius]
        reach = 0.62 * min(panel.size)
        for at, shape in enumerate(self._rounds):
            shape.place((panel.right - 0.1 * reach, panel.y + 0.1 * reach), reach * (1 - 0.28 * at))

    def _place_words(self, page: Resting, box: Box, theme: Theme) -> None:
        say, px = sentences(page.language), theme.px
        dots, rest = box.middle(box.width, px(300)).top_cut(px(40))
        for at, dot in enumerate(self._dots):
            dot.place((dots.x + px(11) + at * px(32), dots.center[1]), px(11))
        store, rest = rest.top_cut(rest.height * 0.55)
        self.store.write(page.store_name, store, px(58))
        invitation = say("When you have paid, tell us how it was: one touch is enough.")
        self.invitation.write(invitation, rest, px(27))
