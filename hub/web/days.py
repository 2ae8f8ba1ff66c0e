"""A day in the address of a page."""

from __future__ import annotations

from fastapi import HTTPException

from hub.core.hours import date_of
from hub.web.ranges import read_date
from shared.errors import WordError


def read_day(text: str) -> int:
    """A date such as 2026-11-19 as a day, read as in the API; raises 400."""
    try:
        return read_date(text)
    except WordError as fault:
        raise HTTPException(400) from fault


def iso(day: int) -> str:
    """A day as it stands in an address."""
    return date_of(day).isoformat()
