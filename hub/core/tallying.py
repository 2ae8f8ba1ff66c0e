"""What one record adds to the counts of its store; sums of it are the tallies.

Contributions form a commutative group under addition: order and grouping change nothing, and what
was added can be taken away again exactly. That is why a record that moves to another hour is
minus its old contribution and plus its new one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple, TypeVar

from hub.core.hours import Hour
from shared.moments import Moment
from shared.places import PointId
from shared.records import Record
from shared.sales import Sale
from shared.visits import Visit

COLUMNS: Final = ("sales", "sad", "neutral", "happy", "skipped", "timed_out", "blocked")
"""What a tally counts, in the order of its columns."""

Key = TypeVar("Key")

_PLACE: Final = {column: place for place, column in enumerate(COLUMNS)}


class Contribution(NamedTuple):
    """One count of one store: a tuple, because thousands a second are keys of a dictionary.

    `hour` is the instant at which the local hour begins, `day` the local date as 20261122.
    `reason` stands beside an answer alone, so `column` is then the face.
    """

    point_id: PointId
    hour: int
    day: int
    hour_of_day: int
    column: str
    reason: str | None


Counts = dict[Contribution, int]
"""How often each contribution was made; a negative number takes away."""


def counting_moment(record: Record) -> Moment | None:
    """The moment whose hour a record counts in; None where it counts nowhere."""
    if isinstance(record, Visit):
        return record.counts_at
    return record.at if isinstance(record, Sale) else None


def contribution(record: Visit | Sale, hour: Hour) -> Contribution:
    """What a visit or a sale adds when it counts in that hour."""
    if isinstance(record, Sale):
        return Contribution(record.point_id, hour.start, hour.day, hour.hour_of_day, "sales", None)
    column = (record.face or record.outcome).value
    return Contribution(
        record.point_id, hour.start, hour.day, hour.hour_of_day, column, record.reason
    )


def add(counts: Counts, one: Contribution, times: int = 1) -> None:
    """Add a contribution so many times (−1 takes it away)."""
    counts[one] = counts.get(one, 0) + times


def merged(*many: Counts) -> Counts:
    """The sum, without what came out as nothing."""
    total: Counts = {}
    for counts in many:
        for one, times in counts.items():
            add(total, one, times)
    return {one: times for one, times in total.items() if times}


def by_hour(counts: Counts) -> dict[tuple[str, int], list[int]]:
    """Rows of `tallies`: the counts in the order of COLUMNS, by point and hour."""
    return _rows(((one.point_id, one.hour), one.column, times) for one, times in counts.items())


def by_day(counts: Counts) -> dict[tuple[int, int], list[int]]:
    """Rows of `store_tallies`: the counts in the order of COLUMNS, by local day and hour of day."""
    return _rows(((one.day, one.hour_of_day), one.column, times) for one, times in counts.items())


def by_reason(counts: Counts) -> dict[tuple[str, int, str, str], int]:
    """Rows of `reason_tallies`: answers by point, hour, face and reason."""
    rows: dict[tuple[str, int, str, str], int] = {}
    for one, times in counts.items():
        if one.reason is not None:
            key = (one.point_id, one.hour, one.column, one.reason)
            rows[key] = rows.get(key, 0) + times
    return {key: answers for key, answers in rows.items() if answers}


def _rows(parts: Iterable[tuple[Key, str, int]]) -> dict[Key, list[int]]:
    rows: dict[Key, list[int]] = {}
    for key, column, times in parts:
        row = rows.setdefault(key, [0] * len(COLUMNS))
        row[_PLACE[column]] += times
    return {key: row for key, row in rows.items() if any(row)}
