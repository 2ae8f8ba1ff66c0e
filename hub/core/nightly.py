"""When nightly work is due, and what retention may seal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hub.core.hours import Hours, day_after

_DAY_MS = 24 * 3_600_000


def due_since(now_ms: int, hour: int, zone: str) -> int:
    """The latest instant at which it was `hour` o'clock in `zone`: work not done since is due."""
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if at > now:
        at -= timedelta(days=1)
    return round(at.timestamp() * 1000)


def seal_before(now_ms: int, days: int, zone: str) -> int:
    """The beginning of the local day so many days ago: raw records of earlier hours may go."""
    hours = Hours(zone)
    today = hours.hour_of(now_ms).day
    return hours.day_bounds(day_after(today, -days))[0]


def days_before(now_ms: int, days: int) -> int:
    """The instant so many times 24 hours ago: for what belongs to no store's day."""
    return now_ms - days * _DAY_MS
