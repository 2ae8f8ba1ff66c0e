"""Changes to plain fields: nothing given is changed, and every result can be read again."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.defining import fields_of, read
from hub.core.editing import (
    LONGEST_NAME,
    free_name,
    moved,
    named,
    of_kind,
    question_of,
    shifted,
    with_new,
    with_question,
    without_question,
)
from shared.questions import CHOOSING, Kind
from shared.visits import CODE_WORD
from tests.shared.questionnaires import EVERY_KIND

FIELDS = fields_of(EVERY_KIND)
NAMES = [question.id for question in EVERY_KIND.questions]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("¿Cómo fue la visita?", "como-fue-la-visita"),
        ("Would you recommend this store to a friend?", "would-you-recommend-this"),
        ("الانتظار", "otherwise"),
        ("!!!", "otherwise"),
        ("x" * 300, "x" * (LONGEST_NAME - 4)),
        ("taken", "taken-2"),
    ],
)
def test_a_name_is_made_of_what_people_wrote(text: str, name: str) -> None:
    assert named(text, {"taken"}, "otherwise") == name


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=60), st.integers(0, 30))
def test_a_name_is_always_a_word_and_new(text: str, times: int) -> None:
    taken: set[str] = set()
    for _ in range(times):
        name = named(text, taken, "question")
        assert CODE_WORD.fullmatch(name)
        assert name not in taken
        taken.add(name)
    assert free_name("z" * 40, taken) not in taken


def test_a_question_more_stands_at_the_end() -> None:
    before = deepcopy(FIELDS)
    changed, name = with_new(FIELDS, Kind.TEXT, {"es": "¿Algo más?"})
    assert (name, [one["id"] for one in changed["questions"]]) == ("algo-mas", [*NAMES, "algo-mas"])
    assert question_of(changed, name) == {"id": name, "kind": "text", "text": {"es": "¿Algo más?"}}
    assert with_new(changed, Kind.TEXT, {"es": "¡Algo más!"})[1] == "algo-mas-2"
    assert before == FIELDS


def test_what_waited_for_a_question_that_is_taken_away_waits_no_more() -> None:
    more = {**question_of(FIELDS, "more"), "shown_if": [  # type: ignore[dict-item]
        {"question": "mood", "among": ["sad"]}, {"question": "tidy", "among": [1]}
    ]}  # fmt: skip
    changed = without_question(with_question(FIELDS, more), "mood")
    assert [one["id"] for one in changed["questions"]] == NAMES[1:]
    left = question_of(changed, "more")
    assert left is not None
    assert left["shown_if"] == [{"question": "tidy", "among": [1]}]
    assert read(changed, 1).questions[-1].shown_if[0].question == "tidy"


@pytest.mark.parametrize(("step", "place"), [(-9, 0), (-1, 1), (1, 3), (9, 6)])
def test_a_question_moves_as_far_as_there_is_room(step: int, place: int) -> None:
    names = [one["id"] for one in moved(FIELDS, "tidy", step)["questions"]]
    assert names.index("tidy") == place
    assert sorted(names) == sorted(NAMES)
    assert moved(FIELDS, "nobody", step) == FIELDS


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(), min_size=1, max_size=6), st.data())
def test_shifting_there_and_back_changes_nothing(items: list[int], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(items) - 1))
    to = data.draw(st.integers(0, len(items) - 1))
    assert shifted(shifted(items, at, to - at), to, at - to) == items


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("name", NAMES)
def test_any_question_may_become_of_any_kind(name: str, kind: Kind) -> None:
    before = {**(question_of(FIELDS, name) or {}), "low": {"es": "a"}, "shuffle": True}
    changed = of_kind(before, kind)
    assert changed["kind"] == kind.value
    assert ("choices" in changed) <= (kind in CHOOSING)
    assert ("low" in changed) == (kind in (Kind.SCALE, Kind.STARS))
    read(with_question(FIELDS, changed), 1)
