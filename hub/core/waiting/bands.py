"""The index by wait, told in whole weeks that are over, each written down once.

Laws of this page
1. A week is told once and never changes: what comes late for it joins no figure by wait.
2. Of a week a band is told with a floor of answers, or not at all.
3. Elsewhere the hub tells points and hours (`core.stepping`), and since when which wait was told.
   So take any told bands, and every point and hour in which they have an answer: beside theirs a
   floor of other answers counts there at least, or one of the bands is hidden: by its place, never
   by how few it has. So whoever takes bands from what else is told has a floor of shoppers left.
4. The slope rests on the answers of told bands alone, is worked out when a week is told, and is
   written down with it: it moves by a whole week that tells something, or not at all.

So figures over any weeks are sums of bands of a floor each, and so are their differences.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from hub.core.hours import day_after
from hub.core.satisfaction import Index, Tally, index
from hub.core.steps import total
from hub.core.waiting.joining import Point, Slope, slope
from hub.core.waiting.scoring import MOST_MINUTES, Joined, Scores, by_hour
from shared.places import PointId

BANDS: Final = ((0, 1), (2, 3), (4, 5), (6, 9), (10, MOST_MINUTES))
"""Whole minutes, from and to: about as many shoppers in each, on a busy day."""

_HIDDEN_FIRST: Final = (1, 2, 0, 3, 4)
"""The ends tell most about a slope."""

WEEKS: Final = 8
"""So many told weeks make the figures: two months, as what is usual on a weekday."""

SETTLES_MS: Final = 2 * 86_400_000
"""A week is told two days after its end: what a kiosk held over a weekend has come by then."""

_SCORES: Final = {"sad": 0.0, "neutral": 50.0, "happy": 100.0}


@dataclass(frozen=True, slots=True)
class Week:
    """What the week of this Monday tells: its bands (None: hidden, or nobody), and the slope then.

    `answers` and `hours` are what a slope could rest on, over the weeks that count.
    """

    monday: int
    bands: tuple[Tally | None, ...]
    slope: Slope | None = None
    answers: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Band:
    """A line of the table: from and to so many minutes, and the index of who waited so long."""

    first: int
    last: int | None
    index: Index | None


def band_of(minutes: int) -> int | None:
    """The place of the band; None without a wait."""
    return next((place for place, (a, b) in enumerate(BANDS) if a <= minutes <= b), None)


def shown_bands(joined: Joined, floor: int) -> tuple[Tally | None, ...]:
    """The bands of a week as they may be told."""
    sums = [Tally() for _ in BANDS]
    cells: dict[tuple[PointId, int], list[int]] = {}
    for (point, hour, minutes), tally in joined.items():
        place = band_of(minutes)
        cell = cells.setdefault((point, hour), [0] * (len(BANDS) + 1))
        cell[len(BANDS) if place is None else place] += tally.answered
        if place is not None:
            sums[place] += tally
    told = [place for place, one in enumerate(sums) if one.answered >= floor]
    while weak := _weak(told, cells.values(), floor):
        told.remove(next(place for place in _HIDDEN_FIRST if place in weak))
    return tuple(one if place in told else None for place, one in enumerate(sums))


def _weak(told: Sequence[int], cells: Collection[list[int]], floor: int) -> tuple[int, ...] | None:
    """Some told bands beside which too few others counted where they did."""
    for size in range(1, len(told) + 1):
        for some in combinations(told, size):
            left = 0
            for cell in cells:
                theirs = sum(cell[place] for place in some)
                left += sum(cell) - theirs if theirs else 0
            if left < floor:
                return some
    return None


def points_of(scores: Scores, bands: Sequence[Tally | None]) -> Iterable[Point]:
    """Every answer of the told bands, for the slope."""
    for (hour, minutes), tally in scores.items():
        place = band_of(minutes)
        if place is None or bands[place] is None:
            continue
        for face, score in _SCORES.items():
            yield from [Point(float(minutes), score, hour)] * int(getattr(tally, face))


def told_week(
    monday: int, joined: Joined, before: Iterable[tuple[Week, Scores]], floor: int
) -> Week:
    """What a week tells, after the weeks `before` that count with it, latest first."""
    bands, earlier = shown_bands(joined, floor), list(before)
    if not any(bands) and earlier:  # nothing new: the slope stands as it was
        last = earlier[0][0]
        return Week(monday, bands, last.slope, last.answers, last.hours)
    points = list(points_of(by_hour(joined), bands))
    for week, its in earlier:
        points += points_of(its, week.bands)
    return Week(monday, bands, slope(points), len(points), len({one.hour for one in points}))


def latest(weeks: Sequence[Week]) -> Sequence[Week]:
    """Of told weeks, latest first, those of which the newest one's slope was made."""
    since = day_after(weeks[0].monday, -7 * (WEEKS - 1)) if weeks else 0
    return [week for week in weeks if week.monday >= since]


def table_of(weeks: Iterable[Week]) -> list[Band]:
    """The index by wait over some told weeks."""
    each = list(weeks)
    found = list[Band]()
    for place, (first, last) in enumerate(BANDS):
        tally = total(week.bands[place] or Tally() for week in each)
        found.append(Band(first, None if last == MOST_MINUTES else last, index(tally)))
    return found
