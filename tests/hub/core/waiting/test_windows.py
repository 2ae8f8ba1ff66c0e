"""Windows of a day: found, looked at, and honest about what cannot be said."""

from __future__ import annotations

import pytest

from hub.core.hours import HOUR_MS
from hub.core.waiting.facts import LineId
from hub.core.waiting.joins import Pace
from hub.core.waiting.whatif import Change, Day, waits
from hub.core.waiting.windows import (
    Opening,
    Seen,
    Wait,
    WhatIf,
    Why,
    Window,
    changes_of,
    judged,
    percentile_of,
    starts_of,
    worst_window,
)
from shared.places import PointId

MINUTE = 60_000
LINE = LineId("line-1")
A, B = PointId("a"), PointId("b")
WINDOW = Window(LINE, 20261121, HOUR_MS, 3 * HOUR_MS)
PACE = Pace(90_000.0, 0.5)


def rush() -> Seen:
    """Three hours in which two registers are short of one: a draw that nobody looked at."""
    joined = tuple(range(0, 3 * HOUR_MS, 42_000))
    plan = (Change(0, 2),)
    drawn = waits(Day(joined, plan, 90_000, 0.5), plan, 99)
    openings = [Opening(0, A, True), Opening(0, B, True)]
    sales = sum(HOUR_MS <= at < 3 * HOUR_MS for at, _ in drawn)
    return Seen([Wait(*one) for one in drawn], openings, sales)


def test_by_hand_the_percentile_is_the_seventeenth_of_twenty() -> None:
    assert percentile_of([Wait(0, n * MINUTE) for n in range(20)], 0.8) == 16 * MINUTE
    assert percentile_of([Wait(0, MINUTE)] * 19, 0.8) is None


def test_by_hand_registers_add_up_as_they_open_and_close() -> None:
    openings = [
        Opening(0, A, True),
        Opening(0, B, False),
        Opening(100, B, True),
        Opening(100, A, False),
        Opening(200, A, True),
        Opening(300, A, True),
    ]
    assert changes_of(openings) == (Change(0, 1), Change(200, 2))
    assert changes_of([]) == ()


def test_the_worst_two_hours_are_found_and_the_earlier_of_two_alike() -> None:
    quiet = [Wait(at * MINUTE, MINUTE) for at in range(0, 240, 2)]
    busy = [Wait(at * MINUTE, 9 * MINUTE) for at in range(240, 360, 2)]
    starts = [hour * HOUR_MS for hour in range(5)]
    assert worst_window([*quiet, *busy], starts, 0.8) == (4 * HOUR_MS, 6 * HOUR_MS)
    assert worst_window(quiet, starts, 0.8) == (0, 2 * HOUR_MS)
    assert worst_window([Wait(at, 0) for at in range(99)], starts, 0.8) is None
    assert worst_window([], starts, 0.8) is None
    assert starts_of([0, HOUR_MS, 2 * HOUR_MS], 3 * HOUR_MS) == [0, HOUR_MS]


def test_one_more_register_would_have_shortened_a_rush() -> None:
    said = judged(WINDOW, rush(), PACE, 0.8)
    assert said.why is Why.NOTHING
    assert said.observed is not None
    assert said.after is not None
    assert said.after < said.observed / 2
    assert said.shoppers >= 150


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (Seen([], [], 0), Why.FEW),
        (rush()._replace(openings=[]), Why.UNSEEN),
        (rush()._replace(sales=300), Why.UNSEEN),
        (rush()._replace(openings=[Opening(0, PointId(str(n)), True) for n in range(12)]),
         Why.UNLIKE),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_not_said(seen: Seen, why: Why) -> None:
    said = judged(WINDOW, seen, PACE, 0.8)
    assert (said.why, said.after) == (why, None)


def test_more_shoppers_than_any_checkout_has_are_not_drawn() -> None:
    seen = rush()
    many = Seen(list(seen.waits) * 20, seen.openings, seen.sales)
    assert judged(WINDOW, many, PACE, 0.8).why is Why.MANY


def test_a_window_keeps_what_was_said_of_it() -> None:
    assert WhatIf(WINDOW, 0, None, None, Why.FEW).worst is False
