"""Usual ways to stand in line, laid out from a store's own points; a store may change any of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.core.ports import Point
from shared.places import PointId

REGISTER: Final = "register"
"""The kind of a point with a till; people stand in line before no other kind."""

_BY_THEMSELVES: Final = re.compile(r"\b(self|auto|sco\b)", re.IGNORECASE)
"""How self-checkout is called: self-checkout, autocobro, autocaja, auto-1, SCO."""


class Arrangement(StrEnum):
    """How people stand in line."""

    ONE_LINE = "one-line"
    LANES = "lanes"
    MIXTURE = "mixture"


@dataclass(frozen=True, slots=True)
class Laid:
    """A line as it is laid out; `name` is empty where the words of a language are to be put."""

    points: tuple[PointId, ...]
    name: str = ""
    lane: bool = False
    alone: bool = False
    """People serve themselves there."""


def registers(points: Collection[Point]) -> list[Point]:
    """The points before which people stand in line, in the order in which they stand."""
    found = [point for point in points if point.kind == REGISTER]
    return sorted(found, key=lambda one: (one.position, one.point_id))


def arranged(how: Arrangement, points: Collection[Point]) -> list[Laid]:
    """The lines of a store whose people stand like that; none where it has no registers."""
    found = registers(points)
    if not found:
        return []
    if how is Arrangement.LANES:
        return [Laid((one.point_id,), one.name, lane=True) for one in found]
    alone = [one for one in found if serves_itself(one)] if how is Arrangement.MIXTURE else []
    served = [one for one in found if one not in alone]
    return [*_line(served), *_line(alone, alone=True)]


def serves_itself(point: Point) -> bool:
    """Whether a register is one of those at which people serve themselves, by its name."""
    return bool(_BY_THEMSELVES.search(f"{point.point_id} {point.name}"))


def _line(points: Sequence[Point], *, alone: bool = False) -> list[Laid]:
    return [Laid(tuple(one.point_id for one in points), alone=alone)] if points else []
