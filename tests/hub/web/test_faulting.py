"""Faults of questionnaires in the language of whoever reads; none is left in English."""

from __future__ import annotations

import pytest

from hub.core.defining import read
from hub.core.questionnaires import faults_of
from hub.questionnaires import from_yaml
from hub.web.faulting import in_words, place_words, told
from hub.web.wording import load_words
from shared.errors import QuestionnaireRefused
from shared.soundness import Fault
from tests.hub.core.test_defining import NO_NAME, SMALL
from tests.hub.core.test_notation import HOSTILE
from tests.shared.questionnaires import EVERY_KIND

SPANISH, ENGLISH = load_words()["es"], load_words()["en"]

UNSOUND = """
id: a
title: {es: ""}
thanks: {en: x}
languages: [es, es]
first_day: 2026-13-01
opens: 9
closes: 9
questions:
- {id: mood, kind: faces, text: {es: a}, choices: [{id: a, text: {es: a}}]}
- {id: one, kind: one, text: {es: a}, choices: [{id: a, text: {es: a}}, {id: a, text: {}}]}
- {id: two, kind: one, text: {es: a}, choices: [{id: a, text: {es: a}}]}
- {id: rank, kind: ranking, text: {es: a}, choices: [{id: a, text: {es: a}}, {id: b, text: {es: a}},
    {id: c, text: {es: a}}, {id: d, text: {es: a}}, {id: e, text: {es: a}}, {id: f, text: {es: a}}]}
- {id: w, kind: text, text: {es: a}, shown_if: [{question: w, among: [a]}]}
- {id: x, kind: text, text: {es: a},
    shown_if: [{question: z, among: [a]}, {question: y, among: [a]}]}
- {id: y, kind: text, text: {es: a}, shown_if: [{question: x, among: [a]}]}
- {id: v, kind: text, text: {es: a},
    shown_if: [{question: mood, among: [sad]}, {question: mood, among: [happy]}]}
- {id: u, kind: text, text: {es: a}, shown_if: [{question: mood, among: [angry]}]}
"""

OTHERS = (
    "lies before first_day",
    "take 300000 bytes of a message; at most 258048",
    "“q” is taken",
    "was changed by somebody else meanwhile",
    "must stay “q”",
)


def reasons() -> set[str]:
    """Every reason that this program gives, as far as tests of the core bring them about."""
    found = {fault.reason for fault in faults_of(from_yaml(UNSOUND))} | set(OTHERS)
    for text in HOSTILE.values():
        with pytest.raises(QuestionnaireRefused) as refused:
            from_yaml(text)
        found |= {fault.reason for fault in refused.value.faults}
    wrong: tuple[dict[str, object], ...] = (
        {"id": "Ñ", "version": 3, "title": "Hola", "opens": 25, "last_day": 20261122},
        {"languages": 5, "title": {"E": "x", "es": 5, "en": "x" * 301, "pt": "a\0"}},
        {"questions": [{"id": "a", "kind": "b", "text": {}, "required": 1}, 7, {}] * 20},
        {"questions": [{"id": "a", "kind": "text", "text": {}, "shown_if": [
            {"question": "a", "among": []}, {"question": "a", "among": [-1]}]}]},
    )  # fmt: skip
    for change in wrong:
        with pytest.raises(QuestionnaireRefused) as refused:
            read(SMALL | change, 1)
        found |= {fault.reason for fault in refused.value.faults}
    return found


def test_every_reason_is_told_in_spanish() -> None:
    every = reasons()
    assert len(every) > 35
    assert {reason for reason in every if in_words(SPANISH, reason) == reason} == set()
    assert {reason for reason in every if in_words(ENGLISH, reason) != reason} == set()


def test_what_changes_in_a_sentence_stays_in_it() -> None:
    assert in_words(SPANISH, "“a” stands there 2 times") == "«a» está 2 veces"
    assert in_words(SPANISH, "of a kind nobody foresaw") == "of a kind nobody foresaw"
    assert in_words(SPANISH, f"“Ñ” {NO_NAME}").startswith("“Ñ” no sirve de nombre")
    hostile = "there is no question “%(name)s %d %s 100%”"
    assert in_words(SPANISH, hostile) == "no hay ninguna pregunta «%(name)s %d %s 100%»"


def test_faults_are_gathered_by_their_place() -> None:
    faults = [Fault("a", "is missing"), Fault("b", "needs one"), Fault("a", "must be a list")]
    assert told(SPANISH, faults) == {
        "a": ("falta", "debe ser una lista"),
        "b": ("necesita uno",),
    }


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("questions.friend.text.es", "Question 2 · Español"),
        ("questions.came.choices.foot.text.en", "Question 4 · Choices · foot · English"),
        ("questions.more.shown_if.0", "Question 7 · When it is asked · 0"),
        ("questions.nobody.text", "Question nobody"),
        ("questions", "Questions"),
        ("title.es", "Title · Español"),
        ("first_day", "First day"),
    ],
)
def test_a_place_is_named_as_the_builder_names_it(place: str, words: str) -> None:
    own = {"es": "Español", "en": "English"}
    assert place_words(ENGLISH, place, EVERY_KIND, own) == words
