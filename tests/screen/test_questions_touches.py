"""Touches on a question become answers; buttons, quick fingers and warnings included."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.core.effects import Questioning
from kiosk.core.events import (
    AnswerGiven,
    BackTouched,
    Event,
    GlassTouched,
    LeaveTouched,
    NextTouched,
    StayTouched,
)
from shared.questionnaires import Answer
from tests.screen.questions import (
    BETTER,
    CAME,
    FRIEND,
    MOOD,
    MORE,
    ORDER,
    TIDY,
    answered,
    asked,
    warned,
)
from tests.screen.rig import Rig
from tests.screen.samples import RESTING

pytestmark = pytest.mark.screen


def events(rig: Rig) -> list[Event]:
    """What was told, but for that a finger landed."""
    return [event for event in rig.take_events() if not isinstance(event, GlassTouched)]


def keys(rig: Rig) -> Any:
    sheet: Any = rig.stage.sheet
    return sheet.answering()


def sheet(rig: Rig) -> Any:
    return rig.stage.sheet


def given(rig: Rig) -> list[Answer | None]:
    return [event.answer for event in events(rig) if isinstance(event, AnswerGiven)]


@pytest.mark.parametrize(
    ("question", "key", "answer"),
    [
        (MOOD, 0, "sad"),
        (MOOD, 2, "happy"),
        (FRIEND, 0, 0),
        (FRIEND, 10, 10),
        (TIDY, 0, 1),
        (TIDY, 4, 5),
        (CAME, 3, "c3"),
        (BETTER, 11, ["c11"]),
        (ORDER, 1, ["c1"]),
    ],
    ids=lambda value: str(getattr(value, "id", value)),
)
def test_a_key_is_the_answer_that_stands_on_it(
    rig: Rig, question: Any, key: int, answer: Answer
) -> None:
    rig.show(asked(question))
    rig.tap(keys(rig)[key].target)
    assert events(rig) == [AnswerGiven(rig.clock.now(), question.id, answer)]


def test_the_same_face_again_is_the_answer_still(rig: Rig) -> None:
    """To take it back would tell whoever looks on that it was the same one."""
    rig.show(asked(MOOD))
    for key in (1, 1, 0):
        rig.tap(keys(rig)[key].target)
    assert given(rig) == ["neutral", "neutral", "sad"]


@pytest.mark.parametrize("question", [FRIEND, TIDY, CAME], ids=lambda one: one.id)
def test_the_same_key_again_takes_the_answer_back(rig: Rig, question: Any) -> None:
    rig.show(asked(question))
    rig.tap(keys(rig)[1].target)
    rig.tap(keys(rig)[1].target)
    first, second = given(rig)
    assert first is not None
    assert second is None


def test_several_are_told_in_the_order_in_which_they_stand(rig: Rig) -> None:
    rig.show(asked(BETTER))
    for key in (7, 2, 7, 4):
        rig.tap(keys(rig)[key].target)
    assert given(rig) == [["c7"], ["c2", "c7"], ["c2"], ["c2", "c4"]]


def test_a_ranking_is_told_in_the_order_of_touches_and_closes_its_gaps(rig: Rig) -> None:
    rig.show(asked(ORDER))
    for key in (3, 0, 4, 0):
        rig.tap(keys(rig)[key].target)
    assert given(rig) == [["c3"], ["c3", "c0"], ["c3", "c0", "c4"], ["c3", "c4"]]
    numbers = {key.choice: key.number.text for key in keys(rig)}
    assert numbers == {"c0": "", "c1": "", "c2": "", "c3": "1", "c4": "2"}


def test_a_quick_finger_is_not_undone_by_the_page_of_an_earlier_touch(rig: Rig) -> None:
    rig.show(asked(BETTER))
    rig.tap(keys(rig)[0].target)
    rig.tap(keys(rig)[1].target)
    rig.show(asked(BETTER, answer=["c0"]))  # the first touch comes back when two were made
    rig.tap(keys(rig)[2].target)
    assert given(rig) == [["c0"], ["c0", "c1"], ["c0", "c1", "c2"]]
    rig.show(asked(BETTER, answer=["c0", "c1", "c2"]))
    assert sum(key.chosen for key in keys(rig)) == 3


def test_what_the_core_says_counts_where_nothing_is_on_its_way(rig: Rig) -> None:
    rig.show(asked(BETTER, answer=["c0"]))
    rig.show(asked(BETTER, answer=["c5"]))  # the buttons chose
    assert [key.choice for key in keys(rig) if key.chosen] == ["c5"]


def test_whoever_comes_next_finds_nothing_of_the_one_before(rig: Rig) -> None:
    rig.show(asked(MORE))
    rig.tap(sheet(rig).keyboard.board_keys[0].target)
    rig.show(RESTING)
    rig.take_events()
    rig.show(asked(MORE))
    rig.tap(sheet(rig).keyboard.board_keys[1].target)
    assert given(rig) == ["W"]


@pytest.mark.parametrize(
    ("key", "kind"), [("back", BackTouched), ("away", LeaveTouched), ("next", NextTouched)]
)
def test_the_keys_of_the_foot_are_told(rig: Rig, key: str, kind: type[Event]) -> None:
    rig.show(answered(TIDY))
    rig.tap(getattr(sheet(rig), key).target)
    (event,) = events(rig)
    assert type(event) is kind


def test_a_question_that_needs_an_answer_is_not_passed_over(rig: Rig) -> None:
    rig.show(asked(FRIEND))
    rig.tap(sheet(rig).next.target)
    assert events(rig) == []
    rig.tap(keys(rig)[6].target)
    rig.tap(sheet(rig).next.target)
    assert [type(event) for event in events(rig)] == [AnswerGiven, NextTouched]


def test_half_a_ranking_is_no_answer(rig: Rig) -> None:
    needed = replace(ORDER, required=True)
    rig.show(asked(needed, answer=["c0", "c1", "c2", "c3"]))
    rig.tap(sheet(rig).next.target)
    assert events(rig) == []


def test_any_finger_on_the_page_says_that_somebody_is_there(rig: Rig) -> None:
    rig.show(asked(FRIEND))
    rig.touch(3, 3).touch_up()
    assert rig.take_events() == [GlassTouched(rig.clock.now())]


@pytest.mark.parametrize("place", [(3, 3), (400, 240), (700, 440)], ids=str)
def test_under_the_warning_a_touch_anywhere_stays_and_does_nothing_else(
    rig: Rig, place: tuple[int, int]
) -> None:
    rig.show(warned(FRIEND))
    rig.touch(*place).touch_up()
    assert [type(event) for event in events(rig)] == [StayTouched]
    rig.show(answered(FRIEND))
    rig.tap(sheet(rig).next.target)
    assert [type(event) for event in events(rig)] == [NextTouched]


def test_the_warning_counts_the_seconds(rig: Rig) -> None:
    page = warned(TIDY, "en")
    for seconds in (10, 9, 1):
        rig.show(replace(page, seconds_left=seconds))
        assert sheet(rig).warning.sentence.text == f"This page leaves in {seconds} s."


def test_a_touch_that_ends_on_another_page_is_no_answer(rig: Rig) -> None:
    rig.show(asked(MOOD))
    finger = rig.touch(*keys(rig)[0].target.center)
    rig.show(RESTING)
    finger.touch_up()
    assert given(rig) == []


def test_a_question_without_choices_or_with_too_large_a_mark_is_shown_all_the_same(
    rig: Rig,
) -> None:
    strange: list[Questioning] = [
        asked(replace(CAME, choices=())),
        replace(asked(CAME), marked=99),
        replace(asked(MORE), answer=5),
        replace(asked(FRIEND), answer="nine"),
        replace(asked(ORDER), answer=["nobody"]),
    ]
    for page in strange:
        rig.show(page)
        rig.frames(1)
        assert sheet(rig).focus.around is None
