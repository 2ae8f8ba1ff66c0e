"""The dark panel of the resting page: the store's name, or the wait where the hub knows it."""

from __future__ import annotations

from kivy.graphics import (
    Color,
    RoundedRectangle,
    StencilPop,
    StencilPush,
    StencilUnUse,
    StencilUse,
)
from kivy.uix.widget import Widget

from kiosk.core.effects import Resting
from kiosk.screen.boxes import Box
from kiosk.screen.lettering import Lettering
from kiosk.screen.paint import Paint
from kiosk.screen.ribs import disc
from kiosk.screen.shapes import Panel, Shape
from kiosk.screen.theme import (
    BOLD,
    HAPPY,
    INK_SOFT,
    MINT,
    NEUTRAL,
    ON_PANEL,
    PANEL,
    PANEL_INNER,
    REGULAR,
    SAD,
    SEMIBOLD,
    Theme,
    Tint,
)
from kiosk.screen.words import Say, sentences
from shared.notices import Notice, Wording

_ROUNDS = (  # felt rather than seen
    Tint("#1E2934", "#24313D"),
    Tint("#26323E", "#2A3743"),
    Tint("#2F3C49", "#303E4B"),
)
_RADIUS = 22
_FIGURE, _PHRASE = 100, 64  # “5 min” can be read from the line; “up to 5 min” is twice as long
_BESIDE_ROUNDS = 0.72  # of the panel's width: where the rounds do not reach the words


class WelcomePanel(Widget):
    """Who asks here and when, with three quiet dots for the faces to come."""

    def __init__(self) -> None:
        super().__init__()
        self._panel = Panel(PANEL)
        self._cut = RoundedRectangle()
        self._rounds = [Shape(disc(0, 0, 1)) for _ in _ROUNDS]
        self._draw_panel()
        self._dots = [Shape(disc(0, 0, 1)) for _ in range(3)]
        for dot, shade in zip(self._dots, (SAD, NEUTRAL, HAPPY), strict=True):
            self.canvas.add(Color(*shade))
            self.canvas.add(dot.drawing)
        self.store = Lettering(BOLD, ON_PANEL, "left")
        self.promise = Lettering(REGULAR, INK_SOFT, "left")
        for text in (self.store, self.promise):
            self.canvas.add(text.drawing)

    def show(self, page: Resting, box: Box, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        self._place_panel(box, theme)
        inner = box.inset(px(40), px(18))
        dots, rest = inner.middle(inner.width, px(290)).top_cut(px(40))
        for dot in self._dots:
            cell, dots = dots.left_cut(px(32))
            dot.place(cell.left_cut(px(22))[0].center, px(11))
        store, rest = rest.top_cut(rest.height * 0.55)
        self.store.write(page.store_name, store, px(58))
        promise = say("When you have paid, tell us how it was: one touch is enough.")
        beside = rest.left_cut(rest.width * _BESIDE_ROUNDS)[0] if not theme.upright else rest
        self.promise.write(promise, beside, px(27))

    def _draw_panel(self) -> None:
        """A panel of ink; three larger rounds rise in it and are cut off at its edge."""
        rounds = []
        for shape, shade in zip(self._rounds, _ROUNDS, strict=True):
            rounds += [Paint(shade), shape.drawing]
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
        radius = theme.px(_RADIUS)
        self._panel.place(panel, radius)
        self._cut.pos, self._cut.size, self._cut.radius = panel.pos, panel.size, [radius]
        reach = 0.62 * min(panel.size)
        corner = panel.bottom_cut(0.2 * reach)[0].right_cut(0.2 * reach)[0]
        for at, shape in enumerate(self._rounds):
            shape.place(corner.center, reach * (1 - 0.28 * at))


class WaitPanel(Widget):
    """The wait and its age and, where there is one, the register at which it is shortest."""

    def __init__(self) -> None:
        super().__init__()
        self._panel, self._inner = Panel(PANEL), Panel(PANEL_INNER)
        self.age = Lettering(REGULAR, INK_SOFT, "left")
        self.wait = Lettering(BOLD, ON_PANEL, "left")
        self.hint = Lettering(REGULAR, INK_SOFT, "left")
        self.quickest = Lettering(SEMIBOLD, MINT, "left")
        for part in (self._panel, self._inner, self.age, self.wait, self.hint, self.quickest):
            self.canvas.add(part.drawing)

    def show(self, language: str, notice: Notice, age: int, box: Box, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(language), theme.px
        self._panel.place(box, px(_RADIUS))
        inner = box.inset(px(30), min(px(26), box.height * 0.12))
        if notice.quickest:
            inner = self._place_quickest(say, notice, inner, theme)
        else:
            self._inner.paint(PANEL_INNER, seen=False)
            self.hint.erase()
            self.quickest.erase()
        inner = inner.middle(inner.width, px(190))
        above, rest = inner.top_cut(min(px(40), inner.height * 0.28))
        about = notice.wording is Wording.ABOUT
        what = say("Approximate wait") if about else say("Wait")
        self.age.write(" · ".join((what, _ago(say, age))), above, px(25))
        wait = _minutes(say, notice.minutes) if about else _at_most(say, notice.minutes)
        tall = px(_FIGURE if about and notice.minutes else _PHRASE)
        self.wait.write(wait, rest, min(tall, rest.height * 0.65))

    def _place_quickest(self, say: Say, notice: Notice, box: Box, theme: Theme) -> Box:
        px = theme.px
        if theme.upright:
            part, rest = box.bottom_cut(min(box.height * 0.4, px(130)))
        else:
            part, rest = box.right_cut(box.width * 0.42)
            rest = rest.left_cut(rest.width - px(16))[0]
            part = part.middle(part.width, px(130))
        self._inner.place(part, px(16))
        self._inner.paint(PANEL_INNER)
        lines = part.inset(px(22), px(14))
        above, below = lines.top_cut(lines.height * 0.42)
        self.hint.write(say("Quickest now"), above, px(22))
        text = notice.quickest or ""
        if notice.quickest_minutes is not None:
            text = f"{text} · {_minutes(say, notice.quickest_minutes)}"
        # “under 1 min” is a phrase beside a name that may be long.
        self.quickest.write(text, below, px(26 if notice.quickest_minutes == 0 else 34))
        return rest


def _minutes(say: Say, minutes: int) -> str:
    if minutes < 1:
        return say("under 1 min")
    return say("{minutes} min").format(minutes=minutes)


def _at_most(say: Say, minutes: int) -> str:
    if minutes < 1:
        return say("under 1 min")
    return say("up to {minutes} min").format(minutes=minutes)


def _ago(say: Say, seconds: int) -> str:
    if seconds < 60:
        return say("{seconds} s ago").format(seconds=seconds)
    return say("{minutes} min ago").format(minutes=seconds // 60)
