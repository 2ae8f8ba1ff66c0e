"""The index: exact moments, an interval that covers, and sums that undo each other."""

from __future__ import annotations

import random
from collections.abc import Iterator
from math import comb, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.core.satisfaction import Index, Tally, index, mean_score, posterior
from shared.visits import Face

counts = st.integers(0, 10_000)
tallies = st.builds(Tally, counts, counts, counts, counts, counts, counts, counts)

ORDINARY = [  # sad, neutral, happy as shops see them, and some that are worse than any shop
    (0.11, 0.21, 0.68),
    (0.05, 0.10, 0.85),
    (0.15, 0.15, 0.70),
    (0.30, 0.30, 0.40),
    (1 / 3, 1 / 3, 1 / 3),
    (0.50, 0.20, 0.30),
]


def every(n: int) -> Iterator[Tally]:
    return (
        Tally(sad=s, neutral=m, happy=n - s - m) for s in range(n + 1) for m in range(n + 1 - s)
    )


def chance(tally: Tally, sad: float, neutral: float, happy: float) -> float:
    ways = comb(tally.answered, tally.sad) * comb(tally.neutral + tally.happy, tally.neutral)
    return ways * sad**tally.sad * neutral**tally.neutral * happy**tally.happy


def coverage(indices: dict[Tally, Index], sad: float, neutral: float, happy: float) -> float:
    true = 50 * neutral + 100 * happy
    hits = (tally for tally, index in indices.items() if index.low <= true <= index.high)
    return sum(chance(tally, sad, neutral, happy) for tally in hits)


def indices(n: int) -> dict[Tally, Index]:
    return {tally: found for tally in every(n) if (found := index(tally))}


@given(tallies, tallies, tallies)
def test_tallies_add_in_any_order_and_can_be_taken_away(a: Tally, b: Tally, c: Tally) -> None:
    assert a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a + b - b == a
    assert a + Tally() == a
    assert (a + b).answered == a.answered + b.answered
    assert a.asked == a.answered + a.skipped + a.timed_out + a.blocked
    assert sum(a.of(face) for face in Face) == a.answered


def test_without_an_answer_there_is_no_index_and_never_a_nan() -> None:
    assert index(Tally()) is None
    assert index(Tally(sales=40, skipped=3, timed_out=37)) is None


@given(tallies.filter(lambda tally: tally.answered > 0))
def test_the_index_lies_inside_its_interval_and_inside_0_to_100(tally: Tally) -> None:
    found = index(tally)
    assert found is not None
    assert 0 <= found.low < found.value < found.high <= 100
    assert all(isfinite(number) for number in (found.low, found.value, found.high))
    assert found.n == tally.answered


@given(tallies.filter(lambda tally: tally.answered > 0))
def test_happy_and_sad_are_mirror_images(tally: Tally) -> None:
    mirrored = Tally(sad=tally.happy, neutral=tally.neutral, happy=tally.sad)
    one, other = index(tally), index(mirrored)
    assert one is not None
    assert other is not None
    assert one.value == pytest.approx(100 - other.value)
    assert one.low == pytest.approx(100 - other.high, abs=1e-6)


def test_the_moments_are_those_of_drawn_dirichlet_variables() -> None:
    draw, tally = random.Random(7), Tally(sad=3, neutral=2, happy=9)
    scores = []
    for _ in range(40_000):
        sad, neutral, happy = (draw.gammavariate(count + 0.5, 1) for count in (3, 2, 9))
        scores.append((neutral / 2 + happy) / (sad + neutral + happy))
    mean = sum(scores) / len(scores)
    variance = sum((score - mean) ** 2 for score in scores) / len(scores)
    expected_mean, expected_variance = posterior(tally)
    assert expected_mean == pytest.approx(mean, abs=0.002)
    assert expected_variance == pytest.approx(variance, rel=0.03)


def test_the_interval_is_that_of_drawn_dirichlet_variables_within_half_a_point() -> None:
    draw, tally = random.Random(8), Tally(sad=6, neutral=11, happy=33)
    scores = []
    for _ in range(40_000):
        sad, neutral, happy = (draw.gammavariate(count + 0.5, 1) for count in (6, 11, 33))
        scores.append(100 * (neutral / 2 + happy) / (sad + neutral + happy))
    scores.sort()
    found = index(tally)
    assert found is not None
    assert found.low == pytest.approx(scores[1000], abs=0.5)
    assert found.high == pytest.approx(scores[-1000], abs=0.5)


@pytest.mark.parametrize("n", [5, 6, 8, 12, 20])
def test_the_95_percent_interval_covers_the_truth_in_92_to_98_of_100_cases(n: int) -> None:
    found = indices(n)
    for truth in ORDINARY:
        assert 0.92 <= coverage(found, *truth) <= 0.98, truth


@pytest.mark.parametrize("n", [5, 10, 20])
def test_over_every_possible_shop_it_covers_95_of_100_on_average(n: int) -> None:
    found = indices(n)
    shops = [(s / 20, m / 20, 1 - (s + m) / 20) for s in range(1, 19) for m in range(1, 20 - s)]
    hit = [coverage(found, *shop) for shop in shops]
    assert sum(hit) / len(hit) == pytest.approx(0.95, abs=0.006)
    assert min(hit) > 0.88  # whole people: no interval without randomness does better everywhere


def test_the_figure_of_the_design_comes_out() -> None:
    found = index(Tally(sad=141, neutral=270, happy=873))
    assert found is not None
    assert (round(found.value, 1), round((found.high - found.low) / 2, 1)) == (78.5, 1.9)
    assert mean_score(Tally(sad=1, happy=3)) == 0.75
