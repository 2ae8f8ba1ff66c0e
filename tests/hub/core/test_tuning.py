"""What a store's kiosks show as a form's fields: there and back, and every fault at its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.tuning import NUMBERS, Tuned, changes, fields_of, numbered, read
from shared.errors import ProgrammeRefused
from shared.notices import Deed, Keeping, KioskSettings, Look, Reason
from shared.programme import LONGEST_QUESTION, LONGEST_REASON, default_programme
from tests.shared.questionnaires import EVERY_KIND

PROGRAMME = default_programme(7)
TUNED = Tuned(PROGRAMME, (9, 21))


def typed(**change: Any) -> dict[str, Any]:
    return {**fields_of(TUNED), **change}


def faults(fields: dict[str, Any], before: KioskSettings = PROGRAMME) -> dict[str, str]:
    with pytest.raises(ProgrammeRefused) as refused:
        read(fields, before)
    return {fault.place: fault.reason for fault in refused.value.faults}


def test_what_is_written_out_is_read_as_it_was() -> None:
    keeping = Keeping("UTC", 0, 24, Look.AUTO, 90, 5, 0, calm=True)
    deed = Deed({"es": "Faltaba pan"}, {"es": "Hay horno"})
    own = replace(PROGRAMME, languages=("pt", "es"), deed=deed, keeping=keeping, ask_seconds=30)
    tuned = Tuned(own, (18, 2))
    assert read(fields_of(tuned), own) == tuned
    assert read(fields_of(TUNED), PROGRAMME) == TUNED


def test_words_that_ship_are_there_in_every_language_and_are_not_mixed_with_own_ones() -> None:
    ship = PROGRAMME.reasons[0]
    less = replace(PROGRAMME, question={"es": PROGRAMME.question["es"]}, reasons=(ship,))
    assert fields_of(Tuned(less, (9, 21)))["question"]["ar"] == PROGRAMME.question["ar"]
    own = replace(less, question={"es": "¿Y bien?"}, reasons=(Reason("wait", {"es": "La fila"}),))
    fields = fields_of(Tuned(own, (9, 21)))
    assert fields["question"] == {"es": "¿Y bien?"}
    assert fields["reasons"] == [{"id": "wait", "text": {"es": "La fila"}}]
    assert faults({**fields, "languages": ["es", "en"]}, own) == {
        "question.en": "is not written",
        "reasons.0.text.en": "is not written",
    }


def test_reasons_keep_their_names_and_new_ones_get_one() -> None:
    rows = [*fields_of(TUNED)["reasons"]]
    rows[0] = {"id": "wait", "text": {"es": "La fila", "en": "The line"}}
    rows[1] = {"id": "", "text": {}}
    rows[2] = {"id": "", "text": {"es": "El aparcamiento", "en": "The car park"}}
    rows[3] = {"id": "no one's", "text": {"es": "Prices", "en": "Prices"}}
    found = read(typed(reasons=rows), PROGRAMME).programme.reasons
    assert [one.id for one in found] == ["wait", "el-aparcamiento", "prices-2", *_last_two()]
    assert found[0].text == {"es": "La fila", "en": "The line"}


def _last_two() -> list[str]:
    return [one.id for one in PROGRAMME.reasons[4:]]


def test_nobody_is_offered_the_same_reason_twice() -> None:
    one = {"es": "Pan", "en": "Bread"}
    rows = [{"id": "", "text": one}, {"id": "", "text": {"es": "Pan", "en": "Loaf"}}]
    assert faults(typed(reasons=rows)) == {"reasons.1.text.es": "“Pan” stands there 2 times"}
    twice = [{"id": "wait", "text": one}, {"id": "wait", "text": {"es": "Fila", "en": "Line"}}]
    names = [each.id for each in read(typed(reasons=twice), PROGRAMME).programme.reasons]
    assert names[0] == "wait"
    assert len(set(names)) == 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"first": "xx"}, "first"),
        ({"look": "dusk"}, "look"),
        ({"question": {"es": "x"}}, "question.en"),
        ({"question": {"es": "x" * (LONGEST_QUESTION + 1), "en": "x"}}, "question.es"),
        ({"question": {"es": "x", "en": "a\x00b"}}, "question.en"),
        ({"question": {"es": "x", "en": "\u202e"}}, "question.en"),
        ({"question": {"es": "¿Bien? 😀", "en": "x"}}, "question.es"),
        (
            {"reasons": [{"id": "", "text": {"es": "x" * (LONGEST_REASON + 1), "en": "x"}}]},
            "reasons.0.text.es",
        ),
        ({"question": {"es": "¿Qué tal? 🙂", "en": "x"}}, "question.es"),
        ({"reasons": [{"id": "", "text": {"es": "价格", "en": "x"}}]}, "reasons.0.text.es"),
        ({"said": {"es": "x"}}, "done.es"),
        ({"done": {"en": "x"}}, "said.en"),
        ({"said": {"es": "x" * 121}, "done": {"es": "x"}}, "said.es"),
        ({"closes": "9"}, "closes"),
        ({"opens": "24"}, "opens"),
        *(({name: str(offered[0] - 1)}, name) for name, offered in NUMBERS.items()),
        *(({name: str(offered[-1] + 1)}, name) for name, offered in NUMBERS.items()),
        *(({"volume": text}, "volume") for text in ("", "٣", "1e1", "9" * 5_000, "-0", " 1")),
    ],
    ids=repr,
)
def test_a_fault_is_told_at_its_field(change: dict[str, Any], place: str) -> None:
    assert place in faults(typed(**change))


def test_all_faults_are_told_at_once() -> None:
    assert set(faults(typed(volume="x", question={}, look=""))) == {
        "volume",
        "look",
        "question.es",
        "question.en",
    }


def test_what_no_message_holds_beside_the_questionnaire_is_refused() -> None:
    text = dict.fromkeys((f"l{n}" for n in range(900)), "x" * 300)
    large = replace(PROGRAMME, questionnaire=replace(EVERY_KIND, title=text))
    assert "of a message" in faults(typed(), large)["programme"]


@given(st.dictionaries(st.sampled_from(sorted(NUMBERS)), st.text(max_size=6)))
@settings(max_examples=150, deadline=None)
def test_whatever_is_typed_as_a_number_is_read_or_told(numbers: dict[str, str]) -> None:
    try:
        tuned, told = read(typed(**numbers), PROGRAMME), set()
    except ProgrammeRefused as refused:
        tuned, told = TUNED, {fault.place for fault in refused.faults}
    assert told <= {*numbers, "closes"}
    if not told:
        assert all(int(fields_of(tuned)[name]) == int(text) for name, text in numbers.items())


def test_what_is_worded_otherwise_gets_the_next_version_and_nothing_else_does() -> None:
    quiet = replace(PROGRAMME, ask_seconds=20, languages=("es",))
    assert numbered(PROGRAMME, quiet, 5) == quiet
    reworded = replace(PROGRAMME, question={"es": "¿Y bien?"})
    assert numbered(PROGRAMME, reworded, 1).question_version == 2
    assert numbered(PROGRAMME, reworded, 500).question_version == 500  # after a restore
    fewer = numbered(PROGRAMME, replace(PROGRAMME, reasons=PROGRAMME.reasons[:2]), 1)
    assert (fewer.question_version, fewer.reasons_version) == (1, 2)


def test_the_log_says_what_is_otherwise() -> None:
    assert changes(typed(), typed()) == ""
    louder = typed(volume="80", calm=True, question={"es": "¿Y?"}, languages=["es"])
    told = changes(typed(), louder)
    assert told == "languages, question, calm False → True, volume 60 → 80"
