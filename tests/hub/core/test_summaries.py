"""The figures of a question: by hand, by the books, and honest where all agree."""

from __future__ import annotations

import random
from math import factorial, isclose

import pytest

from hub.core.results import Sum
from hub.core.summaries import Estimate, mean, nps, summary_of
from shared.questions import Kind
from shared.walking import SCALE, STARS
from tests.shared.questionnaires import EVERY_KIND

BY_NAME = {one.id: one for one in EVERY_KIND.questions}


def test_nobody_has_no_figures() -> None:
    for question in EVERY_KIND.questions:
        summary = summary_of(question, Sum())
        assert (summary.n, summary.bars, summary.mean, summary.ranks) == (0, (), None, ())


def test_a_mean_by_students_t() -> None:
    # Student's own ten nights of sleep have t(9) = 2.262; here 1..5 twice: mean 3, s² 20/9
    found = mean(dict.fromkeys(STARS, 2), STARS)
    assert found is not None
    assert found.value == 3
    assert isclose(found.margin, 2.262157 * (20 / 9 / 10) ** 0.5, rel_tol=1e-5)


@pytest.mark.parametrize(("n", "margin"), [(100, 15.3), (400, 7.7), (1000, 4.8)])
def test_the_margin_of_the_nps_is_about_the_one_of_the_books(n: int, margin: float) -> None:
    found = nps({10: n // 2, 8: 3 * n // 10, 0: n // 5})
    assert found is not None
    assert isclose(found.value, 30)
    assert margin - 0.2 < found.margin < margin + 0.05


def held(n: int, promoters: float, detractors: float) -> float:
    """How likely the interval of n answers holds the truth: every outcome, one by one."""
    passive, truth, sure = 1 - promoters - detractors, 100 * (promoters - detractors), 0.0
    for more in range(n + 1):
        for less in range(n - more + 1):
            found = nps({10: more, 8: n - more - less, 0: less})
            assert found is not None
            if found.low - 1e-9 <= truth <= found.high + 1e-9:
                ways = factorial(n) / factorial(more) / factorial(less) / factorial(n - more - less)
                sure += ways * promoters**more * detractors**less * passive ** (n - more - less)
    return sure


@pytest.mark.parametrize("n", [5, 10, 20, 50])
@pytest.mark.parametrize(
    ("promoters", "detractors"), [(0.5, 0.2), (0.8, 0.05), (0.9, 0.02), (0.95, 0.01), (0.3, 0.01)]
)
def test_the_interval_of_the_nps_holds_what_it_says(
    n: int, promoters: float, detractors: float
) -> None:
    assert held(n, promoters, detractors) > 0.915


def test_one_who_thinks_otherwise_makes_nothing_surer() -> None:
    agreed, nearly = nps({10: 100}), nps({10: 99, 8: 1})
    assert agreed is not None
    assert nearly is not None
    assert nearly.low < agreed.low


def test_nine_and_ten_promote_and_seven_and_eight_are_neither() -> None:
    found = nps({9: 1, 10: 1, 7: 1, 8: 1, 6: 1, 0: 1})
    assert found is not None
    assert found.value == 0


@pytest.mark.parametrize("n", [5, 50])
def test_where_all_agree_the_interval_is_not_nothing(n: int) -> None:
    same, best = mean({4: n}, STARS), nps({10: n})
    assert same is not None
    assert best is not None
    assert 1 < same.low < same.value == 4 < same.high < 5
    assert best.low < best.value == best.high == 100
    assert (best.low > 80) == (n == 50)


def test_one_answer_has_no_interval() -> None:
    assert mean({3: 1}, STARS) is None
    assert nps({3: 1}) is None


def test_shares_of_several_choices_are_of_people_and_may_be_more_than_all() -> None:
    summary = summary_of(BY_NAME["bought"], Sum(10, {"bread": 9, "fish": 6}))
    assert [(bar.key, bar.share.part, bar.share.whole) for bar in summary.bars] == [
        ("bread", 9, 10),
        ("fruit", 0, 10),
        ("fish", 6, 10),
    ]


def test_ranks_are_mean_places_with_the_best_first() -> None:
    counts = {"price:1": 6, "price:2": 4, "range:2": 6, "range:1": 4, "service:3": 10}
    ranks = summary_of(BY_NAME["order"], Sum(10, counts)).ranks
    assert [rank.key for rank in ranks] == ["price", "range", "service"]
    assert isclose(ranks[0].place.value, 1.4)
    assert ranks[0].place.low >= 1
    assert ranks[2].place.high <= 3


def test_faces_have_an_index_and_stars_none() -> None:
    assert summary_of(BY_NAME["mood"], Sum(10, {"happy": 8, "sad": 2})).index is not None
    assert summary_of(BY_NAME["tidy"], Sum(10, {"5": 10})).index is None


@pytest.mark.parametrize("kind", [Kind.SCALE, Kind.STARS])
def test_the_intervals_hold_what_they_promise(kind: Kind) -> None:
    chance = random.Random(kind.value)
    scale = list(SCALE if kind is Kind.SCALE else STARS)
    weights = [1 + (number - 3) ** 2 for number in scale]
    truth = sum(n * w for n, w in zip(scale, weights, strict=True)) / sum(weights)
    held = 0
    for _ in range(400):
        drawn = chance.choices(scale, weights, k=40)
        found = mean({n: drawn.count(n) for n in scale}, scale)
        assert isinstance(found, Estimate)
        held += found.low <= truth <= found.high
    assert held / 400 > 0.92
