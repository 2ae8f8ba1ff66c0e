"""What a store's queue learned of services and arrivals, as JSON and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from hub.core.waiting.facts import LineId
from hub.core.waiting.floor import Floor
from hub.core.waiting.services import Cell, Services, Sum
from hub.core.waiting.usual import QUARTERS, Seen, Usual
from shared.errors import WordError
from shared.places import PointId


@dataclass(frozen=True, slots=True)
class Lessons:
    """What services took, and how many usually come to each line."""

    services: Services = field(default_factory=Services)
    usual: Mapping[LineId, Usual] = field(default_factory=dict)


def lessons_of(floor: Floor) -> Lessons:
    """What was learned on this floor."""
    return Lessons(floor.services, floor.usual)


def to_body(lessons: Lessons) -> str:
    """As JSON; arrivals to a tenth of a shopper and a second, which nobody can tell apart."""
    sums = [[*cell, *map(_short, one)] for cell, one in lessons.services.sums.items()]
    usual = {
        line: [[place, _short(seen.came), round(seen.ms)] for place, seen in one.seen.items()]
        for line, one in lessons.usual.items()
    }
    return json.dumps({"services": sums, "usual": usual}, separators=(",", ":"))


def from_body(body: str) -> Lessons:
    """What was learned; raises WordError where it cannot be read."""
    try:
        fields = json.loads(body)
        services = Services(dict(map(_cell, fields["services"])))
        usual = {LineId(str(line)): _usual(rows) for line, rows in fields["usual"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise WordError(f"lessons that cannot be read: {fault!r:.200}") from fault
    return Lessons(services, usual)


def _cell(row: list[Any]) -> tuple[Cell, Sum]:
    point, hour, *sums = row
    if not (point is None or isinstance(point, str)) or hour not in (None, *range(24)):
        raise ValueError("a cell of no register")
    times, total, squares = map(_positive, sums)
    return (None if point is None else PointId(point), hour), Sum(times, total, squares)


def _usual(rows: list[Any]) -> Usual:
    return Usual({_place(place): Seen(_positive(came), _positive(ms)) for place, came, ms in rows})


def _place(place: Any) -> int:
    if type(place) is not int or not 0 <= place < QUARTERS:
        raise ValueError("no quarter of a week")
    return place


def _positive(number: Any) -> float:
    if type(number) not in (int, float) or not isfinite(number) or number < 0:
        raise ValueError("a number that nothing can have")
    return float(number)


def _short(number: float) -> float:
    return round(number, 2)
