"""Where somebody stands in a questionnaire: on, back, and what counts as answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.path import Path
from shared.questionnaires import LONGEST_TEXT, Answer
from shared.questions import Condition, Kind, Questionnaire
from tests.shared.questionnaires import EVERY_KIND, question, questionnaire, ruled


def test_it_begins_at_the_first_question_and_goes_on_to_the_end_and_back() -> None:
    path = Path(EVERY_KIND)
    assert not path.go_back()
    names = [path.question.id]
    while path.go_on():
        names.append(path.question.id)
    assert names == [one.id for one in EVERY_KIND.questions]
    assert (path.place.number, path.place.of) == (7, 7)
    while path.go_back():
        names.pop()
    assert path.question.id == names[0] == "mood"


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        (Kind.FACES, "furious"),
        (Kind.SCALE, 11),
        (Kind.STARS, 0),
        (Kind.ONE, "z"),
        (Kind.MANY, ["a", "a"]),
        (Kind.MANY, []),
        (Kind.RANKING, ["a", "a"]),
        (Kind.RANKING, ["z"]),
        (Kind.RANKING, []),
        (Kind.RANKING, "a"),
        (Kind.TEXT, "x" * (LONGEST_TEXT + 1)),
        (Kind.TEXT, 5),
    ],
)
def test_what_is_no_answer_changes_nothing(kind: Kind, answer: Answer) -> None:
    path = Path(questionnaire(question("q", kind, "a", "b")))
    path.take(answer)
    assert path.given is None
    assert path.answers == {}


@pytest.mark.parametrize(("kind", "begun"), [(Kind.RANKING, ["b"]), (Kind.TEXT, " ")])
def test_what_is_only_begun_is_remembered_and_no_answer(kind: Kind, begun: Answer) -> None:
    path = Path(questionnaire(replace(question("q", kind, "a", "b"), required=True)))
    path.take(begun)
    assert path.given == begun
    assert path.answers == {}
    assert path.is_held


def test_a_required_question_holds_until_it_is_answered() -> None:
    path = Path(questionnaire(replace(question("q", Kind.STARS), required=True)))
    held = [path.is_held]
    for answer in (3, None):
        path.take(answer)
        held.append(path.is_held)
        assert path.is_whole is not path.is_held
    assert held == [True, False, True]


def test_an_answer_tells_at_once_how_many_questions_there_are() -> None:
    later = replace(question("b", Kind.STARS), shown_if=(Condition("a", (1, 2)),))
    path = Path(questionnaire(question("a", Kind.STARS), later))
    assert path.place.of == 1
    path.take(2)
    assert path.place.of == 2
    path.take(3)
    assert path.place.of == 1


def test_what_a_page_may_tell_of_their_number_does_not_tell_a_face() -> None:
    later = replace(question("b", Kind.STARS), shown_if=(Condition("a", ("sad",)),))
    path = Path(questionnaire(question("a", Kind.FACES), later))
    numbers = []
    for face in (None, "sad", "neutral", "happy"):
        path.take(face)
        numbers.append(path.told_of)
    assert numbers == [1, 1, 1, 1]
    path.take("sad")
    path.go_on()
    assert path.told_of == path.place.of == 2


@given(asked=ruled(), steps=st.lists(st.sampled_from(("on", "back", "a", "b", None))))
@settings(deadline=None, max_examples=80)
def test_one_always_stands_at_a_question_that_is_shown(
    asked: Questionnaire, steps: list[str | None]
) -> None:
    path = Path(asked)
    for step in steps:
        if step == "on":
            path.go_on()
        elif step == "back":
            path.go_back()
        else:
            path.take([step] if step and path.question.kind is Kind.MANY else step)
        assert 1 <= path.place.number <= path.place.of <= len(asked.questions)
        assert path.place.question in asked.questions
