"""What a questionnaire is made of has bounds."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.errors import WordError
from shared.questions import MOST_CHOICES, MOST_QUESTIONS, Choice, Condition, Kind, Question
from tests.shared.questionnaires import choices, question, questionnaire

TOO_MUCH: tuple[Callable[[], object], ...] = (
    lambda: Choice("No!", {}),
    lambda: Choice("a", {"es": "x" * 301}),
    lambda: Choice("a", {"Español": "x"}),
    lambda: Condition("q", ()),
    lambda: Question("q", Kind.ONE, {}, choices(*(f"c{n}" for n in range(MOST_CHOICES + 1)))),
    lambda: questionnaire(*[question(f"q{n}", Kind.STARS) for n in range(MOST_QUESTIONS + 1)]),
)


@pytest.mark.parametrize("made", TOO_MUCH)
def test_what_is_out_of_bounds_is_no_questionnaire(made: Callable[[], object]) -> None:
    with pytest.raises(WordError):
        made()
