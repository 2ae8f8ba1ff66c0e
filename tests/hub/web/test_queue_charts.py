"""Where marks stand on the charts of the page Queue."""

from __future__ import annotations

from dataclasses import replace

from hub.core.hours import HOUR_MS, Hours
from hub.core.ports import Store
from hub.core.queue_views import DayView, LineDay, RegisterDay
from hub.core.waiting.facts import LineId
from hub.core.waiting.history import Span, Told
from hub.web.queue_charts import BOTTOM, MOST_LABELS, TOP, across, hour_rows, level, queue_chart
from shared.places import PointId, StoreId

MINUTE = 60_000
STORE = Store(StoreId("centro-012"), "Centro", "Europe/Madrid", 9, 21)
DAY = 20261119
START = Hours(STORE.zone).day_bounds(DAY)[0] + 9 * HOUR_MS
SPAN = Span(START, START + 10 * HOUR_MS)
LINE = LineId("line-1")


def told(at: int, minutes: int | None = 5, high: float = 6.0) -> Told:
    its = 2.0 * MINUTE, 4.0 * MINUTE, high * MINUTE
    return Told(LINE, START + at * MINUTE, minutes, None, "sales", "agrees", *its, 3.0, 2.0)


def view(*slots: Told) -> DayView:
    registers = (RegisterDay(PointId("caja-1"), "Caja 1", (Span(START, START + HOUR_MS),)),)
    lines = (LineDay(LINE, "Line 1", slots),)
    return DayView(STORE, DAY, True, SPAN, lines, registers, (), ())


def test_times_stand_across_and_minutes_down() -> None:
    assert [across(START + hour * HOUR_MS, SPAN) for hour in (-1, 0, 5, 10, 11)] == [
        0,
        0,
        50,
        100,
        100,
    ]
    assert [level(minutes, 10) for minutes in (0, 10, 99, -1)] == [BOTTOM, TOP, TOP, BOTTOM]


def test_what_was_told_is_a_line_with_gaps_where_nothing_was() -> None:
    slots = (told(4), told(9), told(14, None), told(19), told(34))
    (line,) = queue_chart(view(*slots), SPAN.end).lines
    assert len(line.steps) == len(line.bands) == 3
    first = [point.split(",") for point in line.steps[0].split()]
    assert [float(x) for x, _ in first] == [0, 0.83, 0.83, 1.67]
    assert {y for _, y in first} == {str(level(5, 10))}


def test_nothing_is_drawn_after_now_and_now_is_marked() -> None:
    chart = queue_chart(view(told(4), told(6)), START + 7 * MINUTE)
    last = chart.lines[0].steps[0].split()[-1]
    assert float(last.split(",")[0]) == across(START + 7 * MINUTE, SPAN) == chart.now
    over = replace(view(told(4)), live=False)
    assert queue_chart(over, SPAN.end).now is None


def test_less_than_a_minute_stands_between_none_and_one() -> None:
    chart = queue_chart(view(told(4, 0, 1.0)), SPAN.end)
    y = float(chart.lines[0].steps[0].split()[0].split(",")[1])
    assert level(1, 5) < y < BOTTOM


def test_the_scale_holds_what_was_told_and_a_wide_range_does_not_flatten_it() -> None:
    tops = [
        queue_chart(view(told(4, minutes, high)), SPAN.end).grid[-1][0]
        for minutes, high in ((3, 4), (8, 9), (8, 55), (58, 70))
    ]
    assert tops == [5, 10, 15, 60]
    assert queue_chart(view(), SPAN.end).grid[-1][0] == 5


def test_every_register_has_a_lane_with_a_bar_for_each_span() -> None:
    (lane,) = queue_chart(view(), SPAN.end).lanes
    assert (lane.name, lane.bars) == ("Caja 1", ((0.0, 10.0),))


def test_hours_are_written_as_far_as_there_is_room() -> None:
    ticks = queue_chart(view(), SPAN.end).ticks
    assert [tick.hour for tick in ticks] == [str(hour) for hour in range(9, 19)]
    whole = Span(SPAN.start - 9 * HOUR_MS, SPAN.start + 15 * HOUR_MS)
    hours = [tick.hour for tick in queue_chart(replace(view(), span=whole), SPAN.end).ticks]
    assert len(hours) == 24
    assert 6 <= len([hour for hour in hours if hour]) <= MOST_LABELS


def test_the_table_says_the_same_by_the_hour_of_the_store() -> None:
    rows = list(hour_rows([told(4, 3), told(9, 6), told(14, None), told(64, 0)], Hours(STORE.zone)))
    assert [(row.start, row.least, row.most, row.untold) for row in rows] == [
        (START, 3, 6, 5),
        (START + HOUR_MS, 0, 0, 0),
    ]
    assert (rows[0].waiting, rows[0].open) == (3.0, 2.0)
