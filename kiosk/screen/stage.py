"""What the window holds: one sheet at a time, all of them built before the first is shown."""

from __future__ import annotations

from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.uix.widget import Widget

from kiosk.core.effects import (
    Asking,
    Asleep,
    Cleaning,
    Closed,
    Page,
    Questioning,
    Resting,
    Sorry,
    Thanks,
)
from kiosk.core.ports import Clock, Post
from kiosk.screen.pages.asking import AskingSheet
from kiosk.screen.pages.message import ClosedSheet, PlainThanksSheet, SorrySheet
from kiosk.screen.pages.resting import RestingSheet
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.pages.thanks import ThanksSheet
from kiosk.screen.theme import PAPER, Theme


class Stage(Widget):
    """The root of the window."""

    def __init__(self, post: Post, clock: Clock, size: tuple[float, float]) -> None:
        super().__init__(size_hint=(None, None), size=size)
        self.canvas.add(Color(*PAPER))
        self._paper = Rectangle(size=size)
        self.canvas.add(self._paper)
        self.resting = RestingSheet(post, clock)
        self.asking = AskingSheet(post, clock)
        self.thanks = ThanksSheet(post, clock)
        self.plain_thanks = PlainThanksSheet(post, clock)
        self.sorry = SorrySheet(post, clock)
        self.closed = ClosedSheet(post, clock)
        self.page: Page | None = None

    @property
    def sheet(self) -> Sheet | None:
        """The sheet on the glass."""
        return self.children[0] if self.children else None

    def show(self, page: Page) -> None:
        """Put that page on the glass."""
        self.page = page
        self._turn_to(self._sheet_of(page))

    def resize(self, _window: Any, size: tuple[float, float]) -> None:
        """Lay the page out again for glass of another size."""
        self.size = self._paper.size = size
        if self.page is not None:
            self.show(self.page)

    def _sheet_of(self, page: Page) -> Sheet:  # noqa: PLR0911 one for each page
        theme = Theme(*self.size)
        match page:
            case Resting():
                self.resting.show(page, theme)
                return self.resting
            case Asking():
                self.asking.show(page, theme)
                return self.asking
            case Thanks(reasons=()):
                self.plain_thanks.show(page, theme)
                return self.plain_thanks
            case Thanks():
                self.thanks.show(page, theme)
                return self.thanks
            case Sorry():
                self.sorry.show(page, theme)
                return self.sorry
            case Closed():
                self.closed.show(page, theme)
                return self.closed
            case _:  # until they have sheets: what is there
                return self.sheet or self.resting

    def _turn_to(self, sheet: Sheet) -> None:
        old = self.sheet
        if old is sheet:
            return
        if old is not None:
            old.leave()
            self.remove_widget(old)
        self.add_widget(sheet)
