"""What is told of days and weeks that are over: written down once, so that every range is a sum.

A range of dates is answered from its whole weeks, and from the days at its edges. Nothing else is
ever told of the past, so two ranges taken from each other are days and weeks again, each of which
obeys the laws of `core.stepping`. A week tells what its days held back where there is enough of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from operator import mul
from typing import NamedTuple, TypeVar

from hub.core.holding import size
from hub.core.hours import Hours, day_after, monday_of
from hub.core.satisfaction import Tally
from hub.core.stepping import close, left_over, settle
from hub.core.steps import DayCounts, PointHour, Step, summed, total
from hub.core.suppression import hide_columns
from shared.places import PointId

NOBODY = PointId("")
"""In the place of a point: the store."""

WEIGHTS = (2, 3, 5, 7, 11, 13, 17, 19)
"""Of a tally's counts, in their order: small primes, so that what moves between two is noticed."""

WEIGHT_OF_HOUR = 101
"""More than the counts' weights together, for the same reason."""

Key = TypeVar("Key", bound=str | int)


class Kind(StrEnum):
    """What an entry is the sum of: of a date, or of a week that is named by its Monday."""

    DAY = "day"
    HOUR = "hour"
    POINT = "point"
    CELL = "cell"
    WEEK = "week"
    WEEK_HOUR = "week_hour"
    WEEK_POINT = "week_point"


Line = tuple[Kind, PointId, int]


class Entry(NamedTuple):
    """One told sum. `hour` is the instant at which an hour begins (in a week the hour of the day),
    0 where it does not apply; a tally of nothing says that there is something, which is hidden."""

    kind: Kind
    day: int
    point_id: PointId
    hour: int
    hour_of_day: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Closed:
    """A day that is over: all that is known of it, and its step before and after.

    `hidden` is what there is of it where that may not be told (`core.returning`).
    """

    counts: DayCounts
    before: Step | None
    after: Step
    hidden: DayCounts | None = None


def mark_of(tallies: Iterable[tuple[int, Tally]]) -> int:
    """A number of a day that is another one when answers come, go, or move to another hour.

    What came and went could cancel out; then it is told with what comes next.
    """
    return sum(
        (1 + WEIGHT_OF_HOUR * hour_of_day) * sum(map(mul, WEIGHTS, tally.counts))
        for hour_of_day, tally in tallies
    )


def close_day(counts: DayCounts, before: Step | None, floor: int, at: int) -> Closed:
    """The day as it may be told now."""
    return Closed(counts, before, close(before, counts, at, floor))


def settle_week(
    days: Sequence[Closed], zone: Hours, floor: int
) -> tuple[list[Closed], list[Entry]]:
    """The closed days of one week that is over, settled, and what the week tells."""
    monday = monday_of(days[0].counts.day)
    left = _left(days, zone, monday, floor)
    hours = _told_of_lines([_by_hour_of_day(day.after.held.hours, zone) for day in days], floor)
    points = _told_of_lines([dict(day.after.held.points) for day in days], floor)
    by_hour = summed(
        [
            *(pair for day in days for pair in _by_hour_of_day(day.after.hours, zone).items()),
            *left.hours,
            *hours,
            *(
                (hour, Tally())
                for hour in _seen(days, lambda row: zone.hour_of(row.hour).hour_of_day)
            ),
        ]
    )
    by_point = summed(
        [
            *(pair for day in days for pair in day.after.points),
            *left.points,
            *points,
            *((point, Tally()) for point in _seen(days, lambda row: row.point_id)),
        ]
    )
    whole = total(day.after.tally for day in days) + left.tally
    settled = [replace(day, after=settle(day.after, day.counts)) for day in days]
    if not by_point:
        return settled, []
    return settled, [
        Entry(Kind.WEEK, monday, NOBODY, 0, -1, whole),
        *(Entry(Kind.WEEK_HOUR, monday, NOBODY, h, h, tally) for h, tally in by_hour.items()),
        *(Entry(Kind.WEEK_POINT, monday, p, 0, -1, tally) for p, tally in by_point.items()),
    ]


def entries_of(day: Closed, zone: Hours) -> list[Entry]:
    """What this day now tells beyond what it told before, as changes to add.

    Where its week was told already, the week tells as much more.
    """
    there = day.hidden or day.counts
    if not there.point_hours:
        return []
    told_before = _told(day.before) if day.before and day.before.over else {}
    changes = [
        Entry(kind, day.after.day, point, hour, hod, tally - told_before.get(key, Tally()))
        for key, tally in {**_hidden(there), **_told(day.after)}.items()
        for kind, point, hour in [key]
        for hod in [zone.hour_of(hour).hour_of_day if hour else -1]
        if key not in told_before or tally != told_before[key]
    ]
    if day.before is None or not day.before.settled:
        return changes
    return [*changes, *_of_the_week(changes)]


def week_of(day: int) -> tuple[int, int]:
    """The Monday and the Sunday of the week of this date."""
    monday = monday_of(day)
    return monday, day_after(monday, 6)


def _left(days: Sequence[Closed], zone: Hours, monday: int, floor: int) -> Step:
    """What no figure of these days has, told for the week where it is enough."""
    cells = summed(
        ((point, zone.hour_of(hour).hour_of_day), tally)
        for day in days
        for (point, hour), tally in left_over(day.after, day.counts).items()
    )
    rows = tuple(PointHour(*place, tally) for place, tally in sorted(cells.items()))
    return close(None, DayCounts(monday, 0, rows), 0, floor)


def _told_of_lines(held: Sequence[dict[Key, Tally]], floor: int) -> Iterable[tuple[Key, Tally]]:
    """The sums over the days of what each held back, where no day can be found from them."""
    keys = sorted({key for day in held for key in day})
    counts = [[size(day.get(key, Tally())) for key in keys] for day in held if day]
    hidden = hide_columns(counts, floor)
    for place, key in enumerate(keys):
        if place not in hidden:
            yield key, total(day[key] for day in held if key in day)


def _seen(days: Sequence[Closed], key: Callable[[PointHour], Key]) -> set[Key]:
    return {key(row) for day in days for row in (day.hidden or day.counts).point_hours}


def _by_hour_of_day(hours: Iterable[tuple[int, Tally]], zone: Hours) -> dict[int, Tally]:
    return summed((zone.hour_of(at).hour_of_day, tally) for at, tally in hours)


def _told(step: Step) -> dict[Line, Tally]:
    return {
        (Kind.DAY, NOBODY, 0): step.tally,
        **{(Kind.HOUR, NOBODY, hour): tally for hour, tally in step.hours},
        **{(Kind.POINT, point, 0): tally for point, tally in step.points},
        **{(Kind.CELL, point, hour): tally for point, hour, tally in step.cells},
    }


def _hidden(counts: DayCounts) -> dict[Line, Tally]:
    """All that there is, as if nothing of it were told."""
    known = [(row.point_id, row.hour) for row in counts.point_hours]
    lines: list[Line] = [(Kind.DAY, NOBODY, 0)] if known else []
    lines += [(Kind.HOUR, NOBODY, hour) for _, hour in known]
    lines += [(Kind.POINT, point, 0) for point, _ in known]
    lines += [(Kind.CELL, point, hour) for point, hour in known]
    return dict.fromkeys(lines, Tally())


def _of_the_week(changes: Iterable[Entry]) -> Iterable[Entry]:
    for kind, day, point, _, hour_of_day, tally in changes:
        monday = monday_of(day)
        if kind is Kind.DAY:
            yield Entry(Kind.WEEK, monday, NOBODY, 0, -1, tally)
        elif kind is Kind.HOUR:
            yield Entry(Kind.WEEK_HOUR, monday, NOBODY, hour_of_day, hour_of_day, tally)
        elif kind is Kind.POINT:
            yield Entry(Kind.WEEK_POINT, monday, point, 0, -1, tally)
