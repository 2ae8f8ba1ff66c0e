"""What a page is told of an answer: of one by faces no more than that there is one.

Somebody may stand behind; so the page, which cannot show what it does not know, is the same
whichever face was touched. The other kinds stay marked: a scale, stars and choices are walked
alone and deliberately, and what was chosen must be there to be looked over and taken back.
"""

from __future__ import annotations

from typing import Final

from shared.questionnaires import Answer
from shared.questions import Kind, Question

ANSWERED: Final = "answered"
"""Stands for every face."""


def told(question: Question, answer: Answer | None) -> Answer | None:
    """The answer, or that there is one."""
    return ANSWERED if question.kind is Kind.FACES and answer is not None else answer
