"""Where the records of a batch count.

Nearly every record has a trusted clock and is settled as it is read. The others wait until all
anchors that came with them are known; what was stored as doubtful before is then put right by the
same rule: a record that moves is minus its old contribution and plus its new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hub.core.hours import Hours
from hub.core.placing import Anchorage, extend, place, trusted
from hub.core.ports import Boot, Doubtful, Entries, LedgerKey, Lost, RecordRow, ResponseRow
from hub.core.quarantine import told
from hub.core.responses import row_of
from hub.core.tallying import NONE, SUSPECT, Counted, Counts, add, contribution
from hub.core.waiting.facts import Sold
from hub.core.waiting.trusting import LATE_MS
from shared.errors import WireError
from shared.moments import Moment
from shared.places import PointId
from shared.questionnaires import Response
from shared.records import Anchor, Loss, Record
from shared.sales import Sale
from shared.visits import Visit
from shared.wire import decode_record, encode_record

Anchors = Mapping[Boot, Sequence[Anchorage]]


@dataclass(frozen=True, slots=True)
class Site:
    """Whose records they are, and what is known of that place."""

    key: LedgerKey
    ledger: int
    points: frozenset[PointId]
    hours: Hours
    at: int


class Waiting(NamedTuple):
    """A record that counts where an anchor says, or a decision."""

    seq: int
    body: bytes
    record: Visit | Sale | Response


class Refused(NamedTuple):
    """A record that goes to quarantine."""

    seq: int
    body: bytes
    code: str
    detail: str


@dataclass(slots=True)
class Reading:
    """What a batch's new records come to."""

    rows: list[RecordRow] = field(default_factory=list)
    counts: Counts = field(default_factory=dict)
    waiting: list[Waiting] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    responses: list[ResponseRow] = field(default_factory=list)
    sales: list[Sold] = field(default_factory=list)
    """Of just now: the queue may not have heard of them."""


def read_records(site: Site, bodies: Iterable[bytes], start: int) -> Reading:
    """Read new records, the first of which has the seq `start`."""
    found = Reading()
    counts, rows, at, hour_of = found.counts, found.rows, site.at, site.hours.hour_of
    store, ledger, points = site.key.store_id, site.ledger, site.points
    just_now = at - LATE_MS
    for seq, body in enumerate(bodies, start):
        try:
            record = decode_record(body)
        except WireError as fault:
            found.refused.append(Refused(seq, body, fault.code, told(fault)))
            continue
        if not isinstance(record, (Visit, Sale)) or record.point_id not in points:
            _read_other(found, site, seq, body, record)
            continue
        moment = moment_of(record)
        if trusted(moment, at):
            hour = hour_of(moment.wall)
            if moment.wall > just_now and isinstance(record, Sale):
                found.sales.append(Sold(moment.wall, record.point_id))
            one = contribution(record, hour)
            if one[4] == SUSPECT:
                found.waiting.append(Waiting(seq, body, record))
                continue
            counts[one] = counts.get(one, 0) + 1
            rows.append((store, ledger, seq, at, hour.start, body))
        else:
            found.waiting.append(Waiting(seq, body, record))
    return found


def _read_other(found: Reading, site: Site, seq: int, body: bytes, record: Record) -> None:
    """What counts in no hour: anchors, losses, responses; and what came from no point of it."""
    if isinstance(record, Anchor):
        found.anchors.append(record)
    elif isinstance(record, Loss):
        found.losses.append(record)
    elif record.point_id not in site.points:
        detail = f"{site.key.store_id} has no point {record.point_id}"
        found.refused.append(Refused(seq, body, "unknown_point", detail))
        return
    elif isinstance(record, Response):
        if not trusted(record.begun, site.at):
            found.waiting.append(Waiting(seq, body, record))
            return
        day = site.hours.hour_of(record.begun.wall).day
        found.responses.append(row_of(record, site.key.store_id, site.ledger, seq, day))
    found.rows.append((site.key.store_id, site.ledger, seq, site.at, None, body))


def moment_of(record: Visit | Sale | Response) -> Moment:
    """The moment whose hour a record counts in; of a response, whose day."""
    if isinstance(record, Response):
        return record.begun
    return record.counts_at if isinstance(record, Visit) else record.at


def boots_in(key: LedgerKey, reading: Reading) -> set[Boot]:
    """The boots whose anchors matter."""
    ids = {one.record.boot_id for one in reading.waiting}
    ids.update(anchor.boot_id for anchor in reading.anchors)
    return {Boot(key.store_id, key.kiosk_id, boot_id) for boot_id in ids}


def new_anchors(
    key: LedgerKey, came: Iterable[Anchor], known: Anchors, received_at: int
) -> list[tuple[Boot, Anchorage]]:
    """The anchors that may be taken, of those that came in this order."""
    by_boot: dict[Boot, list[Anchorage]] = {}
    for anchor in came:
        boot = Boot(key.store_id, key.kiosk_id, anchor.boot_id)
        by_boot.setdefault(boot, []).append(Anchorage(anchor.boot, anchor.true))
    return [
        (boot, anchor)
        for boot, anchors in by_boot.items()
        for anchor in extend(known.get(boot, ()), anchors, received_at)
    ]


def settle(
    entries: Entries, site: Site, reading: Reading, anchors: Anchors, counted: Counted = NONE
) -> None:
    """Enter a reading: what waited is placed now; what stays doubtful, and suspects, are noted."""
    store, at = site.key.store_id, site.at
    for seq, body, record in reading.waiting:
        boot = Boot(store, site.key.kiosk_id, record.boot_id)
        instant, doubtful = place(moment_of(record), anchors.get(boot, ()), at)
        hour = site.hours.hour_of(instant)
        if isinstance(record, Response):
            reading.responses.append(row_of(record, store, site.ledger, seq, hour.day))
            reading.rows.append((store, site.ledger, seq, at, None, body))
        else:
            add(reading.counts, {contribution(record, hour, counted): 1})
            reading.rows.append((store, site.ledger, seq, at, hour.start, body))
        if doubtful:
            entries.doubtful.append((boot, site.ledger, seq))
        if isinstance(record, Visit) and record.suspect is not None:
            entries.suspects.append((store, site.ledger, seq, record.suspect))
    entries.records += reading.rows
    entries.responses += reading.responses
    add(entries.counts.setdefault(store, {}), reading.counts)
    entries.notices += [
        Lost(store, site.ledger, one.first, one.last, encode_record(one).decode())
        for one in reading.losses
    ]


def settle_again(
    entries: Entries,
    boot: Boot,
    stored: Iterable[Doubtful],
    hours: Hours,
    anchors: Anchors,
    counted: Counted = NONE,
) -> None:
    """Put right what was stored before the newest anchors of this boot came."""
    counts = entries.counts.setdefault(boot.store_id, {})
    for one in stored:
        record = decode_record(one.body)
        assert isinstance(record, (Visit, Sale, Response))  # noqa: S101 - no others are doubtful
        instant, doubtful = place(moment_of(record), anchors[boot], one.received_at)
        hour = hours.hour_of(instant)
        if isinstance(record, Response) or one.hour is None:
            entries.redated.append((boot.store_id, one.ledger, one.seq, hour.day))
        elif hour.start != one.hour:
            add(counts, {contribution(record, hours.hour_of(one.hour), counted): -1})
            add(counts, {contribution(record, hour, counted): 1})
            entries.moved.append((boot.store_id, one.ledger, one.seq, hour.start))
        if not doubtful:
            entries.settled.append((boot, one.ledger, one.seq))
