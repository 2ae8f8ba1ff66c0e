"""The words at the two ends of a scale or of a row of stars."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.core.effects import Questioning
from kiosk.screen.boxes import Box
from kiosk.screen.lettering import Lettering
from kiosk.screen.theme import REGULAR, SOFT, Theme
from shared.texts import in_language


class Ends:
    """What the least and what the most means."""

    def __init__(self, text: Callable[..., Lettering]) -> None:
        self.low, self.high = text(REGULAR, SOFT, "left"), text(REGULAR, SOFT, "right")

    def place(self, page: Questioning, low: Box, high: Box, theme: Theme) -> None:
        """At the beginning of one strip and at the end of the other, which may be the same."""
        gap, question, language = theme.px(8), page.question, page.language
        low, _ = low.left_cut(low.width / 2 - gap)
        high, _ = high.right_cut(high.width / 2 - gap)
        self.low.put(in_language(question.low, language), low, theme.px(21))
        self.high.put(in_language(question.high, language), high, theme.px(21))
