"""The arithmetic of the soak: a slope that is there is found, one that is not is not."""

from __future__ import annotations

import math
import random

import pytest

from tests.drills.slope import blocks, theil_sen


def test_a_line_has_its_slope_and_a_narrow_interval() -> None:
    found = theil_sen([[(x, 3 * x + 7) for x in range(12)]])
    assert (found.middle, found.low, found.high) == (3, 3, 3)


def test_a_step_and_an_outlier_do_not_sway_it() -> None:
    flat = [(x, 50.0) for x in range(30)]
    assert theil_sen([[*flat, (30, 900.0)]]).middle == 0
    assert theil_sen([[*flat, *((x, 51.0) for x in range(30, 35))]]).middle == 0


def test_lines_that_begin_at_different_heights_share_their_slope() -> None:
    first, second = [(x, 2.0 * x) for x in range(8)], [(x, 100 + 2.0 * x) for x in range(8)]
    assert theil_sen([first, second]).middle == 2


def test_the_interval_holds_the_true_slope_as_often_as_it_says() -> None:
    dice, held = random.Random(1), 0
    for _ in range(300):
        line = [(x, 0.5 * x + dice.gauss(0, 1)) for x in range(20)]
        found = theil_sen([line])
        held += found.low <= 0.5 <= found.high
    assert 0.92 <= held / 300 <= 0.99


def test_of_too_few_points_nothing_is_claimed() -> None:
    assert math.isnan(theil_sen([[(0, 1)]]).middle)
    few = theil_sen([[(0, 1), (1, 2)]])
    assert (few.low, few.high) == (-math.inf, math.inf)


def test_blocks_are_means() -> None:
    assert blocks([(0, 1), (4, 3), (5, 10), (9, 20)], 5) == [(2, 2), (7, 15)]
    assert blocks([], 5) == []


@pytest.mark.parametrize("growth", [0.0, 4.0])
def test_a_leak_of_four_megabytes_a_day_is_seen_in_two_hours(growth: float) -> None:
    dice = random.Random(2)
    points = [
        (s / 86_400, 60 + growth * s / 86_400 + dice.gauss(0, 0.02)) for s in range(900, 7200, 20)
    ]
    found = theil_sen([blocks(points, 300 / 86_400)])
    assert found.low <= growth <= found.high
    assert (found.low > 1) == (growth > 1)
