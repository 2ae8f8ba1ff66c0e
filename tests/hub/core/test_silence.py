"""Silence: what is usual, how long a run must be, and what is news of a point."""

from __future__ import annotations

import random
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import HOUR_MS
from hub.core.silence import (
    FALSE_A_DAY,
    LEAST_SALES,
    LEAST_SHAPE,
    MOST_EXPECTED,
    MOST_SHAPE,
    UNKNOWN,
    Hour,
    Usual,
    news,
    usual,
)
from hub.core.tallying import COLUMNS
from shared.places import PointId

CAJA = PointId("caja-1")


def weeks(rate: float, *, sales: int = 40, shape: float | None = None, seed: int = 1) -> list[Hour]:
    """Four weeks of twelve hours; with a shape the rate is another one in each shift of four."""
    dice, hours = random.Random(seed), list[Hour]()
    for day in range(28):
        for hour in range(12):
            if hour % 4 == 0:
                now = rate if shape is None else min(0.95, dice.gammavariate(shape, rate / shape))
            touched = sum(dice.random() < now for _ in range(sales))
            hours.append(Hour((24 * day + hour) * HOUR_MS, sales, touched))
    return hours


def threshold(known: Usual) -> int:
    return next(sales for sales in range(1, 10_000) if known.is_silent(sales))


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.25, 0.5])
@pytest.mark.parametrize("shape", [None, 8.0, 3.0])
def test_a_silence_is_told_within_30_expected_answers(rate: float, shape: float | None) -> None:
    own = weeks(rate, shape=shape)
    known = usual(own, own)
    assert known.rate == pytest.approx(rate, rel=0.35)
    assert threshold(known) * known.rate <= MOST_EXPECTED + 1


def test_a_steady_register_is_told_sooner_than_one_that_varies() -> None:
    steady, varies = weeks(0.25), weeks(0.25, shape=6.0)
    assert threshold(usual(steady, steady)) < threshold(usual(varies, varies))


def test_the_run_itself_is_not_part_of_what_is_usual() -> None:
    own = weeks(0.25)
    silent = [Hour(28 * 24 * HOUR_MS + hour * HOUR_MS, 40, 0) for hour in range(4)]
    with_run = usual([*own, *silent], own, run=160)
    assert with_run.rate == pytest.approx(usual(own, own).rate, rel=0.001)
    assert with_run.is_silent(160)


def test_a_register_of_today_has_the_rate_of_its_store() -> None:
    store = weeks(0.3)
    known = usual([Hour(0, 80, 0)], store, run=80)
    assert known.rate == pytest.approx(0.3, rel=0.05)
    assert known.is_silent(80)


def test_where_nobody_knows_anything_it_waits_and_is_told_in_the_end() -> None:
    known = usual([], [])
    assert known.rate == pytest.approx(UNKNOWN)
    assert not known.is_silent(60)
    assert known.is_silent(round(MOST_EXPECTED / UNKNOWN))


def test_a_few_people_in_a_hurry_are_no_silence() -> None:
    known = Usual(rate=0.95, shape=MOST_SHAPE, answers=1)
    assert not known.is_silent(LEAST_SALES - 1)


def test_a_point_that_always_asks_may_have_more_touches_than_sales() -> None:
    own = [Hour(hour * HOUR_MS, 10, 40) for hour in range(60)]
    assert usual(own, own).rate <= 1


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.builds(Hour, st.integers(0, 10**12), st.integers(0, 300), st.integers(0, 300)),
        max_size=30,
    ),
    st.integers(0, 500),
)
def test_whatever_was_counted_there_is_something_usual(hours: list[Hour], run: int) -> None:
    known = usual(hours, hours, run)
    assert 0 < known.rate <= 1
    assert LEAST_SHAPE <= known.shape <= MOST_SHAPE + 1e-9
    assert known.answers >= 1
    assert known.is_silent(max(LEAST_SALES, ceil(MOST_EXPECTED / known.rate) + 1))
    assert not known.is_silent(LEAST_SALES - 1)


def test_ordinary_days_are_called_silent_less_than_once_in_a_thousand() -> None:
    """Measured over 3,000 days whose rate is another one in every shift, as in make bench."""
    dice, false, days = random.Random(3), 0, 0
    for register in range(10):
        own = weeks(0.25, shape=8.0, seed=register)
        most, run = threshold(usual(own, own)), 0
        for _ in range(300 * 3):
            now = min(0.95, dice.gammavariate(8.0, 0.25 / 8.0))
            for _ in range(160):
                run = 0 if dice.random() < now else run + 1
                false += run == most
        days += 300
    assert false <= 3 * days * FALSE_A_DAY  # 3 expected at the most; 9 is chance in 300 runs


def test_news_are_sales_and_touches_and_no_record_that_only_moves() -> None:
    def one(column: str, hour: int = 1, reason: str | None = None) -> tuple[object, ...]:
        return (CAJA, hour, 20251127, 9, column, reason)

    assert news({one("sales"): 3, one("timed_out"): 2}) == {CAJA: (3, False)}  # type: ignore[dict-item]
    assert news({one("timed_out"): 2}) == {}  # type: ignore[dict-item]
    assert news({one("happy", 1): -1, one("happy", 2): 1}) == {}  # type: ignore[dict-item]
    for column in COLUMNS:
        if column not in ("sales", "timed_out"):
            assert news({one("sales"): 3, one(column): 1}) == {CAJA: (3, True)}  # type: ignore[dict-item]
