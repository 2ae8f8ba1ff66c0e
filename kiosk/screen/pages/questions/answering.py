"""What somebody has answered, as he sees it."""

from __future__ import annotations

from collections import deque

from shared.questionnaires import Answer

_MOST_AWAITED = 64
"""Touches that are under way at once: far more than fingers can do before a page is painted."""


class Given:
    """The answer so far: what was touched counts at once.

    The page that a touch leads to comes a moment later, and a quick finger is there before it.
    So answers that were told and have not come back yet stand before that of the page.
    """

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self._question = ""
        self._awaited: deque[Answer | None] = deque(maxlen=_MOST_AWAITED)

    def tell(self, answer: Answer | None) -> None:
        """It was touched."""
        self.answer = answer
        self._awaited.append(answer)

    def come(self, question: str, answer: Answer | None) -> None:
        """A page says so."""
        if question == self._question and answer in self._awaited:
            while self._awaited.popleft() != answer:
                pass
            if self._awaited:
                return  # that was an earlier touch; the later ones are on their way
        self.forget()
        self._question, self.answer = question, answer

    def forget(self) -> None:
        """The page has gone: what follows is somebody else's."""
        self._question, self.answer = "", None
        self._awaited.clear()
