"""Reads `from` and `to`: local dates, or instants with an explicit offset."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from hub.core.figures import Days
from hub.core.hours import Hours, date_of, day_after, day_number
from hub.core.listing import Group, Row
from shared.errors import WordError

MOST_DAYS = 400
"""A year, and a month of the year before to compare with."""

MOST_DAYS_OF_CELLS = 31
"""Points by hour are judged as a table each day: a month takes about a second."""

USUAL_DAYS = 28

_DATE = re.compile(r"20\d\d-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(
    r"(20\d\d-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+\- ]\d\d:\d\d)", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whole local days, and of their trading hours those that begin from `since` to `until`."""

    days: Days
    since: int | None = None
    until: int | None = None

    def holds(self, row: Row) -> bool:
        """Whether a row belongs to the answer."""
        if row.start is None or self.since is None or self.until is None:
            return True
        return self.since <= row.start < self.until


def read_range(since: str | None, until: str | None, group: Group, zone: Hours, now: int) -> Asked:
    """What was asked for; raises WordError with a sentence that says how to ask."""
    today = zone.hour_of(now).day
    most = MOST_DAYS_OF_CELLS if group is Group.POINT_HOUR else MOST_DAYS
    if since is None and until is None:
        return Asked(Days.last_of(today, USUAL_DAYS))
    if any(text and "T" in text for text in (since, until)):
        return _instants(since, until, group, zone, most)
    last = today if until is None else read_date(until)
    first = day_after(last, 1 - USUAL_DAYS) if since is None else read_date(since)
    return Asked(_days(first, last, most))


def _instants(since: str | None, until: str | None, group: Group, zone: Hours, most: int) -> Asked:
    if group not in (Group.HOUR, Group.POINT_HOUR):
        raise WordError(f"group={group} counts whole local dates: give from and to as YYYY-MM-DD")
    if since is None or until is None:
        raise WordError("give both from and to, or dates")
    first, last = _instant(since), _instant(until)
    if first >= last:
        raise WordError("from must be before to")
    days = _days(zone.hour_of(first).day, zone.hour_of(last - 1).day, most)
    return Asked(days, first, last)


def _days(first: int, last: int, most: int) -> Days:
    count = (date_of(last) - date_of(first)).days + 1
    if not 1 <= count <= most:
        raise WordError(f"{count} days: ask for 1 to {most} at a time")
    return Days(first, last)


def read_date(text: str) -> int:
    """A local date as a day; raises WordError."""
    if _DATE.fullmatch(text) is None:
        raise WordError(f"{text[:40]!r} is no date: write YYYY-MM-DD, of this century")
    try:
        return day_number(date.fromisoformat(text))
    except ValueError as fault:
        raise WordError(f"{text[:40]!r} is no date: {fault}") from fault


def _instant(text: str) -> int:
    parts = _INSTANT.fullmatch(text)
    if parts is None:
        raise WordError(
            f"{text[:40]!r} is no instant: write it with its offset, as 2026-11-19T17:00:00+01:00 "
            "(in a URL + is %2B) or 2026-11-19T16:00:00Z"
        )
    offset = parts[2].replace("Z", "+00:00").replace(" ", "+")  # a + that nobody wrote as %2B
    try:
        return int(datetime.fromisoformat(parts[1] + offset).timestamp() * 1000)
    except ValueError as fault:
        raise WordError(f"{text[:40]!r} is no instant: {fault}") from fault
