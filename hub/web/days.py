"""A day in the address of a page."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from fastapi import HTTPException

from hub.core.hours import date_of, day_number

EARLIEST_YEAR: Final = 2000
"""As in the API; the calendar has no weeks before its year 1 to compare with."""


def read_day(text: str) -> int:
    """A date such as 2026-11-19 as a day; raises 400."""
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as fault:
        raise HTTPException(400) from fault
    if day.year < EARLIEST_YEAR:
        raise HTTPException(400)
    return day_number(day)


def iso(day: int) -> str:
    """A day as it stands in an address."""
    return date_of(day).isoformat()
