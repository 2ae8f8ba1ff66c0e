"""What the window holds: one sheet at a time, all of them built before the first is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kivy.graphics import Rectangle
from kivy.uix.widget import Widget

from kiosk.core.effects import (
    Asking,
    Asleep,
    Cleaning,
    Closed,
    Nameplate,
    Page,
    Questioning,
    Resting,
    Sorry,
    Technical,
    Thanks,
)
from kiosk.core.ports import Clock, Post
from kiosk.screen.pages.asking import AskingSheet
from kiosk.screen.pages.care import AsleepSheet, CleaningSheet, NameplateSheet
from kiosk.screen.pages.message import ClosedSheet, PlainThanksSheet, SorrySheet
from kiosk.screen.pages.resting import RestingSheet
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.pages.thanks import ThanksSheet
from kiosk.screen.paint import Paint
from kiosk.screen.scripts import from_right
from kiosk.screen.speech import drawable, language_of
from kiosk.screen.theme import PAPER, Theme

if TYPE_CHECKING:
    from kiosk.screen.pages.panel_deck import PanelDeck
    from kiosk.screen.pages.questions.deck import Questions


class Stage(Widget):
    """The root of the window; `inches` is the diagonal of the glass; `speaks`: it has a speaker."""

    def __init__(
        self,
        post: Post,
        clock: Clock,
        size: tuple[float, float],
        inches: float = 7.0,
        *,
        speaks: bool = False,
    ) -> None:
        super().__init__(size_hint=(None, None), size=size)
        self.speaks = speaks
        self._post, self._clock, self._inches = post, clock, inches
        self._questions: Questions | None = None
        self._panel: PanelDeck | None = None
        self._night = self._calm = False
        self._paint = Paint(PAPER)
        self._paper = Rectangle(size=size)
        self.canvas.add(self._paint)
        self.canvas.add(self._paper)
        self.resting = RestingSheet(post, clock)
        self.asking = AskingSheet(post, clock)
        self.thanks = ThanksSheet(post, clock)
        self.plain_thanks = PlainThanksSheet(post, clock)
        self.sorry = SorrySheet(post, clock)
        self.closed = ClosedSheet(post, clock)
        self.cleaning = CleaningSheet(post, clock)
        self.asleep = AsleepSheet(post, clock)
        self._sheets: dict[type[Page], Sheet] = {
            Resting: self.resting,
            Asking: self.asking,
            Thanks: self.thanks,
            Sorry: self.sorry,
            Closed: self.closed,
            Cleaning: self.cleaning,
            Asleep: self.asleep,
            Nameplate: NameplateSheet(post, clock),
        }
        self.page: Page | None = None

    @property
    def sheet(self) -> Sheet | None:
        """The sheet on the glass."""
        return self.children[0] if self.children else None

    def show(self, page: Page) -> None:
        """Put that page on the glass; one that has no sheet leaves what is there."""
        self.page = page
        sheet = self._sheet_of(page)
        if sheet is not None:
            page = drawable(page)
            right = from_right(language_of(page))
            sheet.speaks = self.speaks
            sheet.show(page, Theme(*self.size, self._inches, right, self._calm))
            sheet.dress(self._night)
            self._turn_to(sheet)

    def dress(self, night: bool, calm: bool) -> None:
        """Show this page and all to come by night or by day; `calm`: nothing moves."""
        if (night, calm) == (self._night, self._calm):
            return
        self._night, self._calm = night, calm
        self._paint.dress(night)
        if self.page is not None:
            self.show(self.page)

    def resize(self, _window: Any, size: tuple[float, float]) -> None:
        """Lay the page out again for glass of another size."""
        self.size = self._paper.size = size
        if self.page is not None:
            self.show(self.page)

    def _sheet_of(self, page: Page) -> Sheet | None:
        if isinstance(page, Questioning):
            return self._question_sheet(page)
        if isinstance(page, Technical):
            return self._panel_sheet(page)
        if isinstance(page, Thanks) and not page.reasons:
            return self.plain_thanks
        return self._sheets.get(type(page))

    def _question_sheet(self, page: Questioning) -> Sheet:
        if self._questions is None:
            from kiosk.screen.pages.questions.deck import Questions  # noqa: PLC0415 seldom needed

            self._questions = Questions(self._post, self._clock)
        return self._questions.sheet_of(page)

    def _panel_sheet(self, page: Technical) -> Sheet:
        if self._panel is None:
            from kiosk.screen.pages.panel_deck import PanelDeck  # noqa: PLC0415 seldom needed

            self._panel = PanelDeck(self._post, self._clock)
        return self._panel.sheet_of(page)

    def _turn_to(self, sheet: Sheet) -> None:
        old = self.sheet
        if old is sheet:
            return
        if old is not None:
            old.leave()
            self.remove_widget(old)
        self.add_widget(sheet)
