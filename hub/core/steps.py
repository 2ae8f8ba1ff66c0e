"""What is told of one local date of a store, and what of it is still held back.

A step is what was last told. It moves on by `core.stepping`, so that nobody can watch one shopper
or one cashier; what is kept beside it (`Held`) is never shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from hub.core.satisfaction import Tally
from shared.places import PointId
from shared.visits import Face

Key = TypeVar("Key")


class PointHour(NamedTuple):
    """The tally of one point and trading hour (`hour`: the instant at which it begins)."""

    point_id: PointId
    hour: int
    tally: Tally


class ReasonCount(NamedTuple):
    """How many named this reason after this face, in one trading hour of a point."""

    hour: int
    face: Face
    reason: str
    answers: int
    point_id: PointId = PointId("")


@dataclass(frozen=True, slots=True)
class DayCounts:
    """All that is known of one store's local date, which began at `begins`."""

    day: int
    begins: int
    point_hours: tuple[PointHour, ...] = ()
    reasons: tuple[ReasonCount, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What a step knows and does not show.

    `behind` is all that has been dealt with, by point and hour. Of that, `hours`, `points` and
    `cells` are what counts in the store's figure, but not yet in that hour, point or cell.
    """

    behind: tuple[PointHour, ...] = ()
    hours: tuple[tuple[int, Tally], ...] = ()
    points: tuple[tuple[PointId, Tally], ...] = ()
    cells: tuple[PointHour, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What is told of one store's day; `serial` rises with every step, `made_at` is its time.

    `tally` is the store's, `hours` and `points` are its hours and points, `cells` (of days that
    are over) each point's hours. What is not in them is not shown. `over` says that the day was
    closed, `settled` that its week was, too; `known` is the mark of what was counted then.
    """

    day: int
    serial: int
    made_at: int
    tally: Tally = field(default_factory=Tally)
    hours: tuple[tuple[int, Tally], ...] = ()
    points: tuple[tuple[PointId, Tally], ...] = ()
    cells: tuple[PointHour, ...] = ()
    reasons: tuple[ReasonCount, ...] = ()
    held: Held = field(default_factory=Held)
    over: bool = False
    settled: bool = False
    known: int = 0


def by_point(rows: Iterable[PointHour]) -> dict[PointId, Tally]:
    """The sum of each point."""
    return summed((point, tally) for point, _, tally in rows)


def by_hour(rows: Iterable[PointHour]) -> dict[int, Tally]:
    """The sum of each hour."""
    return summed((hour, tally) for _, hour, tally in rows)


def summed(parts: Iterable[tuple[Key, Tally]]) -> dict[Key, Tally]:
    """The sum of each key."""
    sums: dict[Key, Tally] = {}
    for key, tally in parts:
        sums[key] = sums[key] + tally if key in sums else tally
    return sums


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum."""
    return sum(tallies, Tally())


def pack(step: Step) -> str:
    """The step as JSON, to be kept."""
    held = step.held
    body = {
        "serial": step.serial,
        "tally": _counts(step.tally),
        "hours": _pairs(step.hours),
        "points": _pairs(step.points),
        "cells": _cells(step.cells),
        "reasons": step.reasons,
        "held": [_cells(held.behind), _pairs(held.hours), _pairs(held.points), _cells(held.cells)],
        "over": step.over,
        "settled": step.settled,
        "known": step.known,
    }
    return json.dumps(body, separators=(",", ":"))


def unpack(day: int, made_at: int, text: str) -> Step:
    """The step that was kept."""
    body: Mapping[str, Any] = json.loads(text)
    behind, hours, points, cells = body["held"]
    return Step(
        day=day,
        serial=body["serial"],
        made_at=made_at,
        tally=Tally(*body["tally"]),
        hours=_unpaired(body["hours"]),
        points=_unpaired(body["points"]),
        cells=_uncelled(body["cells"]),
        reasons=tuple(
            ReasonCount(hour, Face(face), *rest) for hour, face, *rest in body["reasons"]
        ),
        held=Held(_uncelled(behind), _unpaired(hours), _unpaired(points), _uncelled(cells)),
        over=body["over"],
        settled=body["settled"],
        known=body["known"],
    )


def _counts(tally: Tally) -> tuple[int, ...]:
    """Without the last where it is nothing: steps of before there were suspects stay the same."""
    return tally.counts if tally.suspect else tally.counts[:-1]


def _pairs(tallies: Iterable[tuple[Any, Tally]]) -> list[Any]:
    return [[key, _counts(tally)] for key, tally in tallies]


def _unpaired(rows: Any) -> tuple[tuple[Any, Tally], ...]:
    return tuple((key, Tally(*counts)) for key, counts in rows)


def _cells(rows: Iterable[PointHour]) -> list[Any]:
    return [[point, hour, *_counts(tally)] for point, hour, tally in rows]


def _uncelled(rows: Any) -> tuple[PointHour, ...]:
    return tuple(PointHour(point, hour, Tally(*counts)) for point, hour, *counts in rows)
