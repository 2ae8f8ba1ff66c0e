"""What one record adds to the counts of its store; sums of it are the tallies.

Contributions form a commutative group under addition: order and grouping change nothing, and what
was added can be taken away again exactly. That is why a record that moves to another hour is
minus its old contribution and plus its new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

from hub.core.hours import Hour
from shared.places import PointId
from shared.sales import Sale
from shared.visits import Visit

COLUMNS: Final = ("sales", "sad", "neutral", "happy", "skipped", "timed_out", "blocked", "suspect")
"""What a tally counts, in the order of its columns."""

SUSPECT: Final = "suspect"
"""The column of answers that are probably no shopper's, whatever their face."""

Contribution = tuple[PointId, int, int, int, str, str | None]
"""One count of one store: point, instant at which the local hour begins, local day (20261122),
hour of day, column, and reason. A reason stands beside an answer alone, so its column is the face.
A bare tuple, because a hundred thousand a second are keys of a dictionary."""

Counts = dict[Contribution, int]
"""How often each contribution was made; a negative number takes away."""

Counted = frozenset[tuple[int, str]]
"""Local days and codes whose suspects count after all, by a manager's decision."""

NONE: Final[Counted] = frozenset()

Key = TypeVar("Key")

_PLACE: Final = {column: place for place, column in enumerate(COLUMNS)}


def contribution(record: Visit | Sale, hour: Hour, counted: Counted = NONE) -> Contribution:
    """What a visit or a sale adds when it counts in that hour; a suspect's face and reason count
    only where that was decided."""
    if isinstance(record, Sale):
        return record.point_id, hour.start, hour.day, hour.hour_of_day, "sales", None
    if record.suspect is not None and (hour.day, record.suspect) not in counted:
        return record.point_id, hour.start, hour.day, hour.hour_of_day, SUSPECT, None
    column = (record.face or record.outcome)._value_  # half the cost of `.value`
    return record.point_id, hour.start, hour.day, hour.hour_of_day, column, record.reason


def add(counts: Counts, more: Counts) -> None:
    """Add `more` to `counts`."""
    for one, times in more.items():
        counts[one] = counts.get(one, 0) + times


def by_hour(counts: Counts) -> dict[tuple[str, int], list[int]]:
    """Rows of `tallies`: the counts in the order of COLUMNS, by point and hour."""
    return _rows(((one[0], one[1]), one[4], times) for one, times in counts.items())


def by_day(counts: Counts) -> dict[tuple[int, int], list[int]]:
    """Rows of `store_tallies`: the counts in the order of COLUMNS, by local day and hour of day."""
    return _rows(((one[2], one[3]), one[4], times) for one, times in counts.items())


def by_reason(counts: Counts) -> dict[tuple[str, int, str, str], int]:
    """Rows of `reason_tallies`: answers by point, hour, face and reason."""
    rows: dict[tuple[str, int, str, str], int] = {}
    for (point, hour, _, _, face, reason), times in counts.items():
        if reason is not None:
            key = (point, hour, face, reason)
            rows[key] = rows.get(key, 0) + times
    return {key: answers for key, answers in rows.items() if answers}


def _rows(parts: Iterable[tuple[Key, str, int]]) -> dict[Key, list[int]]:
    rows: dict[Key, list[int]] = {}
    for key, column, times in parts:
        row = rows.get(key)
        if row is None:
            row = rows[key] = [0] * len(COLUMNS)
        row[_PLACE[column]] += times
    return {key: row for key, row in rows.items() if any(row)}
