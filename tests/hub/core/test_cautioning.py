"""Cautions: names among what can be chosen, and rules that give a face away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.adapters.names import mask_by_list
from hub.core.cautioning import BETRAYS, NAMED, cautions, named
from shared.programme import default_programme
from shared.questions import Choice, Condition, Kind, Question, Questionnaire
from shared.soundness import Fault
from tests.shared.questionnaires import EVERY_KIND

MASK = mask_by_list()


def asked(*questions: Question) -> Questionnaire:
    return replace(EVERY_KIND, questions=questions)


def test_what_names_nobody_and_betrays_no_face_needs_no_caution() -> None:
    assert cautions(EVERY_KIND, MASK) == []
    for reason in default_programme(1).reasons:
        assert list(named("reason", reason.text, MASK)) == []


@pytest.mark.parametrize("text", ["Marta", "La cajera Ana", "María García"])
def test_a_choice_that_reads_like_a_name_is_told_with_its_place(text: str) -> None:
    choices = (Choice("a", {"es": text}), Choice("b", {"es": "Pan"}))
    who = Question("who", Kind.ONE, {"es": "¿Qué?"}, choices=choices)
    assert cautions(asked(who), MASK) == [Fault("questions.who.choices.a.text.es", NAMED)]


@pytest.mark.parametrize(
    ("among", "told"), [(("sad",), True), (("sad", "neutral"), False), (("sad", "sad"), True)]
)
def test_what_is_asked_after_one_face_alone_is_told(among: tuple[str, ...], told: bool) -> None:
    mood = Question("mood", Kind.FACES, {"es": "¿Cómo?"})
    why = Question("why", Kind.TEXT, {"es": "¿Por qué?"}, shown_if=(Condition("mood", among),))
    found = cautions(asked(mood, why), MASK)
    assert found == ([Fault("questions.why.shown_if", BETRAYS)] if told else [])


def test_reasons_are_read_in_each_of_their_languages() -> None:
    found = list(named("reasons.0.text", {"es": "Marta", "en": "The bread"}, MASK))
    assert found == [Fault("reasons.0.text.es", NAMED)]
