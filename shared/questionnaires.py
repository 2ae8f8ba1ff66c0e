"""One person's walk through a longer, voluntary questionnaire."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.errors import WordError
from shared.moments import Moment, check_boot_id
from shared.places import PointId, check_name
from shared.visits import Input, check_version, check_word

LONGEST_TEXT = 1_000
"""Characters of a free text: two screens of a phone, and 50 answers still fit in a message."""

MOST_ANSWERS = 50

Answer = int | str | list[str]
"""A number (faces, 0–10, stars), a choice or a text, or several choices in order."""


@dataclass(frozen=True, slots=True)
class Response:
    """A response, complete or partial; `answers` by the name of the question."""

    point_id: PointId
    boot_id: str
    questionnaire: str
    version: int
    language: str
    input: Input
    begun: Moment
    ended: Moment
    complete: bool
    answers: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        check_name(self.point_id, "point")
        check_boot_id(self.boot_id)
        check_word(self.questionnaire, "questionnaire")
        check_word(self.language, "language")
        check_version(self.version)
        if len(self.answers) > MOST_ANSWERS:
            raise WordError(f"{len(self.answers)} answers in one response")
        for question, answer in self.answers.items():
            check_word(question, "question")
            _check_answer(answer)


def _check_answer(answer: Answer) -> None:
    if isinstance(answer, list):
        if len(answer) > MOST_ANSWERS:
            raise WordError("too many choices")
        for choice in answer:
            check_word(choice, "choice")
    elif isinstance(answer, str):
        if len(answer) > LONGEST_TEXT:
            raise WordError(f"a text of {len(answer)} characters")
    elif not 0 <= answer <= 1_000_000:
        raise WordError(f"{answer} is no answer")
