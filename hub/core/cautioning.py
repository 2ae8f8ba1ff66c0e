"""What nothing forbids, but would make somebody known: to be thought about before it is asked.

A filter reads names, and brands are named like people; so a caution is told and keeps nobody
from going on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from hub.core.masking import GONE
from shared.questions import Kind, Questionnaire
from shared.soundness import Fault
from shared.texts import Texts

NAMED: Final = "reads like a name: nobody who works there may be named"
BETRAYS: Final = "is asked after one face alone: whoever looks on then knows which it was"

Mask = Callable[[str], str]
"""The text without names."""


def cautions(questionnaire: Questionnaire, mask: Mask) -> list[Fault]:
    """Each with its place, in reading order; empty where there is nothing to think about."""
    return [*_named(questionnaire, mask), *_betraying(questionnaire)]


def named(place: str, texts: Texts, mask: Mask) -> Iterator[Fault]:
    """The languages in which this reads like somebody's name."""
    for language, text in texts.items():
        if GONE in mask(text):
            yield Fault(f"{place}.{language}", NAMED)


def _named(questionnaire: Questionnaire, mask: Mask) -> Iterator[Fault]:
    for question in questionnaire.questions:
        for choice in question.choices:
            place = f"questions.{question.id}.choices.{choice.id}.text"
            yield from named(place, choice.text, mask)


def _betraying(questionnaire: Questionnaire) -> Iterator[Fault]:
    faces = {one.id for one in questionnaire.questions if one.kind is Kind.FACES}
    for question in questionnaire.questions:
        for condition in question.shown_if:
            if condition.question in faces and len(set(condition.among)) == 1:
                yield Fault(f"questions.{question.id}.shown_if", BETRAYS)
