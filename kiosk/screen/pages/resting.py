"""The page between visits: where we are, what the wait is, and that somebody listens."""

from __future__ import annotations

from kivy.uix.widget import Widget

from kiosk.core.effects import Resting
from kiosk.core.ports import Clock, Post
from kiosk.screen.boxes import Box
from kiosk.screen.pages.invitation import Ways
from kiosk.screen.pages.languages import LanguageSwitch
from kiosk.screen.pages.sheet import CaredForSheet
from kiosk.screen.pages.welcome import WaitPanel, WelcomePanel
from kiosk.screen.theme import INK, REGULAR, SEMIBOLD, SOFT, Theme
from kiosk.screen.words import Say, sentences
from shared.texts import in_language


class RestingSheet(CaredForSheet):
    """The dark panel, the ways to the questionnaire, and what became of what was said."""

    def __init__(self, post: Post, clock: Clock) -> None:
        super().__init__(post, clock)
        self.name = self.text(SEMIBOLD, INK, "left")
        self.last_line = self.text(REGULAR, SOFT)
        self.welcome, self.wait = WelcomePanel(), WaitPanel()
        self.ways = Ways(post, clock)
        self.switch = LanguageSwitch(post, clock)
        for part in (self.welcome, self.ways, self.switch):
            self.add_widget(part)

    def show(self, page: Resting, theme: Theme) -> None:
        """Say and place everything."""
        say, px = sentences(page.language), theme.px
        area = theme.page(14)
        top, rest = area.top_cut(theme.target)
        switch, name = top.right_cut(self.switch.width_of(page.languages, theme))
        self.switch.show(page.languages, page.language, switch, theme)
        self.name.write(_where(page), name.left_cut(name.width - px(10))[0], px(26))
        self.place_holds(name, theme)
        foot, rest = rest.bottom_cut(max(px(56), theme.target - px(14)))
        self.last_line.write(_last_line(page, say), foot, px(20))
        rest = self.ways.show(page, rest.inset(0, px(6)), theme)
        self._show_panel(page, rest, theme)

    def _show_panel(self, page: Resting, box: Box, theme: Theme) -> None:
        if page.notice is None:
            self.welcome.show(page, box, theme)
            self._turn_to(self.welcome, instead_of=self.wait)
        else:
            self.wait.show(page.language, page.notice, page.age_seconds, box, theme)
            self._turn_to(self.wait, instead_of=self.welcome)

    def _turn_to(self, panel: Widget, *, instead_of: Widget) -> None:
        if panel.parent is None:
            self.remove_widget(instead_of)
            self.add_widget(panel)


def _where(page: Resting) -> str:
    """The panel tells the store's name, unless it tells the wait."""
    return page.point_name if page.notice is None else page.store_name


def _last_line(page: Resting, say: Say) -> str:
    if page.deed is None:
        return say("Anonymous, and without a camera.")
    said = in_language(page.deed.said, page.language, page.languages)
    done = in_language(page.deed.done, page.language, page.languages)
    return say("You said: “{said}” — We did: {done}").format(said=said, done=done)
