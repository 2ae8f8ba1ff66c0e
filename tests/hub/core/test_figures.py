"""Ranges of local days, and the trading hours that belong to them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.figures import MOST_DAYS, Days, span_of
from hub.core.hours import Hours, day_after, day_number
from shared.errors import WordError

ODD = ["America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]
ZONES = {name: Hours(name) for name in ODD}


def test_days_count_both_ends() -> None:
    assert Days(20261119, 20261119).count == 1
    assert Days.last_of(20260301, 2) == Days(20260228, 20260301)


@pytest.mark.parametrize(
    ("first", "last"), [(20261102, 20261101), (20240101, 20261101), (20261301, 20261301), (0, 0)]
)
def test_impossible_days_are_told(first: int, last: int) -> None:
    with pytest.raises(WordError):
        Days(first, last)


def test_the_longest_range_is_bounded() -> None:
    assert Days.last_of(20261119, MOST_DAYS).count == MOST_DAYS
    with pytest.raises(WordError):
        Days.last_of(20261119, MOST_DAYS + 1)


@given(st.sampled_from(ODD), st.dates(date(2006, 1, 1), date(2012, 1, 10)), st.integers(1, 9))
@settings(deadline=None)
def test_a_span_holds_exactly_the_hours_of_its_days(name: str, first: date, count: int) -> None:
    zone, days = ZONES[name], Days.last_of(day_number(first), count)
    span = span_of(zone, days)
    inside = [h for h in zone.hours_between(span.start, span.end) if h.start not in span.strays]
    each = [h for n in range(count) for h in zone.hours_of_day(day_after(days.first, n))]
    assert inside == sorted(each, key=lambda hour: hour.start)


def test_minutes_of_a_neighbouring_date_are_strays() -> None:
    evening = span_of(ZONES["America/St_Johns"], Days(20101106, 20101106))  # back at 00:01
    assert len(evening.strays) == 1
    assert ZONES["America/St_Johns"].hour_of(evening.strays[0]).day == 20101107


def test_a_date_that_a_zone_skipped_has_no_hours() -> None:
    span = span_of(ZONES["Pacific/Apia"], Days(20111230, 20111230))
    assert span.start == span.end
