"""The mark of the three buttons: what it reaches, how it moves, and what it chooses."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.effects import Questioning, Thanks
from kiosk.core.marks import Key, Mark, chosen, moved, question_keys, thanks_keys
from shared.questionnaires import Answer
from shared.questions import Kind
from shared.visits import Face
from tests.kiosk.samples import REASONS
from tests.shared.questionnaires import question

LEFT, MIDDLE, RIGHT = Face


@pytest.mark.parametrize(
    ("changeable", "invited", "more"),
    [
        (True, True, (Key.CHANGE, Key.INVITATION)),
        (False, True, (Key.INVITATION,)),
        (True, False, (Key.CHANGE,)),
        (False, False, ()),
    ],
)
def test_after_a_tap_the_reasons_come_first_and_done_last(
    changeable: bool, invited: bool, more: tuple[Key, ...]
) -> None:
    page = Thanks("es", REASONS, None, 5, changeable, invited)
    assert thanks_keys(page) == ("wait", "staff", *more, Key.DONE)
    assert thanks_keys(Thanks("es", (), None, 5, changeable, invited)) == more


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        (Kind.FACES, ("sad", "neutral", "happy")),
        (Kind.SCALE, tuple(range(11))),
        (Kind.STARS, (1, 2, 3, 4, 5)),
        (Kind.ONE, ("a", "b")),
        (Kind.MANY, ("a", "b")),
        (Kind.RANKING, ("a", "b")),
        (Kind.TEXT, ()),
    ],
)
def test_a_question_has_its_answers_and_then_the_foot(
    kind: Kind, answers: tuple[str | int, ...]
) -> None:
    asked = question("q", kind, *("a", "b") if kind in (Kind.ONE, Kind.MANY, Kind.RANKING) else ())
    first = Questioning("es", asked, asked.choices, None, 1, 2)
    second = Questioning("es", asked, asked.choices, None, 2, 2)
    assert question_keys(first) == (*answers, Key.LEAVE, Key.NEXT)
    assert question_keys(second) == (*answers, Key.BACK, Key.LEAVE, Key.NEXT)


def test_the_first_press_only_shows_the_mark_and_without_keys_there_is_none() -> None:
    assert moved(None, ("a", "b"), RIGHT, "es") == 0
    assert moved(None, (), RIGHT, "es") is None


@pytest.mark.parametrize(("language", "right"), [("es", 1), ("ar", 4), ("ar-eg", 4), ("pt", 1)])
def test_the_right_button_goes_right_also_where_one_writes_from_there(
    language: str, right: int
) -> None:
    keys = ("a", "b", "c", "d", "e")
    assert moved(0, keys, RIGHT, language) == right
    assert moved(0, keys, LEFT, language) == 5 - right


@given(start=st.integers(0, 4), presses=st.lists(st.sampled_from((LEFT, RIGHT)), max_size=20))
@settings(deadline=None)
def test_as_many_presses_back_lead_back(start: int, presses: list[Face]) -> None:
    mark: int | None = start
    back = [LEFT if button is RIGHT else RIGHT for button in presses]
    for button in (*presses, *back):
        mark = moved(mark, ("a", "b", "c", "d", "e"), button, "es")
    assert mark == start


@pytest.mark.parametrize(
    ("kind", "before", "value", "after"),
    [
        (Kind.STARS, None, 3, 3),
        (Kind.STARS, 3, 4, 4),
        (Kind.STARS, 3, 3, None),
        (Kind.ONE, "a", "b", "b"),
        (Kind.MANY, None, "b", ["b"]),
        (Kind.MANY, ["b"], "a", ["a", "b"]),
        (Kind.MANY, ["a", "b"], "a", ["b"]),
        (Kind.MANY, ["a"], "a", None),
        (Kind.RANKING, ["b"], "a", ["b", "a"]),
        (Kind.RANKING, ["b", "a"], "b", ["a"]),
    ],
)
def test_a_key_gives_an_answer_and_again_takes_it_back(
    kind: Kind, before: Answer | None, value: str | int, after: Answer | None
) -> None:
    assert chosen(kind, before, value, ("a", "b", Key.NEXT)) == after


def test_the_first_press_shows_the_mark_and_the_middle_one_chooses_then() -> None:
    mark, keys = Mark(), ("a", "b", Key.DONE)
    assert [mark.press(keys, MIDDLE, "es"), mark.at] == [None, 0]
    assert [mark.press(keys, LEFT, "es"), mark.at] == [None, 2]
    assert [mark.press(keys, MIDDLE, "es"), mark.at] == [Key.DONE, 2]


def test_where_keys_have_gone_the_mark_is_on_the_last_and_chooses_that() -> None:
    mark = Mark()
    mark.at = 4
    assert mark.within(("a", "b")) == 1
    assert mark.press(("a", "b"), MIDDLE, "es") == "b"
    assert mark.within(()) is None
    assert mark.press((), MIDDLE, "es") is None
