"""The sheets for technicians, each built when it is first wanted: most kiosks never show them."""

from __future__ import annotations

from kiosk.core.effects import Technical
from kiosk.core.panel_pages import PanelLines, PanelTools, PanelTrial, PinPad
from kiosk.core.ports import Clock, Post
from kiosk.core.trials import Kind
from kiosk.core.unready import Unready
from kiosk.screen.pages.panel import PanelLinesSheet
from kiosk.screen.pages.panel_pin import PinPadSheet
from kiosk.screen.pages.panel_tools import PanelToolsSheet
from kiosk.screen.pages.panel_trial import (
    FillSheet,
    JudgedTrialSheet,
    TouchTrialSheet,
    is_fill,
)
from kiosk.screen.pages.sheet import Sheet
from kiosk.screen.pages.unready import UnreadySheet


class PanelDeck:
    """Finds the sheet of a page."""

    def __init__(self, post: Post, clock: Clock) -> None:
        self._post, self._clock = post, clock
        self._built: dict[type[Sheet], Sheet] = {}

    def sheet_of(self, page: Technical) -> Sheet:
        """The sheet that shows it."""
        kind = _kind_of(page)
        if kind not in self._built:
            self._built[kind] = kind(self._post, self._clock)
        return self._built[kind]


def _kind_of(page: Technical) -> type[Sheet]:
    if is_fill(page):
        return FillSheet
    if isinstance(page, PanelTrial):
        return TouchTrialSheet if page.kind is Kind.TOUCH else JudgedTrialSheet
    sheets: dict[type[Technical], type[Sheet]] = {
        PinPad: PinPadSheet,
        PanelLines: PanelLinesSheet,
        PanelTools: PanelToolsSheet,
        Unready: UnreadySheet,
    }
    return sheets[type(page)]
