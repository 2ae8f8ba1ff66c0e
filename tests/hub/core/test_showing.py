"""The page of a day, drawn from a step: what belongs on it, and what must not be seen."""

from __future__ import annotations

from hub.core.figures import DayHour, Days
from hub.core.hours import Hours, weekday_of
from hub.core.ports import Point, Store
from hub.core.satisfaction import Tally
from hub.core.showing import (
    History,
    Occasion,
    faces,
    hour_bars,
    reasons,
    registers,
    same_weekday,
)
from hub.core.steps import ReasonCount, Step
from hub.core.views import HourState, Verdict
from shared.places import PointId, StoreId
from shared.visits import Face

DAY = 20261119
ZONE = Hours("Europe/Madrid")
HOURS = ZONE.hours_of_day(DAY)
STORE = StoreId("centro-012")
POINTS = [Point(STORE, PointId(f"caja-{n}"), f"Caja {n}", position=n) for n in (1, 2, 3)]


def occasion(opens: int = 9, closes: int = 21, hour: int = 23) -> Occasion:
    store = Store(STORE, "Centro", "Europe/Madrid", opens, closes)
    return Occasion(store, tuple(POINTS), HOURS, HOURS[hour].start + 60_000, True, 5)


def step(counts: dict[int, Tally], *named: ReasonCount) -> Step:
    hours = tuple((HOURS[hour].start, tally) for hour, tally in counts.items())
    return Step(DAY, 1, 0, hours=hours, reasons=named)


def thursdays(tally: Tally) -> History:
    _, dates = same_weekday(DAY, 8)
    return History(
        3, tuple(DayHour(STORE, day, hour, tally) for day in dates for hour in range(24))
    )


def test_the_same_weekday_in_the_weeks_before() -> None:
    days, dates = same_weekday(DAY, 3)
    assert dates == (20261029, 20261105, 20261112)
    assert days == Days(20261029, 20261112)
    assert {weekday_of(date) for date in dates} == {3}


def test_a_store_that_closes_after_midnight_has_bars_on_both_sides_of_it() -> None:
    bars = hour_bars(occasion(opens=20, closes=2), step({}), History(3))
    assert [bar.hour_of_day for bar in bars] == [0, 1, 20, 21, 22, 23]


def test_hours_outside_opening_have_a_bar_only_if_something_was_counted() -> None:
    bars = hour_bars(occasion(), step({7: Tally(happy=9)}), History(3))
    assert [bar.hour_of_day for bar in bars] == [7, *range(9, 21)]


def test_an_hour_to_come_shows_what_is_usual_and_no_count() -> None:
    good = Tally(sad=2, neutral=4, happy=14)
    bars = hour_bars(occasion(hour=12), step({9: good, 12: good}), thursdays(good))
    states = {bar.hour_of_day: bar.state for bar in bars}
    assert (states[11], states[12], states[13]) == (
        HourState.PAST,
        HourState.SO_FAR,
        HourState.TO_COME,
    )
    to_come = bars[-1]
    assert (to_come.tally, to_come.index, to_come.hidden) == (None, None, False)
    assert to_come.usual is not None


def test_a_low_hour_keeps_its_reason_to_itself_where_few_named_it() -> None:
    bad, good = Tally(sad=30, happy=2), Tally(sad=2, neutral=4, happy=14)
    at = HOURS[17].start
    few = (ReasonCount(at, Face.SAD, "wait", 4),)
    lonely = (ReasonCount(at, Face.SAD, "wait", 9), ReasonCount(at, Face.SAD, "price", 2))
    enough = (ReasonCount(at, Face.SAD, "wait", 9), ReasonCount(at, Face.HAPPY, "staff", 2))
    for named, told in ((few, None), (lonely, None), (enough, "wait")):
        bars = hour_bars(occasion(), step({17: bad}, *named), thursdays(good))
        unusual = next(bar.unusual for bar in bars if bar.hour_of_day == 17)
        assert unusual is not None
        assert (unusual.verdict, unusual.reason) == (Verdict.BELOW, told)


def test_a_live_row_that_is_not_told_is_hidden_and_in_no_group() -> None:
    tallies = {POINTS[0].point_id: Tally(happy=40), POINTS[1].point_id: Tally(happy=30)}
    rows, groups = registers(POINTS, tallies, 5, live=True)
    assert [row.hidden for row in rows] == [False, False, True]
    assert not any(row.hidden and (row.tally or row.index or row.response) for row in rows)
    assert {point for group in groups for point in group} == set(tallies)
    assert not any(row.hidden for row in registers(POINTS, tallies, 5)[0])


def test_hidden_reasons_come_last_in_the_order_of_their_names() -> None:
    counts = [
        ReasonCount(0, Face.SAD, name, answers)
        for name, answers in (("z-most", 50), ("price", 20), ("staff", 2), ("aisle", 4))
    ]
    found = reasons(counts, {}, 5)
    assert found is not None
    assert found.n == 76
    names = [row.reason for row in found.rows]
    hidden = [row.reason for row in found.rows if row.hidden]
    assert names[0] == "z-most"
    assert hidden == sorted(hidden) == names[-len(hidden) :]
    assert {"staff", "aisle"} <= set(hidden)


def test_reasons_that_only_their_sum_would_tell_are_not_shown() -> None:
    named = [ReasonCount(0, Face.SAD, reason, 4) for reason in ("wait", "price")]
    assert reasons(named, {}, 5) is None


def test_a_reason_nobody_named_today_may_have_been_usual() -> None:
    found = reasons([ReasonCount(0, Face.SAD, "wait", 20)], {(Face.NEUTRAL, "price"): 40}, 5)
    assert found is not None
    by_name = {row.reason: row for row in found.rows}
    assert by_name["price"].share is not None
    assert by_name["price"].change is not None
    assert by_name["price"].change.value == -100


def test_no_faces_without_a_tally() -> None:
    assert faces(None) == ()
    assert faces(Tally(sales=3)) == ()
