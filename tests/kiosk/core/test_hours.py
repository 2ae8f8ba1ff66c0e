"""What depends on the store's hour: open, night, the questionnaire's dates, the next look."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.core.hours import HOUR_MS, is_asked, is_limited, is_night, is_open, local, next_hour_in
from shared.moments import LATEST_WALL_MS
from shared.notices import Keeping, Look
from tests.shared.questionnaires import EVERY_KIND

MADRID = Keeping(zone="Europe/Madrid", opens=9, closes=21)


def at(text: str) -> int:
    """A UTC time in ms."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1_000)


@pytest.mark.parametrize(
    ("utc", "is_it"),
    [
        ("2026-01-15T07:59:59", False),  # 08:59:59 in Madrid
        ("2026-01-15T08:00:00", True),
        ("2026-01-15T19:59:59", True),
        ("2026-01-15T20:00:00", False),
        ("2026-07-15T07:00:00", True),  # summer time
        ("2026-07-15T19:00:00", False),
    ],
)
def test_a_store_is_open_by_its_own_clock(utc: str, is_it: bool) -> None:
    assert is_open(MADRID, at(utc)) is is_it


def test_where_the_hour_is_unknown_it_is_open_and_no_questionnaire_with_hours_is_asked() -> None:
    limited = replace(EVERY_KIND, opens=9)
    assert is_open(MADRID, None)
    assert is_open(replace(MADRID, zone="Mars/Olympus"), at("2026-01-15T03:00:00"))
    for zone, true in (("Europe/Madrid", None), ("../etc/passwd", 0), ("Europe", 0)):
        assert local(true, zone) is None
        assert not is_asked(limited, true, zone)
        assert is_asked(EVERY_KIND, true, zone)


@pytest.mark.parametrize(
    ("look", "store_open", "night"),
    [
        (Look.DAY, False, False),
        (Look.NIGHT, True, True),
        (Look.AUTO, True, False),
        (Look.AUTO, False, True),
    ],
)
def test_by_night_is_a_setting_or_after_closing(look: Look, store_open: bool, night: bool) -> None:
    assert is_night(replace(MADRID, look=look), store_open) is night


@pytest.mark.parametrize(
    ("utc", "is_it"),
    [
        ("2026-03-01T10:00:00", False),
        ("2026-03-01T23:00:00", False),  # the 2nd has begun in Madrid, but not its tenth hour
        ("2026-03-02T09:00:00", True),
        ("2026-03-02T08:59:59", False),
        ("2026-03-31T11:59:59", True),
        ("2026-03-31T12:00:00", False),
        ("2026-04-01T09:00:00", False),
    ],
)
def test_a_questionnaire_is_asked_on_its_dates_and_in_its_hours(utc: str, is_it: bool) -> None:
    asked = replace(EVERY_KIND, first_day="2026-03-02", last_day="2026-03-31", opens=10, closes=14)
    assert is_asked(asked, at(utc), "Europe/Madrid") is is_it


def test_without_one_nobody_is_asked() -> None:
    assert not is_asked(None, at("2026-03-02T09:00:00"), "UTC")


@pytest.mark.parametrize(
    "limit", [{"first_day": "2026-01-01"}, {"last_day": "2026-01-01"}, {"opens": 1}, {"closes": 23}]
)
def test_hours_and_dates_are_limits(limit: dict[str, object]) -> None:
    assert is_limited(replace(EVERY_KIND, **limit))  # type: ignore[arg-type]
    assert not is_limited(EVERY_KIND)


def test_the_next_look_is_at_the_next_full_hour_and_only_where_something_depends_on_it() -> None:
    true = at("2026-01-15T08:59:30.250")
    assert next_hour_in(MADRID, None, true) == 29_750
    always = Keeping(zone="Europe/Madrid")
    assert next_hour_in(always, None, true) is None
    assert next_hour_in(always, EVERY_KIND, true) is None
    assert next_hour_in(always, replace(EVERY_KIND, opens=9), true) == 29_750
    assert next_hour_in(MADRID, None, None) is None


@given(true=st.integers(0, LATEST_WALL_MS), zone=st.sampled_from(["Asia/Kathmandu", "UTC"]))
@settings(deadline=None)
def test_the_next_look_never_comes_before_the_hour_is_over(true: int, zone: str) -> None:
    wait = next_hour_in(replace(MADRID, zone=zone), None, true)
    assert wait is not None
    assert 0 < wait <= HOUR_MS
    now, then = local(true, zone), local(true + wait, zone)
    assert now is not None
    assert then is not None
    assert (then.minute, then.second) == (0, 0)
    assert (then.hour - now.hour) % 24 == 1
