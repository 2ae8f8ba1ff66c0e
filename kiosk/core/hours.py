"""What depends on the store's local hour: awake or asleep, by day or by night, open or not."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from shared.notices import Keeping, Look
from shared.questions import Questionnaire

HOUR_MS: Final = 3_600_000


def local(true: int | None, zone: str) -> datetime | None:
    """The local time; None where nobody knows the time, or this machine not the zone."""
    if true is None:
        return None
    try:
        return datetime.fromtimestamp(true / 1_000, ZoneInfo(zone))
    except (KeyError, ValueError, OSError):  # a zone is a file, and its name comes from the hub
        return None


def is_open(keeping: Keeping, true: int | None) -> bool:
    """Whether the store is open; where the hour is unknown, somebody may stand there."""
    here = local(true, keeping.zone)
    return here is None or keeping.opens <= here.hour < keeping.closes


def is_night(keeping: Keeping, store_open: bool) -> bool:
    """Whether pages are shown by night."""
    return keeping.look is Look.NIGHT or (keeping.look is Look.AUTO and not store_open)


def is_asked(questionnaire: Questionnaire | None, true: int | None, zone: str) -> bool:
    """Whether it is open now; one with hours or dates is not where the hour is unknown."""
    if questionnaire is None:
        return False
    if not is_limited(questionnaire):
        return True
    here = local(true, zone)
    if here is None:
        return False
    day = here.date().isoformat()
    begun = questionnaire.first_day is None or questionnaire.first_day <= day
    ended = questionnaire.last_day is not None and questionnaire.last_day < day
    return begun and not ended and questionnaire.opens <= here.hour < questionnaire.closes


def is_limited(questionnaire: Questionnaire) -> bool:
    """Whether it has hours or dates."""
    days = questionnaire.first_day or questionnaire.last_day
    return bool(days) or questionnaire.opens > 0 or questionnaire.closes < 24


def next_hour_in(
    keeping: Keeping, questionnaire: Questionnaire | None, true: int | None
) -> int | None:
    """In how many ms the hour must be looked at again; None where nothing depends on it.

    The next full local hour: later only where the clocks were changed meanwhile by less than one.
    """
    daily = keeping.opens > 0 or keeping.closes < 24
    here = local(true, keeping.zone)
    if here is None or not (daily or (questionnaire is not None and is_limited(questionnaire))):
        return None
    gone = (here.minute * 60 + here.second) * 1_000 + here.microsecond // 1_000
    return HOUR_MS - gone
