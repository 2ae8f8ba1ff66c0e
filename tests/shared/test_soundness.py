"""Every reason why a questionnaire cannot be shown, with its place."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings

from shared.questionnaires import Answer
from shared.questions import Condition, Kind, Question, Questionnaire
from shared.soundness import (
    LONGEST_BEFORE_KEYBOARD,
    LONGEST_CHOICE,
    LONGEST_OF_MANY,
    LONGEST_QUESTION,
    faults,
)
from shared.walking import shown
from tests.shared.questionnaires import EVERY_KIND, question, questionnaire, ruled


def rule(name: str, *among: str | int) -> tuple[Condition, ...]:
    return (Condition(name, among),)


def test_one_with_every_kind_of_question_is_sound() -> None:
    assert faults(EVERY_KIND) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"languages": ()}, "languages"),
        ({"languages": ("es", "en", "es")}, "languages"),
        ({"languages": ("es", "pt")}, "title.pt"),
        ({"questions": ()}, "questions"),
        ({"title": {"es": "Hola", "en": " "}}, "title.en"),
        ({"thanks": {"es": "Gracias"}}, "thanks.en"),
        ({"opens": 9, "closes": 9}, "opens"),
        ({"first_day": "tomorrow"}, "first_day"),
        ({"first_day": "2026-12-01", "last_day": "2026-11-01"}, "last_day"),
    ],
    ids=str,
)
def test_a_fault_of_the_whole_has_its_place(change: dict[str, Any], place: str) -> None:
    assert place in [fault.place for fault in faults(replace(EVERY_KIND, **change))]


def spoken(text: str) -> dict[str, str]:
    return {"es": text, "en": text}


@pytest.mark.parametrize(
    "text", ["", " ", "\u200b", "\u3000", "\u0301", "\u200e \u2060"], ids=ascii
)
def test_what_nobody_sees_is_not_written(text: str) -> None:
    it = replace(EVERY_KIND, title=spoken(text))
    assert ("title.es", "is not written") in [(one.place, one.reason) for one in faults(it)]


@pytest.mark.parametrize(
    "text",
    ["a\u202eb", "a\u2066b", "a\u200bb", "a\u2028b", "a\x00b", "\ufeffa", "a\ue000", "a\U000e0041"],
    ids=ascii,
)
def test_what_turns_or_hides_the_rest_is_a_fault(text: str) -> None:
    it = replace(EVERY_KIND, thanks=spoken(text))
    [first, _] = faults(it)
    assert (first.place, first.reason) == ("thanks.es", "holds characters that nobody can see")


@pytest.mark.parametrize("text", ["می\u200cخواهم", "super\u00admarket", "5\u00a0%"])
def test_what_writing_needs_is_none(text: str) -> None:
    assert faults(replace(EVERY_KIND, title=spoken(text))) == []


def test_what_no_kiosk_can_draw_is_a_fault_where_a_kiosk_may_show_it() -> None:
    it = replace(EVERY_KIND, thanks={"es": "Gracias 😀", "en": "Thanks"})
    assert [str(one) for one in faults(it)] == ["thanks.es: holds “😀”, which no kiosk can draw"]
    texts = {"es": "Su visita", "zh": "您的访问"}
    one = replace(question("x", Kind.FACES), text=texts)
    both = replace(questionnaire(one), title=texts, languages=("es", "zh"))
    assert faults(both) == []
    alone = [fault.place for fault in faults(replace(both, languages=("zh",)))]
    assert alone == ["title.zh", "questions.x.text.zh"]


@pytest.mark.parametrize(
    ("one", "most"),
    [
        (question("x", Kind.FACES), LONGEST_QUESTION),
        (question("x", Kind.TEXT), LONGEST_BEFORE_KEYBOARD),
    ],
    ids=str,
)
def test_a_question_fits_on_the_glass(one: Question, most: int) -> None:
    fits = replace(one, text=spoken("a" * most))
    assert faults(questionnaire(fits)) == []
    [first, _] = faults(questionnaire(replace(one, text=spoken("a" * (most + 1)))))
    assert str(first) == f"questions.x.text.es: is {most + 1} characters long; at most {most}"


@pytest.mark.parametrize(("count", "most"), [(8, LONGEST_CHOICE), (9, LONGEST_OF_MANY)])
def test_a_choice_fits_on_the_glass_however_many_there_are(count: int, most: int) -> None:
    def asked(text: str) -> Questionnaire:
        one = question("x", Kind.MANY, *"abcdefghi"[:count])
        return questionnaire(
            replace(one, choices=tuple(replace(it, text=spoken(text)) for it in one.choices))
        )

    assert faults(asked("a" * most)) == []
    assert faults(asked("a" * (most + 1)))[0].place == "questions.x.choices.a.text.es"


ONE = question("one", Kind.ONE, "a", "b")


@pytest.mark.parametrize(
    ("wrong", "place", "reason"),
    [
        (question("x", Kind.ONE, "a"), "choices", "at least two"),
        (question("x", Kind.STARS, "a", "b"), "choices", "has none"),
        (question("x", Kind.RANKING, *"abcdef"), "choices", "more than 5"),
        (question("x", Kind.MANY, "a", "a"), "choices", "2 times"),
        (replace(question("x", Kind.STARS), low={"es": "poco"}), "low.en", "not written"),
        (question("x", Kind.STARS, shown_if=rule("nobody", "a")), "shown_if.0", "no question"),
        (question("x", Kind.STARS, shown_if=rule("x", 1)), "shown_if.0", "own answer"),
        (question("x", Kind.STARS, shown_if=rule("last", 1)), "shown_if.0", "loop"),
        (question("x", Kind.STARS, shown_if=rule("one", "c")), "shown_if.0", "never answered"),
        (
            question("x", Kind.STARS, shown_if=rule("one", "a") + rule("one", "b")),
            "shown_if",
            "never shown",
        ),
    ],
    ids=str,
)
def test_a_fault_of_a_question_has_its_place(wrong: Question, place: str, reason: str) -> None:
    found = faults(questionnaire(ONE, wrong, question("last", Kind.SCALE)))
    assert [fault.place for fault in found] == [f"questions.x.{place}"]
    assert reason in found[0].reason


def test_two_questions_that_wait_for_each_other_are_a_loop() -> None:
    it = questionnaire(
        question("a", Kind.STARS, shown_if=rule("b", 1)),
        question("b", Kind.STARS, shown_if=rule("a", 1)),
    )
    assert any("loop" in fault.reason for fault in faults(it))


@settings(max_examples=60)
@given(ruled())
def test_it_is_sound_exactly_where_somebody_can_reach_every_question(it: Questionnaire) -> None:
    ways = [_ways(one) for one in it.questions]
    reached: set[str] = set()
    for given_answers in product(*ways):
        answers = {
            one.id: answer
            for one, answer in zip(it.questions, given_answers, strict=True)
            if answer is not None
        }
        reached |= {one.id for one in shown(it, answers)}
    assert (len(reached) == len(it.questions)) == (faults(it) == [])


def _ways(one: Question) -> tuple[Answer | None, ...]:
    return ("a", "b") if one.kind is Kind.ONE else (["a"], ["b"], ["a", "b"])
