"""How somebody walks through a questionnaire."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.questionnaires import Answer
from shared.questions import Choice, Condition, Kind, Question, Questionnaire
from shared.walking import accepts, answered, order, place, place_before, shown
from tests.shared.questionnaires import EVERY_KIND, both, question, questionnaire, ruled

WHY = question("why", Kind.TEXT, shown_if=(Condition("mood", ("sad",)),))
WITH_RULE = questionnaire(question("mood", Kind.FACES), WHY, question("friend", Kind.SCALE))

ASKED = {one.id: one for one in EVERY_KIND.questions}


def names(asked: tuple[Question, ...]) -> list[str]:
    return [one.id for one in asked]


def test_a_question_is_shown_where_its_condition_holds() -> None:
    assert names(shown(WITH_RULE, {"mood": "sad"})) == ["mood", "why", "friend"]
    assert names(shown(WITH_RULE, {"mood": "happy"})) == ["mood", "friend"]
    assert names(shown(WITH_RULE, {})) == ["mood", "friend"]


def test_of_several_choices_one_is_enough() -> None:
    after = question("fish", Kind.STARS, shown_if=(Condition("bought", ("fish", "meat")),))
    it = questionnaire(question("bought", Kind.MANY, "bread", "fish", "meat"), after)
    assert names(shown(it, {"bought": ["bread", "fish"]})) == ["bought", "fish"]
    assert names(shown(it, {"bought": ["bread"]})) == ["bought"]


def test_the_walk_goes_forth_and_back_and_says_where_it_stands() -> None:
    first = place(WITH_RULE, {}, None)
    assert first is not None
    assert (first.question.id, first.number, first.of) == ("mood", 1, 2)
    last = place(WITH_RULE, {"mood": "sad"}, "why")
    assert last is not None
    assert (last.question.id, last.number, last.of) == ("friend", 3, 3)
    assert place(WITH_RULE, {"mood": "sad"}, "friend") is None
    back = place_before(WITH_RULE, {"mood": "sad"}, "friend")
    assert back is not None
    assert back.question.id == "why"
    assert place_before(WITH_RULE, {}, "mood") is None


def test_an_answer_to_what_is_no_longer_shown_does_not_stand() -> None:
    assert answered(WITH_RULE, {"mood": "happy", "why": "cold bread"}) == {"mood": "happy"}


@given(ruled(), st.dictionaries(st.sampled_from([f"q{n}" for n in range(5)]), st.just(["a"])))
def test_each_question_is_reached_once_and_the_walk_ends(
    it: Questionnaire, answers: dict[str, Answer]
) -> None:
    walked, here = [], place(it, answers, None)
    while here is not None:
        walked.append(here.question.id)
        here = place(it, answers, here.question.id)
    assert walked == names(shown(it, answers))


GOOD: list[tuple[str, Answer]] = [
    ("mood", "happy"),
    ("friend", 0),
    ("friend", 10),
    ("tidy", 5),
    ("came", "bus"),
    ("bought", ["fish"]),
    ("order", ["range", "price", "service"]),
    ("more", "más pan"),
]

BAD: list[tuple[str, Answer]] = [
    ("mood", "glad"),
    ("mood", 100),
    ("friend", 11),
    ("tidy", 0),
    ("came", "plane"),
    ("came", ["bus"]),
    ("bought", []),
    ("bought", ["fish", "fish"]),
    ("order", ["range", "price"]),
    ("more", "  "),
    ("more", "x" * 1001),
]


@pytest.mark.parametrize(("name", "answer"), GOOD)
def test_an_answer_fits_its_question(name: str, answer: Answer) -> None:
    assert accepts(ASKED[name], answer)


@pytest.mark.parametrize(("name", "answer"), BAD)
def test_another_answer_does_not(name: str, answer: Answer) -> None:
    assert not accepts(ASKED[name], answer)


def test_choices_are_shuffled_for_each_person_and_the_fixed_one_stays() -> None:
    told = replace(question("q", Kind.ONE, "a", "b", "c", "d"), shuffle=True)
    told = replace(told, choices=(*told.choices, Choice("other", both("other"), fixed=True)))
    seen = {tuple(one.id for one in order(told, str(person))) for person in range(60)}
    assert len(seen) > 15  # of 24
    assert all(one[-1] == "other" and sorted(one) == ["a", "b", "c", "d", "other"] for one in seen)
    assert order(told, "7") == order(told, "7")
    assert order(replace(told, shuffle=False), "7") == told.choices
