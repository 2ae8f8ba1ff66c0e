"""The day and the moment of a store's lines, put together from what is kept."""

from __future__ import annotations

from hub.core.hours import DAY_MS, HOUR_MS, Hours, day_after
from hub.core.ports import Point, Store
from hub.core.queue_looking import WEEKS_DAYS, day_view, now_view
from hub.core.queue_views import Alerted, Known, Typed
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.history import UNWATCHED_MS, Judged, Opened, Span, Told
from hub.core.waiting.layout import Layout
from hub.core.waiting.outcomes import Rightness
from shared.places import PointId, StoreId
from tests.fakes.queue_readings import FakeQueueBook

STORE = Store(StoreId("centro-012"), "Centro", "Europe/Madrid", 9, 21)
ONE, TWO, GONE = PointId("caja-1"), PointId("caja-2"), PointId("caja-9")
A, B, OLD = LineId("a"), LineId("b"), LineId("old")
KNOWN = Known(
    STORE,
    Layout(1, (Line(A, (ONE,)), Line(B, (TWO,))), {A: "Line A"}),
    [Point(STORE.store_id, TWO, "Caja 2"), Point(STORE.store_id, ONE, "Caja 1")],
)
DAY = 20261119
MIDNIGHT = Hours(STORE.zone).day_bounds(DAY)[0]
NOW = MIDNIGHT + 19 * HOUR_MS + 25 * 60_000


def told(at: int, line: LineId = A, minutes: int | None = 5) -> Told:
    return Told(line, at, minutes, None, "sales", "no_counter", 1.0, 2.0, 3.0, 4.0, 1.0)


def judged(day: int, hour: int, count: int, line: LineId = A) -> Judged:
    start = Hours(STORE.zone).day_bounds(day)[0] + hour * HOUR_MS
    return Judged(line, start, Rightness(count, count, 0, 0, 0))


def test_now_each_line_has_its_last_word_and_what_was_typed_lately() -> None:
    book = FakeQueueBook(
        told=[told(NOW - 60_000), told(NOW - 1_000, minutes=7)],
        counts=[Typed(B, 3, NOW - 60_000, "ana"), Typed(A, 9, NOW - 200_000, "ana")],
    )
    view = now_view(book, KNOWN, NOW)
    assert [line.name for line in view.lines] == ["Line A", "b"]
    assert [line.told and line.told.minutes for line in view.lines] == [7, None]
    assert [line.typed and line.typed.number for line in view.lines] == [None, 3]
    assert (view.newest_at, view.watched) == (NOW - 1_000, True)


def test_what_was_told_before_a_clock_was_set_back_is_not_of_now() -> None:
    hour = NOW + 3_600_000
    book = FakeQueueBook(told=[told(NOW - 1_000, minutes=7), told(hour, minutes=2)])
    view = now_view(book, KNOWN, NOW)
    assert (view.newest_at, view.lines[0].told and view.lines[0].told.minutes) == (NOW - 1_000, 7)
    slots = day_view(book, KNOWN, NOW, DAY).lines[0].slots
    assert [slot.at for slot in slots] == [NOW - 1_000]


def test_a_store_that_never_told_anything_is_not_watched() -> None:
    view = now_view(FakeQueueBook(), KNOWN, NOW)
    assert (view.newest_at, view.watched, view.waiting, view.open) == (None, False, 0, 0)


def test_lately_is_the_last_step_of_each_line_and_no_news_of_this_morning() -> None:
    rows = [judged(DAY, 17, 40), judged(DAY, 18, 6), judged(DAY, 10, 90, B), judged(DAY, 19, 70)]
    lately = now_view(FakeQueueBook(outcomes=rows), KNOWN, NOW).lately
    assert (lately.told, lately.until) == (6, MIDNIGHT + 19 * HOUR_MS)


def test_a_day_is_drawn_over_opening_hours_and_whatever_was_told_beside() -> None:
    early = told(MIDNIGHT + 7 * HOUR_MS + 60_000)
    view = day_view(FakeQueueBook(told=[early]), KNOWN, NOW, DAY)
    assert view.live
    assert view.span == Span(MIDNIGHT + 7 * HOUR_MS, MIDNIGHT + 21 * HOUR_MS)
    assert day_view(FakeQueueBook(), KNOWN, NOW, DAY).span.start == MIDNIGHT + 9 * HOUR_MS


def test_lines_stand_as_they_are_laid_out_and_then_those_that_are_no_longer() -> None:
    rows = [told(MIDNIGHT + 9 * HOUR_MS, OLD), told(MIDNIGHT + 10 * HOUR_MS, B)]
    view = day_view(FakeQueueBook(told=rows), KNOWN, NOW, DAY)
    assert [(line.line_id, len(line.slots)) for line in view.lines] == [(A, 0), (B, 1), (OLD, 1)]


def test_registers_stand_in_order_and_are_open_as_far_as_somebody_watched() -> None:
    last = MIDNIGHT + 12 * HOUR_MS
    opened = [Opened(ONE, MIDNIGHT + 9 * HOUR_MS, True), Opened(GONE, MIDNIGHT, True)]
    book = FakeQueueBook(told=[told(last)], opened=opened)
    view = day_view(book, KNOWN, NOW, DAY)
    assert [(one.name, one.spans) for one in view.registers] == [
        ("Caja 2", ()),
        ("Caja 1", (Span(MIDNIGHT + 9 * HOUR_MS, last + UNWATCHED_MS),)),
    ]


def test_of_a_day_that_nobody_watched_no_register_is_told() -> None:
    book = FakeQueueBook(opened=[Opened(ONE, MIDNIGHT - DAY_MS, True)])
    assert [one.spans for one in day_view(book, KNOWN, NOW, DAY).registers] == [(), ()]


def test_four_weeks_are_the_sum_of_what_each_day_tells_by_itself() -> None:
    first = day_after(DAY, 1 - WEEKS_DAYS)
    rows = [
        judged(DAY, 10, 30),
        judged(DAY, 11, 4),  # not told: fewer than five since
        judged(day_after(DAY, -1), 20, 4),  # nor would it be told of that day
        judged(first, 10, 20),
        judged(day_after(first, -1), 10, 500),  # five weeks ago
        judged(DAY, 10, 7, B),
    ]
    found = day_view(FakeQueueBook(outcomes=rows), KNOWN, NOW, DAY).rights
    assert [(one.line_id, one.day.told, one.weeks.told) for one in found] == [
        (A, 30, 50),
        (B, 7, 7),
        ("", 37, 57),
    ]


def test_one_line_that_is_known_needs_no_sum() -> None:
    found = day_view(FakeQueueBook(outcomes=[judged(DAY, 10, 30)]), KNOWN, NOW, DAY).rights
    assert [one.line_id for one in found] == [A]


def test_an_alert_of_a_line_that_was_taken_away_does_not_stand_for_ever() -> None:
    rows = [
        Alerted(line, "line_long", MIDNIGHT, until, 0) for line in (A, OLD) for until in (None, 5)
    ]
    found = day_view(FakeQueueBook(alerted=rows), KNOWN, NOW, DAY).alerts
    assert [(one.line_id, one.until) for one in found] == [(A, None), (A, 5), (OLD, 5)]


def test_a_day_that_is_over_is_not_live() -> None:
    assert not day_view(FakeQueueBook(), KNOWN, NOW, day_after(DAY, -1)).live
