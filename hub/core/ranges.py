"""A range of dates as what was told of it: whole weeks, and the days at its edges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from hub.core.figures import By, Days, Key
from hub.core.hours import Hours, day_after
from hub.core.releasing import Kind, week_of
from hub.core.satisfaction import Tally
from hub.core.steps import Step

_DAILY: Final[Mapping[By, Kind]] = {
    By.STORE: Kind.DAY,
    By.DAY: Kind.DAY,
    By.HOUR_OF_DAY: Kind.HOUR,
    By.POINT: Kind.POINT,
}

_WEEKLY: Final[Mapping[By, Kind]] = {
    By.STORE: Kind.WEEK,
    By.HOUR_OF_DAY: Kind.WEEK_HOUR,
    By.POINT: Kind.WEEK_POINT,
}


def parts_of(past: Days, by: By) -> list[tuple[Kind, Days]]:
    """Of days that are all over: which kinds of entries, of which days, add up to them."""
    daily, weekly = _DAILY[by], _WEEKLY.get(by)
    monday, sunday = week_of(past.first)
    begins = monday if monday == past.first else day_after(sunday)
    monday, sunday = week_of(past.last)
    ends = sunday if sunday == past.last else day_after(monday, -1)
    if weekly is None or begins > ends:
        return [(daily, past)]
    parts = [(weekly, Days(begins, ends))]
    if past.first < begins:
        parts.append((daily, Days(past.first, day_after(begins, -1))))
    if ends < past.last:
        parts.append((daily, Days(day_after(ends), past.last)))
    return parts


def lines_of(step: Step, zone: Hours, by: By) -> Iterable[tuple[Key, Tally]]:
    """What a step tells, by the same keys."""
    if by is By.HOUR_OF_DAY:
        return [(zone.hour_of(at).hour_of_day, tally) for at, tally in step.hours]
    if by is By.POINT:
        return step.points
    return [(step.day if by is By.DAY else 0, step.tally)]
