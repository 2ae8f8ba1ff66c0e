"""Whether a questionnaire can be shown: every fault with its place and its reason.

Conditions look back only, so nobody can walk in a circle; and each is a set of answers to one
question, so whether a question can ever be reached is decided exactly: the sets that must hold
together are intersected, question by question, through all that must have been shown before.
(Of several choices one may fulfil one condition and another the next: these always fit.)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.letters import undrawn
from shared.programme import TRANSLATED
from shared.questions import (
    CHOOSING,
    LONGEST_SENTENCE,
    MOST_RANKED,
    Condition,
    Kind,
    Question,
    Questionnaire,
)
from shared.texts import Texts, has_unseen, is_written
from shared.walking import single_values

Value = str | int

LONGEST_QUESTION: Final = 170
LONGEST_BEFORE_KEYBOARD: Final = 110
LONGEST_THANKS: Final = 220
LONGEST_CHOICE: Final = 115
LONGEST_OF_MANY: Final = 70
"""Characters that the narrowest of the six glasses shows whole in Arabic, which is the widest (see
tests/screen/test_questions_layout.py); there are many choices where they stand in three columns."""

MANY_CHOICES: Final = 9


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and where: `questions.why.text.es`, say."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def faults(questionnaire: Questionnaire) -> list[Fault]:
    """Everything that keeps it from being shown, in reading order; empty where it is sound."""
    return [
        *_of_the_whole(questionnaire),
        *(fault for one in questionnaire.questions for fault in _of_one(questionnaire, one)),
        *_of_the_rules(questionnaire),
    ]


def _of_the_whole(it: Questionnaire) -> Iterator[Fault]:
    if not it.languages:
        yield Fault("languages", "needs one")
    if not it.questions:
        yield Fault("questions", "needs one")
    yield from _twice("languages", it.languages)
    yield from _twice("questions", (question.id for question in it.questions))
    yield from _untold("title", it.title, it)
    if it.thanks:
        yield from _untold("thanks", it.thanks, it, LONGEST_THANKS)
    if not 0 <= it.opens < it.closes <= 24:
        yield Fault("opens", f"from {it.opens} until {it.closes} is no part of a day")
    yield from _of_dates(it)


def _of_dates(it: Questionnaire) -> Iterator[Fault]:
    for place, day in (("first_day", it.first_day), ("last_day", it.last_day)):
        if day is not None and not _is_date(day):
            yield Fault(place, f"{day!r:.20} is no date like 2026-11-22")
            return
    if it.first_day and it.last_day and it.last_day < it.first_day:
        yield Fault("last_day", "lies before first_day")


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _of_one(it: Questionnaire, one: Question) -> Iterator[Fault]:
    place = f"questions.{one.id}"
    keyboard = one.kind is Kind.TEXT
    longest = LONGEST_BEFORE_KEYBOARD if keyboard else LONGEST_QUESTION
    yield from _untold(f"{place}.text", one.text, it, longest)
    for name, texts in (("low", one.low), ("high", one.high)):
        if texts:
            yield from _untold(f"{place}.{name}", texts, it)
    yield from _of_choices(it, one, f"{place}.choices")


def _of_choices(it: Questionnaire, one: Question, place: str) -> Iterator[Fault]:
    if one.kind not in CHOOSING:
        if one.choices:
            yield Fault(place, f"a question of kind {one.kind} has none")
        return
    if len(one.choices) < 2:
        yield Fault(place, "needs at least two")
    if one.kind is Kind.RANKING and len(one.choices) > MOST_RANKED:
        yield Fault(place, f"nobody puts more than {MOST_RANKED} in order")
    yield from _twice(place, (choice.id for choice in one.choices))
    longest = LONGEST_OF_MANY if len(one.choices) >= MANY_CHOICES else LONGEST_CHOICE
    for choice in one.choices:
        yield from _untold(f"{place}.{choice.id}.text", choice.text, it, longest)


def _untold(
    place: str, texts: Texts, it: Questionnaire, longest: int = LONGEST_SENTENCE
) -> Iterator[Fault]:
    for language in it.languages:
        text, here = texts.get(language, "").strip(), f"{place}.{language}"
        if not is_written(text):
            yield Fault(here, "is not written")
        if has_unseen(text):
            yield Fault(here, "holds characters that nobody can see")
        if language in _drawn(it) and (letter := undrawn(text)) and not has_unseen(text):
            yield Fault(here, f"holds “{letter}”, which no kiosk can draw")
        if len(text) > longest:
            yield Fault(here, f"is {len(text)} characters long; at most {longest}")


def _drawn(it: Questionnaire) -> tuple[str, ...]:
    """The languages in which a kiosk may show it; in others it is for phones alone."""
    spoken = tuple(language for language in it.languages if language in TRANSLATED)
    return spoken or it.languages[:1]


def _twice(place: str, names: Iterable[str]) -> Iterator[Fault]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(place, f"“{name}” stands there {times} times")


# Rules

Needs = dict[str, set[Value]]
"""The answers, by question, with one of which a question is reached."""


def _of_the_rules(it: Questionnaire) -> Iterator[Fault]:
    order = {one.id: at for at, one in enumerate(it.questions)}
    several = {one.id for one in it.questions if one.kind is Kind.MANY}
    reached: dict[str, Needs] = {}
    for at, one in enumerate(it.questions):
        found = list(_of_conditions(one, at, order, it))
        yield from found
        needs = {} if found else _needs(one, reached, several)
        reached[one.id] = needs
        for name in sorted(name for name, values in needs.items() if not values):
            place = f"questions.{one.id}.shown_if"
            yield Fault(place, f"is never shown: no answer to “{name}” fits all that must hold")


def _of_conditions(
    one: Question, at: int, order: dict[str, int], it: Questionnaire
) -> Iterator[Fault]:
    for number, condition in enumerate(one.shown_if):
        place = f"questions.{one.id}.shown_if.{number}"
        there = order.get(condition.question)
        if there is None:
            yield Fault(place, f"there is no question “{condition.question}”")
        elif there == at:
            yield Fault(place, "waits for its own answer")
        elif there > at:
            yield Fault(place, f"“{condition.question}” comes later; a walk would go in a loop")
        else:
            yield from _of_values(place, condition, it.questions[there])


def _of_values(place: str, condition: Condition, asked: Question) -> Iterator[Fault]:
    known = _values(asked)
    if not known:
        yield Fault(place, "a text or a ranking decides nothing")
        return
    for value in condition.among:
        if value not in known:
            yield Fault(place, f"“{asked.id}” is never answered with {value!r:.40}")


def _values(question: Question) -> frozenset[Value]:
    if question.kind is Kind.MANY:
        return frozenset(choice.id for choice in question.choices)
    return single_values(question)


def _needs(one: Question, reached: dict[str, Needs], several: set[str]) -> Needs:
    needs: Needs = {}
    for condition in one.shown_if:
        must = dict(reached[condition.question])
        if condition.question not in several:
            must[condition.question] = set(condition.among)
        for name, values in must.items():
            needs[name] = needs[name] & values if name in needs else values
    return needs
