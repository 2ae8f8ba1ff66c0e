"""Plain fields and questionnaires: the same there and back, and every fault in its place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.defining import MOST_FAULTS, fields_of, read
from shared.errors import QuestionnaireRefused
from shared.questions import Questionnaire
from tests.shared.questionnaires import EVERY_KIND, ruled

LONG = "x" * 301
BARE = {"kind": "text", "text": {}}
NO_NAME = "is no name: use 1 to 32 of a–z, 0–9, _ and -, beginning with a letter or digit"

SMALL: dict[str, Any] = {
    "id": "visit",
    "title": {"es": "Su visita", "en": "Your visit"},
    "languages": ["es", "en"],
    "questions": [
        {"id": "mood", "kind": "faces", "text": {"es": "¿Qué tal?", "en": "How was it?"}}
    ],
}


def faults(fields: object) -> dict[str, str]:
    with pytest.raises(QuestionnaireRefused) as refused:
        read(fields, 1)
    return {fault.place: fault.reason for fault in refused.value.faults}


@settings(deadline=None, max_examples=80)
@given(ruled())
def test_what_is_written_as_fields_reads_the_same(questionnaire: Questionnaire) -> None:
    assert read(fields_of(questionnaire), questionnaire.version) == questionnaire


def test_every_kind_reads_the_same_with_all_that_is_optional() -> None:
    fields = fields_of(EVERY_KIND) | {"thanks": {"es": "¡Gracias!"}, "opens": 9, "closes": 20}
    fields |= {"first_day": "2026-11-22", "last_day": "2026-12-24"}
    fields["questions"][1] |= {"low": {"es": "No"}, "high": {"es": "Sí"}, "required": True}
    fields["questions"][3] |= {"shuffle": True}
    fields["questions"][3]["choices"][2]["fixed"] = True
    fields["questions"][6]["shown_if"] = [{"question": "friend", "among": [0, 1]}]
    assert fields_of(read(fields, 7)) == fields
    assert read(fields, 7).version == 7


def test_every_fault_is_told_at_once_with_its_place() -> None:
    assert faults(
        SMALL
        | {
            "id": "Ñ",
            "version": 3,
            "title": "Hola",
            "opens": 25,
            "last_day": 20261122,
            "languages": ["es", "EN"],
            "questions": [
                {"id": "mood", "kind": "rating", "required": "y", "text": {"es": LONG, "en": 5}},
                {"kind": "one", "choices": [{"id": "a"}, {"id": "a b", "text": {}}, 7], "txt": 1},
                {"id": "c"} | BARE | {"shown_if": [{"question": "a", "among": []}]},
                {"id": "d"} | BARE | {"shown_if": [{"among": [True, -1, "A"]}]},
            ],
        }
    ) == {
        "version": "nobody knows this field",
        "id": f"“Ñ” {NO_NAME}",
        "languages.1": f"“EN” {NO_NAME}",
        "title": "must be a text for each language, like es: Hola",
        "questions.mood.kind": "“rating” is none of faces, scale, stars, one, many, text, ranking",
        "questions.mood.text.es": "is 301 characters long; at most 300",
        "questions.mood.text.en": "must be a text",
        "questions.mood.required": "must be true or false",
        "questions.1.txt": "nobody knows this field",
        "questions.1.id": "is missing",
        "questions.1.text": "is missing",
        "questions.1.choices.a.text": "is missing",
        "questions.1.choices.1.id": f"“a b” {NO_NAME}",
        "questions.1.choices.2": "must have fields with names",
        "questions.c.shown_if.0.among": "needs one answer",
        "questions.d.shown_if.0.question": "is missing",
        "questions.d.shown_if.0.among.0": "“True” is no answer",
        "questions.d.shown_if.0.among.1": "“-1” is no answer",
        "questions.d.shown_if.0.among.2": f"“A” {NO_NAME}",
        "last_day": "“20261122” is no date like 2026-11-22",
        "opens": "“25” is no hour from 0 to 24",
    }  # fmt: skip


@pytest.mark.parametrize("fields", [None, [], 5, "x", True, {}], ids=repr)
def test_what_is_no_questionnaire_is_refused(fields: object) -> None:
    assert faults(fields)


def test_a_flood_of_faults_is_cut_off() -> None:
    assert len(faults(SMALL | {f"f{n}": 1 for n in range(1_000)})) == MOST_FAULTS
    many = {"id": "a", "kind": "text", "text": {f"l{n}": "x" for n in range(1_000)}}
    assert faults(SMALL | {"questions": [many] * 51}) == {
        "questions": "are 51; at most 50",
        "questions.a.text": "are 1000; at most 12",
    }


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\x1b[31mb", "a\ud800", "a\x85b"])
def test_what_no_glass_can_show_is_no_text(text: str) -> None:
    assert faults(SMALL | {"title": {"es": text}}) == {
        "title.es": "holds characters that nobody can see"
    }


def test_a_text_loses_the_space_around_it() -> None:
    assert read(SMALL | {"title": {"es": "  Hola \n"}}, 1).title == {"es": "Hola"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "kind", "text", "among", "es", "choices"]), inner)
    ),
    max_leaves=15,
)


@settings(deadline=None, max_examples=150)
@given(st.dictionaries(st.sampled_from([*SMALL, "thanks", "opens", "first_day"]), anything))
def test_any_fields_are_read_or_refused(fields: dict[str, object]) -> None:
    try:
        read(SMALL | fields, 1)
    except QuestionnaireRefused:
        assert faults(SMALL | fields)
