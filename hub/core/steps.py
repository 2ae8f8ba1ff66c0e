"""Live figures move in steps, so that nobody can watch one shopper or one cashier.

Laws of this page
1. A store's figures of today move only when at least STEP answers have come since they last did:
   at once if these came from two points or more, else when an hour has passed.
2. Two steps that follow each other differ in at least STEP answers, or not at all.
3. A point's own row moves only when at least STEP of its own answers have come, and never so that
   taking the rows from the store's figure would leave fewer than STEP answers, or one point's.
4. What is shown is kept: whoever asks again, and any second process, sees the same step.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from typing import NamedTuple

from hub.core.satisfaction import Tally
from hub.core.suppression import hide_line
from shared.places import PointId
from shared.visits import Face

STEP = 5
"""Answers: the same number under which no figure is shown by itself."""

LEAST_POINTS = 2
"""With one register open, the store's figure is that register's, and one person's shift."""

PAUSE_MS = 3_600_000
"""An hour: as coarse as tallies are."""


class PointHour(NamedTuple):
    """The tally of one point and trading hour (`hour`: the instant at which it begins)."""

    point_id: PointId
    hour: int
    tally: Tally


class ReasonCount(NamedTuple):
    """How many named this reason after this face, in one trading hour of a store."""

    hour: int
    face: Face
    reason: str
    answers: int


@dataclass(frozen=True, slots=True)
class DayCounts:
    """All that is known of one store's local date, which began at `begins`."""

    day: int
    begins: int
    point_hours: tuple[PointHour, ...] = ()
    reasons: tuple[ReasonCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What is shown of one store's day; `serial` rises with every step, `made_at` is its time.

    `hours` and `reasons` are the store's, `points` the rows of its points. `behind` is what the
    points truly had when the step was made: it is never shown.
    """

    day: int
    serial: int
    made_at: int
    hours: tuple[tuple[int, Tally], ...] = ()
    points: tuple[tuple[PointId, Tally], ...] = ()
    reasons: tuple[ReasonCount, ...] = ()
    behind: tuple[tuple[PointId, Tally], ...] = ()

    @property
    def tally(self) -> Tally:
        """What is shown of the whole store."""
        return total(tally for _, tally in self.hours)


def next_step(shown: Step | None, current: DayCounts, now: int) -> Step:
    """The step to show: `shown` itself while it may not move, of the same day always."""
    if shown is None or shown.day != current.day:
        shown = Step(current.day, 0, current.begins)
    points = by_point(current.point_hours)
    news = [count for count in _news(dict(shown.behind), points).values() if count]
    late = now - shown.made_at >= PAUSE_MS
    if sum(news) < STEP or not (late or len(news) >= LEAST_POINTS):
        return shown
    return Step(
        day=current.day,
        serial=shown.serial + 1,
        made_at=now,
        hours=tuple(sorted(by_hour(current.point_hours).items())),
        points=tuple(sorted(_next_rows(dict(shown.points), points).items())),
        reasons=current.reasons,
        behind=tuple(sorted(points.items())),
    )


def closed(current: DayCounts, at: int) -> Step:
    """A day that is over, or that nobody watched live: all of it."""
    points = tuple(sorted(by_point(current.point_hours).items()))
    hours = tuple(sorted(by_hour(current.point_hours).items()))
    return Step(current.day, 0, at, hours, points, current.reasons, points)


def by_point(rows: Iterable[PointHour]) -> dict[PointId, Tally]:
    """The sum of each point."""
    points: dict[PointId, Tally] = {}
    for point, _, tally in rows:
        points[point] = points[point] + tally if point in points else tally
    return points


def by_hour(rows: Iterable[PointHour]) -> dict[int, Tally]:
    """The sum of each hour."""
    hours: dict[int, Tally] = {}
    for _, hour, tally in rows:
        hours[hour] = hours[hour] + tally if hour in hours else tally
    return hours


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum."""
    return sum(tallies, Tally())


def pack(step: Step) -> str:
    """The step as JSON, to be kept."""
    return json.dumps(
        {
            "serial": step.serial,
            "hours": [[hour, astuple(tally)] for hour, tally in step.hours],
            "points": [[point, astuple(tally)] for point, tally in step.points],
            "behind": [[point, astuple(tally)] for point, tally in step.behind],
            "reasons": step.reasons,
        },
        separators=(",", ":"),
    )


def unpack(day: int, made_at: int, text: str) -> Step:
    """The step that was kept."""
    body = json.loads(text)
    return Step(
        day=day,
        serial=body["serial"],
        made_at=made_at,
        hours=tuple((hour, Tally(*counts)) for hour, counts in body["hours"]),
        points=tuple((PointId(point), Tally(*counts)) for point, counts in body["points"]),
        reasons=tuple(
            ReasonCount(hour, Face(face), *rest) for hour, face, *rest in body["reasons"]
        ),
        behind=tuple((PointId(point), Tally(*counts)) for point, counts in body["behind"]),
    )


def _news(before: Mapping[PointId, Tally], after: Mapping[PointId, Tally]) -> dict[PointId, int]:
    """How many answers of each point came or, put right by a late anchor, went."""
    return {
        point: _moved(before.get(point, Tally()), after.get(point, Tally()))
        for point in sorted({*before, *after})
    }


def _moved(before: Tally, after: Tally) -> int:
    changes = [after.of(face) - before.of(face) for face in Face]
    return max(sum(c for c in changes if c > 0), -sum(c for c in changes if c < 0))


def _next_rows(
    rows: Mapping[PointId, Tally], points: Mapping[PointId, Tally]
) -> dict[PointId, Tally]:
    news = _news(rows, points)
    hidden = hide_line(list(news.values()), STEP)
    stay = {point for place, point in enumerate(news) if hidden.total or place in hidden.cells}
    after = {point: (rows if point in stay else points).get(point, Tally()) for point in news}
    return {point: tally for point, tally in after.items() if tally != Tally()}
