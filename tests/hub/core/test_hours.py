"""The local trading hour, in every zone of the database."""

from __future__ import annotations

import importlib
import time
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.hours import (
    DAY_MS,
    HOUR_MS,
    Hour,
    Hours,
    date_of,
    day_after,
    day_number,
    monday_of,
    weekday_of,
)
from shared.errors import WordError, ZoneError
from shared.moments import LATEST_WALL_MS

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
"""`localtime` is what Debian calls the machine's own setting, `Factory` is a placeholder."""

HOURS = {name: Hours(name) for name in ZONES}


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def span(hours: Hours, day: int) -> list[int]:
    return [(hour.end - hour.start) // 60_000 for hour in hours.hours_of_day(day)]


def changes(name: str) -> list[int]:
    """Every instant at which the zone's clocks were ever changed: read by Python's other parser."""
    pure: Any = importlib.import_module("zoneinfo._zoneinfo")
    return [second * 1000 for second in pure.ZoneInfo.no_cache(name)._trans_utc]


def check(hours: Hours, hour: Hour, instant: int) -> None:
    local = datetime.fromtimestamp(instant // 1000, hours.zone)
    assert hour.start <= instant < hour.end
    assert hour.day == day_number(local.date())
    assert hour.hour_of_day == local.hour
    assert hour.offset_seconds == local.utcoffset() / timedelta(seconds=1)  # type: ignore[operator]
    assert 0 < hour.end - hour.start <= HOUR_MS
    assert hour.begins.timestamp() * 1000 == hour.start


def check_neighbours(hours: Hours, hour: Hour) -> None:
    after, before = hours.hour_of(hour.end), hours.hour_of(hour.start - 1)
    assert (before.end, hour.end) == (hour.start, after.start)
    for other in (before, after):  # maximal: what differs is the reason why they are two
        assert (other.day, other.hour_of_day, other.offset_seconds) != (
            hour.day,
            hour.hour_of_day,
            hour.offset_seconds,
        )


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(ZONES), st.integers(-5_000_000_000_000, LATEST_WALL_MS))
def test_every_instant_of_every_zone_lies_in_exactly_one_hour(name: str, instant: int) -> None:
    hours = HOURS[name]
    hour = hours.hour_of(instant)
    check(hours, hour, instant)
    check_neighbours(hours, hour)
    for inside in (hour.start, (hour.start + hour.end) // 2, hour.end - 1):
        assert Hours(name).hour_of(inside) == hour


def test_hours_are_exact_at_every_change_of_clocks_that_any_zone_ever_had() -> None:
    for name, hours in HOURS.items():
        for change in changes(name)[-60:]:
            for instant in (change - 1, change, change + 1):
                hour = hours.hour_of(instant)
                check(hours, hour, instant)
                check_neighbours(hours, hour)


def test_no_change_of_clocks_falls_inside_an_hour_unless_the_offset_stayed() -> None:
    for name, hours in HOURS.items():
        for change in changes(name):
            before, after = hours.hour_of(change - 1), hours.hour_of(change)
            assert before == after or before.end == after.start == change


def test_the_hours_of_a_day_tile_it_in_every_zone_around_every_recent_change() -> None:
    for name, hours in HOURS.items():
        for change in changes(name)[-4:]:
            first = day_after(hours.hour_of(change).day, -1)
            days = [day_after(first, days) for days in range(3)]
            tiled = [hour for day in days for hour in hours.hours_of_day(day)]
            tiled.sort(key=lambda hour: hour.start)
            begin, end = hours.day_bounds(days[0])[0], hours.day_bounds(days[-1])[1]
            assert [h for h in hours.hours_between(begin, end) if h.day in days] == tiled


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Europe/Madrid", 20260329, [60] * 23),
        ("Europe/Madrid", 20261025, [60] * 25),
        ("Europe/Madrid", 20261122, [60] * 24),
        ("Asia/Kathmandu", 20261122, [60] * 24),  # +05:45
        ("Asia/Kolkata", 20261122, [60] * 24),  # +05:30
        ("Australia/Lord_Howe", 20260405, [60, 60, 30, 60] + [60] * 21),  # 01:30–02:00 twice
        ("Australia/Lord_Howe", 20261004, [60] * 2 + [30] + [60] * 21),  # no 02:00–02:30
        ("America/Santiago", 20260906, [60] * 23),  # no midnight: the day begins at one
        ("Pacific/Apia", 20111230, []),  # the date line moved past Samoa
        ("Africa/Monrovia", 19720107, [15] + [60] * 23),  # 44 min 30 s forward at midnight
    ],
)
def test_days_have_the_hours_that_their_zone_gave_them(
    zone: str, day: int, minutes: list[int]
) -> None:
    assert span(Hours(zone), day) == minutes


def test_a_repeated_hour_is_two_hours_with_two_keys() -> None:
    hours = Hours("Europe/Madrid")
    first, second = (
        hours.hour_of(at("2026-10-25T02:30+02:00")),
        hours.hour_of(at("2026-10-25T02:30+01:00")),
    )
    assert (first.day, first.hour_of_day) == (second.day, second.hour_of_day) == (20261025, 2)
    assert second.start - first.start == HOUR_MS
    assert (first.offset_seconds, second.offset_seconds) == (7200, 3600)


def test_clocks_set_back_across_midnight_leave_the_neighbours_minutes_out() -> None:
    hours = Hours("America/St_Johns")  # 2010: from 00:01 back to 23:01 of the day before
    evening, day = hours.hours_of_day(20101106), hours.hours_of_day(20101107)
    assert [hour.hour_of_day for hour in evening][-3:] == [22, 23, 23]
    assert (day[0].end - day[0].start, day[0].hour_of_day) == (60_000, 0)
    assert not set(evening) & set(day)
    assert sum(hour.end - hour.start for hour in (*evening, *day)) == 2 * DAY_MS + HOUR_MS


def test_a_skipped_date_lies_between_its_neighbours() -> None:
    zone = Hours("Pacific/Apia")
    before, skipped, after = (zone.day_bounds(day) for day in (20111229, 20111230, 20111231))
    assert before[1] == skipped[0] == skipped[1] == after[0]


def test_an_offset_with_seconds_keeps_its_seconds() -> None:
    hour = Hours("Europe/Amsterdam").hour_of(at("1920-01-15T12:00+00:00"))
    assert hour.offset_seconds % 3600 != 0
    assert hour.end - hour.start == HOUR_MS


@given(st.dates(date(1, 1, 10), date(9999, 12, 20)), st.integers(-5, 5))
@settings(deadline=None)
def test_days_sort_and_step_as_dates_do(day: date, step: int) -> None:
    assert date_of(day_number(day)) == day
    assert date_of(day_after(day_number(day), step)) == day + timedelta(days=step)
    assert (day_after(day_number(day), step) > day_number(day)) == (step > 0)


def test_a_week_begins_on_monday_also_over_a_new_year() -> None:
    assert [weekday_of(20261228 + day) for day in range(3)] == [0, 1, 2]
    week = [20261228, 20261229, 20261230, 20261231, 20270101, 20270102, 20270103]
    assert {monday_of(day) for day in week} == {20261228}
    assert monday_of(20270104) == 20270104


@pytest.mark.parametrize("day", [0, -1, 20261301, 20260230, 99999999, 10**12])
def test_a_number_that_is_no_day_is_told(day: int) -> None:
    with pytest.raises(WordError, match="no day"):
        date_of(day)


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("Europe/Madird", "Europe/Madrid"),
        ("madrid", "Europe/Madrid"),
        ("europe/madrid", "Europe/Madrid"),
        ("Mexico City", "America/Mexico_City"),
        ("Buenos Aires", "Buenos_Aires"),
        ("", "such as"),
        ("../../etc/passwd", "“"),
        ("/etc/localtime", "“"),
        ("Europe", "“"),
        ("right/Europe/Madrid", "Europe/Madrid"),
        ("localtime", "“"),
        ("zz\x00zz", "“"),
        ("x" * 10_000, "such as"),
    ],
)
def test_an_unknown_zone_says_what_was_probably_meant(wrong: str, meant: str) -> None:
    with pytest.raises(ZoneError) as caught:
        Hours(wrong)
    assert meant in caught.value.hint
    assert len(str(caught.value)) < 120


@pytest.mark.parametrize("instant", [-(10**14), 10**15, 10**30, -(10**30)])
def test_an_instant_outside_the_calendar_is_told(instant: int) -> None:
    with pytest.raises(WordError, match="no instant"):
        Hours("UTC").hour_of(instant)


def test_the_cache_stays_small_however_many_hours_are_asked() -> None:
    hours = Hours("Asia/Kathmandu")
    for number in range(10_000):
        hours.hour_of(number * HOUR_MS)
        hours.day_bounds(day_number(date(1990, 1, 1) + timedelta(days=number)))
    assert len(hours._near) <= 4096
    assert len(hours._days) <= 4096


def test_asking_again_is_far_cheaper_than_asking_first() -> None:
    hours = Hours("Europe/Madrid")
    begin = at("2026-11-22T09:00+01:00")
    instants = [begin + number * HOUR_MS for number in range(1000)]

    def measure() -> float:
        start = time.perf_counter()
        for instant in instants:
            hours.hour_of(instant)
        return time.perf_counter() - start

    first = measure()
    assert min(measure() for _ in range(5)) < first / 3
    assert datetime.fromtimestamp(begin / 1000, UTC).hour == 8
