"""The tallies counted anew from raw records, and where they differ from those that stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hub.core.hours import Hours
from hub.core.placing import Anchorage, place
from hub.core.ports import ResponseRow
from hub.core.responses import row_of
from hub.core.settling import moment_of
from hub.core.tallying import NONE, Counted, Counts, add, contribution
from shared.places import StoreId
from shared.questionnaires import Response
from shared.records import Record
from shared.sales import Sale
from shared.visits import Visit
from shared.wire import decode_record

Row = tuple[str | int, ...]
"""The key of a row of a tally table, without the store."""

COUNTLESS = (b'{"anchor"', b'{"loss"')
"""How records that count nowhere begin as our own kiosks write them: not worth reading."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of a tally table that is not what the records say."""

    table: str
    store_id: StoreId
    key: Row
    stands: tuple[int, ...]
    counted: tuple[int, ...]

    def __str__(self) -> str:
        key = " ".join(str(part) for part in self.key)
        return f"{self.table} {self.store_id} {key}: stands {self.stands}, counted {self.counted}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a recount found: how many records it read, and every difference."""

    records: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Store:
    """What a recount needs of a store: hours before `sealed` stand without their records."""

    store_id: StoreId
    hours: Hours
    sealed: int
    anchors: Mapping[tuple[str, str], list[Anchorage]]  # by kiosk and boot
    counted: Counted = NONE
    suspects: Mapping[tuple[int, int], str] = field(default_factory=dict)  # ledger and seq: code


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it lies in the database; `hour` is where intake noted that it counts."""

    kiosk_id: str
    ledger: int
    seq: int
    received_at: int
    hour: int | None
    body: bytes


def recount(
    store: Store,
    counts: Counts,
    records: Iterable[Stored],
    responses: list[ResponseRow] | None = None,
) -> list[Difference]:
    """Add records to the counts; returns those that intake noted down under another hour.

    The place of each is worked out anew from its own bytes and the anchors. What stands beside a
    response joins `responses`.
    """
    beside = [] if responses is None else responses
    strays: list[Difference] = []
    for one in records:
        if one.body.startswith(COUNTLESS) and one.hour is None:
            continue
        record, begins = decode_record(one.body), None
        if isinstance(record, (Visit, Sale, Response)):
            known = store.anchors.get((one.kiosk_id, record.boot_id), ())
            hour = store.hours.hour_of(place(moment_of(record), known, one.received_at)[0])
        if isinstance(record, Response):
            beside.append(row_of(record, store.store_id, one.ledger, one.seq, hour.day))
        elif isinstance(record, (Visit, Sale)):
            begins = hour.start
            if begins >= store.sealed:
                add(counts, {contribution(record, hour, store.counted): 1})
        strays += _doubted(store, one, record)
        if begins != one.hour:
            key, stands, counted = (one.ledger, one.seq), one.hour or 0, begins or 0
            strays.append(Difference("records", store.store_id, key, (stands,), (counted,)))
    return strays


def _doubted(store: Store, one: Stored, record: Record) -> Iterable[Difference]:
    """Where it is not noted that a record is suspect, or why."""
    code = record.suspect if isinstance(record, Visit) else None
    stands = store.suspects.get((one.ledger, one.seq))
    if code != stands:
        key, present = (one.ledger, one.seq, code or ""), (int(stands is not None),)
        yield Difference("suspects", store.store_id, key, present, (int(code is not None),))


def compare(
    table: str,
    store: StoreId,
    stands: Mapping[Row, tuple[int, ...]],
    counted: Mapping[Row, tuple[int, ...]],
) -> list[Difference]:
    """Every key whose rows differ; a row of nothing is the same as no row."""
    nothing: tuple[int, ...] = ()
    found = []
    for key in sorted(stands.keys() | counted.keys()):
        left, right = stands.get(key, nothing), counted.get(key, nothing)
        if left != right and (any(left) or any(right)):
            found.append(Difference(table, store, key, left, right))
    return found
