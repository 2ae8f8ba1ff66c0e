"""Where marks stand on the charts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.satisfaction import Index, Tally
from hub.core.views import HourState
from hub.web.charts import BOTTOM, TOP, day_chart, level, scale_of, shade, usual_range
from tests.fakes.reports import HandmadeReports, index
from tests.hub.web.building import CENTRO, NOW, STORES

VIEW = HandmadeReports(STORES).today(CENTRO, NOW)


def test_the_index_stands_between_top_and_bottom() -> None:
    assert [level(0), level(100), level(50)] == [BOTTOM, TOP, (BOTTOM + TOP) / 2]
    assert [level(-20), level(120)] == [BOTTOM, TOP]


def test_bars_rest_on_the_ground_and_rise_with_the_answers() -> None:
    chart = day_chart(VIEW.bars)
    for column in chart.columns:
        if column.blocks:
            assert column.blocks[0].y + column.blocks[0].height == pytest.approx(BOTTOM, abs=1.2)
    tops = {c.bar.hour_of_day: min(b.y for b in c.blocks) for c in chart.columns if c.blocks}
    assert min(tops, key=lambda hour: tops[hour]) == 17  # the hour with most answers
    assert chart.columns[-1].blocks == ()  # still to come


def test_only_hours_that_are_over_have_a_dot_and_neighbours_a_line() -> None:
    chart = day_chart(VIEW.bars)
    assert [c.bar.hour_of_day for c in chart.columns if c.dot] == list(range(9, 19))
    assert len(chart.lines) == 9
    hole = replace(VIEW.bars[3], index=None, tally=None, hidden=True)
    assert len(day_chart((*VIEW.bars[:3], hole, *VIEW.bars[4:])).lines) == 7


def test_the_band_is_broken_where_nothing_is_known_to_be_usual() -> None:
    gap = replace(VIEW.bars[5], usual=None)
    assert len(day_chart((*VIEW.bars[:5], gap, *VIEW.bars[6:])).bands) == 2
    assert day_chart([replace(bar, usual=None) for bar in VIEW.bars]).bands == ()


def test_the_usual_is_at_least_as_wide_as_the_doubt_about_its_mean() -> None:
    usual = VIEW.usual
    assert usual is not None
    low, high = usual_range(usual)
    assert low <= usual.low
    assert high >= usual.high
    calm = replace(usual, spread=0.0)
    assert usual_range(calm) == pytest.approx((usual.low, usual.high))


def test_an_empty_day_is_drawn_without_a_fault() -> None:
    assert day_chart([]).columns == ()
    to_come = [replace(b, tally=None, index=None, state=HourState.TO_COME) for b in VIEW.bars]
    assert day_chart(to_come).lines == ()


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 10**9)] * 3), min_size=1, max_size=25))
def test_every_mark_stays_inside_whatever_the_counts(counts: list[tuple[int, int, int]]) -> None:
    bars = [
        replace(VIEW.bars[0], tally=Tally(0, sad, neutral, happy)) for sad, neutral, happy in counts
    ]
    for column in day_chart(bars).columns:
        assert 0 <= column.left <= column.left + column.width <= 100.01
        for block in column.blocks:
            assert TOP < block.y <= BOTTOM
            assert block.height > 0


def test_a_scale_has_room_for_every_interval_and_is_never_narrow() -> None:
    scale = scale_of(VIEW.registers, VIEW.index)
    for row in VIEW.registers:
        if row.index:
            assert 0 < scale.x(row.index.low) < scale.x(row.index.high) < 100
    assert len(scale.ticks) >= 2
    alone = scale_of([], Index(80.0, 79.9, 80.1, 10**6))
    assert alone.high - alone.low == pytest.approx(30)
    assert (scale_of([], None).low, scale_of([], None).high) == (0, 100)


@pytest.mark.parametrize(
    ("value", "expected"), [(50, 0), (70, 1), (74, 2), (78, 3), (82, 4), (87, 5), (95, 6)]
)
def test_a_heat_cell_is_shaded_by_its_distance_from_the_whole(value: float, expected: int) -> None:
    whole = index(78.0, 0.5, 10_000)
    assert shade(index(value, 0.1, 100), whole) == expected
    assert shade(index(value, 40, 5), whole) in (2, 3, 4)  # cannot be told apart: no strong shade
    assert shade(index(value, 0.1, 100), None) == 3
