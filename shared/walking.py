"""How somebody walks through a questionnaire: which question comes next, and what answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from shared.questionnaires import LONGEST_TEXT, Answer
from shared.questions import Choice, Condition, Kind, Question, Questionnaire
from shared.visits import Face

SCALE = range(11)
STARS = range(1, 6)

Answers = Mapping[str, Answer]
"""By the name of the question; a question that was passed over is not in it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands: question number `number` (from 1) of `of` that are shown to him."""

    question: Question
    number: int
    of: int


def shown(questionnaire: Questionnaire, answers: Answers) -> tuple[Question, ...]:
    """The questions that somebody who answered so is asked, in order.

    An answer counts for later questions only where its own question is shown.
    """
    seen: list[Question] = []
    counted: dict[str, Answer] = {}
    for question in questionnaire.questions:
        if all(holds(condition, counted) for condition in question.shown_if):
            seen.append(question)
            if question.id in answers:
                counted[question.id] = answers[question.id]
    return tuple(seen)


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether these answers fulfil the condition; what was not answered fulfils none."""
    answer = answers.get(condition.question)
    if answer is None:
        return False
    given = answer if isinstance(answer, list) else [answer]
    return any(one in condition.among for one in given)


def place(questionnaire: Questionnaire, answers: Answers, after: str | None) -> Place | None:
    """The question after that one (None: the first); None where there is no more."""
    return _at(shown(questionnaire, answers), after, 1)


def place_before(questionnaire: Questionnaire, answers: Answers, before: str) -> Place | None:
    """The question before that one; None where it is the first."""
    return _at(shown(questionnaire, answers), before, -1)


def _at(asked: tuple[Question, ...], name: str | None, step: int) -> Place | None:
    at = -1 if name is None else [question.id for question in asked].index(name)
    number = at + step
    if not 0 <= number < len(asked):
        return None
    return Place(asked[number], number + 1, len(asked))


def answered(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """What of the answers stands: those to questions that are shown after all."""
    asked = shown(questionnaire, answers)
    return {one.id: answers[one.id] for one in asked if one.id in answers}


def accepts(question: Question, answer: Answer) -> bool:
    """Whether this can be an answer to that question."""
    if isinstance(answer, str) and question.kind is Kind.TEXT:
        return bool(answer.strip()) and len(answer) <= LONGEST_TEXT
    if not isinstance(answer, list):
        return answer in single_values(question)
    ids = [choice.id for choice in question.choices]
    if question.kind is Kind.RANKING:
        return sorted(answer) == sorted(ids)
    several = 0 < len(answer) == len(set(answer)) and set(answer) <= set(ids)
    return several and question.kind is Kind.MANY


def single_values(question: Question) -> frozenset[str | int]:
    """Every answer that is one number or one word; empty for the other kinds."""
    match question.kind:
        case Kind.FACES:
            return frozenset(face.value for face in Face)
        case Kind.SCALE:
            return frozenset(SCALE)
        case Kind.STARS:
            return frozenset(STARS)
        case Kind.ONE:
            return frozenset(choice.id for choice in question.choices)
        case _:
            return frozenset()


def order(question: Question, seed: str) -> tuple[Choice, ...]:
    """The choices as one person sees them: the same for the same seed; fixed ones stay."""
    if not question.shuffle:
        return question.choices

    def drawn(choice: Choice) -> bytes:
        return sha256(f"{seed}/{question.id}/{choice.id}".encode()).digest()

    dealt = iter(sorted((one for one in question.choices if not one.fixed), key=drawn))
    return tuple(choice if choice.fixed else next(dealt) for choice in question.choices)
