"""What a week tells, and that nobody finds anybody by taking one range from another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.results import (
    INPUT,
    LANGUAGE,
    PARTS,
    RESPONSES,
    WHOLE,
    Line,
    Sum,
    Sums,
    added,
    close_week,
    counted_as,
    sums_of,
)
from shared.moments import Moment
from shared.places import PointId
from shared.questionnaires import Answer, Response
from shared.questions import Kind
from shared.visits import Input
from tests.shared.questionnaires import EVERY_KIND, question, questionnaire

FLOOR = 5
AT = Moment(1, 1, True)
SMALL = questionnaire(question("tidy", Kind.STARS), question("more", Kind.TEXT))


def response(
    answers: dict[str, Answer],
    language: str = "es",
    entered: Input = Input.TOUCH,
    *,
    complete: bool = True,
) -> Response:
    return Response(
        PointId("caja-1"), "b" * 32, "q", 1, language, entered, AT, AT, complete, answers
    )


def some(n: int, language: str = "es", stars: int = 4, text: str | None = None) -> list[Response]:
    more: dict[str, Answer] = {} if text is None else {"more": text}
    return [response({"tidy": stars, **more}, language) for _ in range(n)]


def sums(*responses: list[Response]) -> Sums:
    return sums_of(SMALL, [one for several in responses for one in several])


def test_each_kind_is_counted_by_its_answers() -> None:
    kinds = {one.id: one for one in EVERY_KIND.questions}
    assert counted_as(kinds["mood"], "sad") == ["sad"]
    assert counted_as(kinds["friend"], 10) == ["10"]
    assert counted_as(kinds["bought"], ["bread", "fish"]) == ["bread", "fish"]
    assert counted_as(kinds["order"], ["range", "price"]) == ["range:1", "price:2"]
    assert counted_as(kinds["more"], "text") == []


def test_everybody_is_counted_whole_and_by_parts() -> None:
    found = sums_of(
        SMALL,
        [response({"tidy": 5}), response({"tidy": 1}, "en", Input.WEB, complete=False)],
    )
    assert found[Line("tidy")] == Sum(2, {"5": 1, "1": 1})
    assert found[Line("tidy", LANGUAGE, "en")] == Sum(1, {"1": 1})
    assert found[Line("tidy", INPUT, "phone")] == Sum(1, {"1": 1})
    assert found[Line("tidy", WHOLE, "complete")] == Sum(1, {"5": 1})
    assert found[Line(RESPONSES)] == Sum(2, {"complete": 1, "partial": 1})


def test_a_question_under_the_floor_waits_and_joins_the_next_week() -> None:
    first = close_week(SMALL, sums(some(4)), {}, {}, FLOOR)
    assert (first.told, first.held) == ({}, {})
    second = close_week(SMALL, sums(some(3)), first.waiting, first.held, FLOOR)
    assert second.told[Line("tidy")] == Sum(7, {"4": 7})
    assert second.waiting == {}


def test_texts_need_ten() -> None:
    nine = close_week(SMALL, sums(some(9, text="x")), {}, {}, FLOOR)
    assert Line("tidy") in nine.told
    assert Line("more") not in nine.told
    ten = close_week(SMALL, sums(some(1, text="x"), some(5)), nine.waiting, nine.held, FLOOR)
    assert ten.told[Line("more")].n == 10


def test_a_small_part_takes_another_one_with_it_until_it_is_large_enough() -> None:
    first = close_week(SMALL, sums(some(30), some(2, "ar")), {}, {}, FLOOR)
    assert Line("tidy", LANGUAGE, "es") not in first.told
    second = close_week(SMALL, sums(some(20), some(3, "ar")), first.waiting, first.held, FLOOR)
    assert second.told[Line("tidy", LANGUAGE, "es")].n == 50
    assert second.told[Line("tidy", LANGUAGE, "ar")].n == 5
    assert not [line for line in second.held if line.part == LANGUAGE]


weeks = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["es", "en", "ar"]),
            st.sampled_from([Input.TOUCH, Input.WEB]),
            st.booleans(),
            st.integers(1, 5),
        ),
        max_size=14,
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, deadline=None)
@given(weeks, st.sampled_from([3, 5]))
def test_no_two_ranges_differ_by_fewer_than_the_floor(
    weeks: list[list[tuple[str, Input, bool, int]]], floor: int
) -> None:
    told = walk(weeks, floor)
    for line in {line for sums in told for line in sums}:
        sizes = [sums[line].n if line in sums else 0 for sums in told]
        ends = combinations(range(len(sizes) + 1), 2)
        for (a, b), (c, d) in product(list(ends), repeat=2):
            if a <= c and d <= b:  # one within the other: what lies between is people
                between = sum(sizes[a:b]) - sum(sizes[c:d])
                assert between == 0 or between >= floor, line
    for part in PARTS:
        never_narrowed(told, part, floor)


def never_narrowed(told: list[Sums], part: str, floor: int) -> None:
    """What everybody's figure has beyond a part's is nobody's or a floor's, after every week."""
    beyond = 0
    for sums in told:
        shown = [
            one.n for line, one in sums.items() if (line.question, line.part) == ("tidy", part)
        ]
        assert all(n >= floor for n in shown)
        beyond += (sums[Line("tidy")].n if Line("tidy") in sums else 0) - sum(shown)
        assert beyond == 0 or beyond >= floor


def walk(weeks: list[list[tuple[str, Input, bool, int]]], floor: int) -> list[Sums]:
    held: Sums = {}
    waiting: Sums = {}
    found, total = [], Sums()
    for week in weeks:
        fresh = sums_of(
            SMALL,
            [response({"tidy": n}, lang, by, complete=done) for lang, by, done, n in week],
        )
        closing = close_week(SMALL, fresh, waiting, held, floor)
        held, waiting = closing.held, closing.waiting
        found.append(closing.told)
        total = added(total, fresh)
        assert added(*found, held, waiting) == total or not_lost(
            added(*found, held, waiting), total
        )
    return found


def not_lost(one: Sums, other: Sums) -> bool:
    return {line: it.n for line, it in one.items() if it.n} == {
        line: it.n for line, it in other.items() if it.n
    }


@pytest.mark.parametrize("seed", range(10))
def test_over_no_range_of_weeks_do_the_parts_leave_fewer_than_the_floor(seed: int) -> None:
    """Everybody gives an answer of his own: so what is left says whose answers it holds."""
    chance = random.Random(seed)
    for _ in range(40):
        told = list(crowds(chance, 8))
        for a, b in combinations(range(len(told) + 1), 2):
            left: dict[str, int] = {}
            for sums in told[a:b]:
                for line, one in sums.items():
                    sign = 1 if line == Line("tidy") else -1
                    for whose, times in one.counts.items():
                        left[whose] = left.get(whose, 0) + sign * times
            people = sum(map(bool, left.values()))
            assert people == 0 or people >= FLOOR, f"weeks {a} to {b}"


def crowds(chance: random.Random, weeks: int) -> Iterator[Sums]:
    held: Sums = {}
    waiting: Sums = {}
    for week in range(weeks):
        fresh: Sums = {}
        for number in range(chance.choice((0, 1, 2, 4, 5, 7, 12, 20))):
            tongue = chance.choices(["es", "en", "ar", "pt"], [70, 20, 7, 3])[0]
            alone = Sum(1, {f"{week}/{number}": 1})
            of_one = {Line("tidy"): alone, Line("tidy", LANGUAGE, tongue): alone}
            fresh = added(fresh, of_one)
        closing = close_week(SMALL, fresh, waiting, held, FLOOR)
        held, waiting = closing.held, closing.waiting
        yield closing.told


@pytest.mark.parametrize("seed", range(3))
def test_over_a_year_nearly_everything_is_told(seed: int) -> None:
    chance = random.Random(seed)
    weeks = [
        [
            (
                chance.choices(["es", "en", "ar"], [70, 25, 5])[0],
                chance.choices([Input.TOUCH, Input.WEB], [3, 1])[0],
                chance.random() < 0.7,
                chance.randint(1, 5),
            )
            for _ in range(chance.randint(15, 40))
        ]
        for _ in range(52)
    ]
    told = added(*walk(weeks, FLOOR))
    whole = sum(map(len, weeks))
    assert told[Line("tidy")].n == whole
    for part in PARTS:
        shown = sum(
            one.n for line, one in told.items() if line.question == "tidy" and line.part == part
        )
        assert shown > 0.9 * whole, part
