"""A short text: what was written, and a keyboard to write it with."""

from __future__ import annotations

from kiosk.core.effects import Questioning
from kiosk.screen.boxes import Box
from kiosk.screen.keyboard import Keyboard
from kiosk.screen.keys import Key
from kiosk.screen.pages.questions.sheet import QuestionSheet
from kiosk.screen.pages.questions.writing import Writing
from kiosk.screen.theme import Theme
from kiosk.screen.words import Say, sentences
from shared.questionnaires import Answer

LONGEST = 200
"""Characters: who has more to say at a till than that holds up the next one."""

_LINE = 44  # units
_GAP = 4


class TextSheet(QuestionSheet):
    """Letters come from the keyboard alone; the end of a long text stays in sight."""

    def build(self) -> None:
        """Make the line and the keyboard."""
        self.writing = Writing()
        self.canvas.add(self.writing.drawing)
        self.keyboard = Keyboard(self.clock, lambda text: self.tell(text or None))
        self.add_widget(self.keyboard)
        self._begun = ""

    def answering(self) -> list[Key]:
        """Nobody writes with three buttons: they pass a text over."""
        return []

    def hint_of(self, _page: Questioning, say: Say) -> str:
        """The names of others, or of cashiers, are nobody's business."""
        return say("Please name nobody.")

    def hint_above(self, _page: Questioning, _say: Say) -> str:
        """Nothing: what one must know stands in the line as long as nothing is written."""
        return ""

    def least_height(self, page: Questioning, theme: Theme) -> float:
        """The line and the keyboard."""
        return self.keyboard.height(page.language, theme) + theme.px(_LINE + 2 * _GAP)

    def lay(self, page: Questioning, answer: Answer | None, box: Box, theme: Theme) -> None:
        """The keyboard below, as wide as the glass; the line right above it."""
        say, px = sentences(page.language), theme.px
        text = answer if isinstance(answer, str) else ""
        if self._begun != page.question.id:
            self._begun = page.question.id
            self.keyboard.begin(text)
        keys, rest = box.bottom_cut(self.keyboard.height(page.language, theme))
        self.keyboard.show(text, LONGEST, page.language, say, keys, theme)
        _, rest = rest.bottom_cut(px(_GAP))
        line, _ = rest.bottom_cut(px(_LINE))
        self.writing.show(text, self.all_hints(page, say), line, theme)

    def leave(self) -> None:
        """What follows is somebody else's."""
        super().leave()
        self._begun = ""
