"""Comparisons: they find what is there, and raise few alarms where nothing is."""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.comparing import (
    LEVEL,
    against_usual,
    alike,
    compare,
    holm,
    letters,
    usual,
    verdict,
    verdicts,
)
from hub.core.intervals import means_p
from hub.core.satisfaction import Tally
from hub.core.views import Verdict
from shared.places import PointId

SHOP = (0.11, 0.21, 0.68)


def drawn(draw: random.Random, n: int, shop: tuple[float, ...] = SHOP) -> Tally:
    faces = draw.choices(("sad", "neutral", "happy"), shop, k=n)
    return Tally(sad=faces.count("sad"), neutral=faces.count("neutral"), happy=faces.count("happy"))


def wobbly(draw: random.Random, n: int, spread: float) -> Tally:
    happy = min(0.95, max(0.3, draw.gauss(0.68, spread)))
    return drawn(draw, n, (1 - happy, 0, happy))


def test_fewer_than_four_days_are_not_usual() -> None:
    day = Tally(sad=10, neutral=20, happy=70)
    assert usual([day] * 3, 3, 5) is None
    assert usual([day] * 3 + [Tally(happy=4)], 3, 5) is None
    assert usual([day] * 4, 3, 5) is not None


def test_what_is_usual_is_the_mean_of_such_days_with_its_interval() -> None:
    found = usual([Tally(sad=20, happy=80 + day) for day in range(4)], 3, 5)
    assert found is not None
    assert found.low < 80.2 < found.value < 80.5 < found.high
    assert (found.days, found.weekday, found.spread) == (4, 3, 0)


@pytest.mark.parametrize(
    ("spread", "answers"), [(0.0, 150), (0.05, 150), (0.1, 150), (0.0, 10), (0.05, 10)]
)
def test_a_usual_day_is_called_unusual_at_most_one_time_in_twenty(
    spread: float, answers: int
) -> None:
    draw, alarms, inside = random.Random(5), 0, 0
    for _ in range(600):
        before = usual([wobbly(draw, answers, spread) for _ in range(8)], 3, 5)
        assert before is not None
        found = against_usual(wobbly(draw, answers, spread), before)
        assert found is not None
        alarms += found.p < LEVEL
        inside += found.low <= 0 <= found.high
    assert alarms / 600 <= 0.07  # 0.05, and the chance of 600 drawings
    assert inside == 600 - alarms


def test_a_day_that_is_really_worse_is_found() -> None:
    draw = random.Random(6)
    before = usual([drawn(draw, 300) for _ in range(8)], 3, 5)
    found = compare(drawn(draw, 200, (0.4, 0.2, 0.4)), before)
    assert found is not None
    assert found.verdict is Verdict.BELOW
    assert found.difference.high < 0


def test_nothing_is_compared_with_nothing() -> None:
    assert compare(Tally(happy=9), None) is None
    assert compare(Tally(), usual([Tally(happy=9, sad=2)] * 5, 0, 5)) is None
    assert means_p(Tally(), Tally(happy=1)) is None


def test_holms_printed_example_comes_out() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([None, 0.5, None]) == [None, 0.5, None]
    assert holm([]) == []


@given(st.lists(st.one_of(st.none(), st.floats(0, 1))))
def test_correction_never_makes_anything_more_certain(chances: list[float | None]) -> None:
    for before, after in zip(chances, holm(chances), strict=True):
        assert (before is None) == (after is None)
        assert before is None or after is None or before <= after <= 1


def test_ten_equal_registers_are_told_apart_in_few_shops() -> None:
    draw, shops = random.Random(9), 0
    for _ in range(300):
        found = verdicts([drawn(draw, 20) for _ in range(10)])
        shops += any(one in (Verdict.ABOVE, Verdict.BELOW) for one in found)
    assert shops / 300 <= 0.08  # a bare ranking would name a worst one in every one of them


def test_a_register_that_is_really_worse_is_told_apart() -> None:
    good, bad = Tally(sad=20, neutral=40, happy=140), Tally(sad=80, neutral=40, happy=80)
    assert verdicts([good, good, bad, None]) == [
        Verdict.ABOVE,
        Verdict.ABOVE,
        Verdict.BELOW,
        Verdict.UNKNOWN,
    ]
    assert verdicts([good]) == [Verdict.UNKNOWN]
    assert verdict(0, 0.001) is Verdict.ALIKE


def named(*parts: Tally) -> dict[PointId, Tally]:
    return {PointId(f"caja-{place}"): part for place, part in enumerate(parts, 1)}


def test_groups_overlap_where_the_middle_one_is_like_both_ends() -> None:
    low, middle, high = Tally(sad=30, happy=70), Tally(sad=4, happy=16), Tally(sad=10, happy=90)
    groups = alike(named(low, middle, high))
    assert groups == (("caja-1", "caja-2"), ("caja-2", "caja-3"))
    assert [letters(groups, PointId(f"caja-{place}")) for place in (1, 2, 3)] == ["a", "ab", "b"]


def test_points_without_answers_belong_to_no_group() -> None:
    assert alike({}) == ()
    assert alike(named(Tally(), Tally(happy=3))) == (("caja-2",),)


counts = st.integers(0, 300)
parts = st.lists(st.builds(Tally, sad=counts, happy=counts), max_size=9)


@given(parts)
@settings(deadline=None)
def test_who_shares_a_letter_cannot_be_told_apart_and_the_others_can(parts: list[Tally]) -> None:
    tallies = {point: tally for point, tally in named(*parts).items() if tally.answered}
    groups, pairs = alike(tallies), list(combinations(tallies, 2))
    corrected = holm([means_p(tallies[one], tallies[other]) for one, other in pairs])
    for (one, other), p in zip(pairs, corrected, strict=True):
        together = bool(set(letters(groups, one)) & set(letters(groups, other)))
        assert p is not None
        assert together == (p >= LEVEL)
    assert {point for group in groups for point in group} == set(tallies)
    assert not any(set(one) < set(other) for one in groups for other in groups)


def test_many_groups_run_out_of_letters_but_not_of_names() -> None:
    groups = [(PointId("caja-1"),)] * 27
    assert letters(groups, PointId("caja-1")).endswith("z[27]")
