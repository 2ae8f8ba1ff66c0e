"""Shares and differences: against printed values, exact coverage, and what no share can be."""

from __future__ import annotations

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.intervals import (
    Share,
    index_difference,
    jeffreys,
    response,
    response_of_asked,
    share_difference,
    wilson,
)
from hub.core.satisfaction import Tally

METHODS = pytest.mark.parametrize("method", [wilson, jeffreys])


def share(part: int, whole: int) -> Share:
    found = wilson(part, whole)
    assert found is not None
    return found


@METHODS
@pytest.mark.parametrize(("part", "whole"), [(0, 0), (3, 2), (-1, 5)])
def test_what_is_no_share_has_none(method: type, part: int, whole: int) -> None:
    assert method(part, whole) is None


@pytest.mark.parametrize(  # Newcombe (1998), Statistics in Medicine 17, 857–872, table I
    ("part", "whole", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_the_printed_table(
    part: int, whole: int, low: float, high: float
) -> None:
    found = share(part, whole)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@METHODS
@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_lies_inside_its_interval_inside_0_to_1(method: type, part: int, more: int) -> None:
    found = method(part, part + more)
    assert 0 <= found.low <= found.value <= found.high <= 1
    mirrored = method(more, part + more)
    assert found.low == pytest.approx(1 - mirrored.high, abs=1e-9)


@METHODS
@pytest.mark.parametrize("whole", [5, 10, 20, 50])
def test_95_percent_intervals_cover_95_of_100_on_average(method: type, whole: int) -> None:
    found = [method(part, whole) for part in range(whole + 1)]
    hits = []
    for truth in [place / 100 for place in range(2, 99)]:
        hits.append(
            sum(
                comb(whole, part) * truth**part * (1 - truth) ** (whole - part)
                for part in range(whole + 1)
                if found[part].low <= truth <= found[part].high
            )
        )
    assert 0.94 <= sum(hits) / len(hits) <= 0.97
    assert min(hits) > 0.82


def test_the_response_rate_is_answered_over_sales_and_over_asked() -> None:
    tally = Tally(sales=4142, sad=141, neutral=270, happy=873, skipped=1000, timed_out=1716)
    of_sales, of_asked = response(tally), response_of_asked(tally)
    assert of_sales is not None
    assert of_asked is not None
    assert round(of_sales.value, 2) == 0.31
    assert of_asked.whole == 4000
    assert response(Tally(happy=9)) is None  # a point without a till
    assert response(Tally(sales=1, happy=2)) is None  # a sale was lost: no share


def test_newcombes_difference_agrees_with_his_printed_example() -> None:
    found = share_difference(share(56, 70), share(48, 80))  # table II (a), method 10
    assert (round(found.low / 100, 4), round(found.high / 100, 4)) == (0.0524, 0.3339)
    assert found.value == pytest.approx(20)


def test_no_difference_between_two_full_shares() -> None:
    found = share_difference(share(5, 5), share(9, 9))
    assert (found.value, found.p) == (0, 1)


def test_a_difference_needs_answers_on_both_sides() -> None:
    assert index_difference(Tally(happy=3), Tally(sales=9)) is None
    assert index_difference(Tally(), Tally(happy=3)) is None


counts = st.integers(0, 200)
answered = st.builds(Tally, sad=counts, neutral=counts, happy=counts).filter(
    lambda t: t.answered > 0
)


@given(answered, answered)
def test_a_difference_turned_round_changes_its_sign_alone(one: Tally, other: Tally) -> None:
    there, back = index_difference(one, other), index_difference(other, one)
    assert there is not None
    assert back is not None
    assert there.value == pytest.approx(-back.value)
    assert there.low == pytest.approx(-back.high)
    assert there.p == pytest.approx(back.p)
    assert there.low <= there.value <= there.high


def test_the_difference_of_two_indices_covers_the_truth() -> None:
    draw, hits, alarms = random.Random(11), 0, 0
    for _ in range(1_000):
        one, other = drawn(draw, 25, (0.1, 0.2, 0.7)), drawn(draw, 60, (0.1, 0.2, 0.7))
        found = index_difference(one, other)
        assert found is not None
        hits += found.low <= 0 <= found.high
        alarms += found.p < 0.05
    assert 0.92 <= hits / 1_000 <= 0.98
    assert 0.02 <= alarms / 1_000 <= 0.08


def drawn(draw: random.Random, n: int, shop: tuple[float, float, float]) -> Tally:
    faces = draw.choices(("sad", "neutral", "happy"), shop, k=n)
    return Tally(sad=faces.count("sad"), neutral=faces.count("neutral"), happy=faces.count("happy"))
