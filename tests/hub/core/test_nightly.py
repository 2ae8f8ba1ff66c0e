from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hub.core.nightly import days_before, due_since, seal_before


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        ("2026-11-22 03:00", "UTC", "2026-11-22 03:00"),
        ("2026-11-22 02:59", "UTC", "2026-11-21 03:00"),
        ("2026-11-22 02:00", "Europe/Madrid", "2026-11-22 02:00"),
        ("2026-11-22 01:59", "Europe/Madrid", "2026-11-21 02:00"),
        ("2026-03-29 12:00", "Europe/Madrid", "2026-03-29 01:00"),
    ],
)
def test_work_is_due_since_the_last_time_the_hour_struck(now: str, zone: str, due: str) -> None:
    assert due_since(ms(now), 3, zone) == ms(due)


def test_a_seal_lies_at_a_local_midnight() -> None:
    now = ms("2026-11-22 23:30")  # the 23rd in Madrid, and winter time; thirty days before too
    assert seal_before(now, 30, "Europe/Madrid") == ms("2026-10-23 22:00")


def test_what_belongs_to_no_store_goes_by_whole_days_of_24_hours() -> None:
    assert days_before(ms("2026-03-30 12:00"), 2) == ms("2026-03-28 12:00")
