"""Where the records of a sitting count, once all anchors that came with them are known.

New records and those that were doubtful before are placed by the same rule; a record that moves is
minus its old contribution and plus its new one. Nothing here depends on the order in which kiosks
were heard.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hub.core.hearing import Kept
from hub.core.hours import Hours
from hub.core.placing import Anchorage, extend, place, trusted
from hub.core.ports import Boot, Doubtful, Entries, LedgerKey, RecordRow
from hub.core.tallying import add, contribution
from shared.records import Anchor
from shared.sales import Sale
from shared.visits import Visit
from shared.wire import decode_record

Anchors = Mapping[Boot, list[Anchorage]]


def boots_in(key: LedgerKey, kept: Iterable[Kept], received_at: int) -> set[Boot]:
    """The boots whose anchors matter for these records: most records need none."""
    ids = {
        record.boot_id
        for _, _, record in kept
        if isinstance(record, Anchor)
        or (isinstance(record, Visit) and not trusted(record.counts_at, received_at))
        or (isinstance(record, Sale) and not trusted(record.at, received_at))
    }
    return {Boot(key.store_id, key.kiosk_id, boot_id) for boot_id in ids}


def new_anchors(
    key: LedgerKey, kept: Iterable[Kept], known: Anchors, received_at: int
) -> list[tuple[Boot, Anchorage]]:
    """The anchors among these records, as far as they may be taken."""
    came: dict[Boot, list[Anchorage]] = {}
    for one in kept:
        if isinstance(one.record, Anchor):
            boot = Boot(key.store_id, key.kiosk_id, one.record.boot_id)
            came.setdefault(boot, []).append(Anchorage(one.record.boot, one.record.true))
    return [
        (boot, anchor)
        for boot, anchors in came.items()
        for anchor in extend(known.get(boot, []), anchors, received_at)
    ]


def settle(
    entries: Entries,
    key: LedgerKey,
    ledger: int,
    kept: Iterable[Kept],
    hours: Hours,
    anchors: Anchors,
) -> None:
    """Enter new records: the row, what it counts, and whether it stays doubtful."""
    store, at = key.store_id, entries.at
    counts = entries.counts.setdefault(store, {})
    rows = entries.records
    for seq, body, record in kept:
        if not isinstance(record, (Visit, Sale)):
            rows.append(RecordRow(store, ledger, seq, at, None, body))
            continue
        moment = record.counts_at if isinstance(record, Visit) else record.at
        boot = Boot(store, key.kiosk_id, record.boot_id)
        instant, doubtful = place(moment, anchors.get(boot, ()), at)
        hour = hours.hour_of(instant)
        add(counts, contribution(record, hour))
        rows.append(RecordRow(store, ledger, seq, at, hour.start, body))
        if doubtful:
            entries.doubtful.append((boot, ledger, seq))


def settle_again(
    entries: Entries, boot: Boot, stored: Iterable[Doubtful], hours: Hours, anchors: Anchors
) -> None:
    """Put right what was stored before the newest anchors of this boot came."""
    counts = entries.counts.setdefault(boot.store_id, {})
    for one in stored:
        record = decode_record(one.body)
        if not isinstance(record, (Visit, Sale)):
            continue
        moment = record.counts_at if isinstance(record, Visit) else record.at
        instant, doubtful = place(moment, anchors[boot], one.received_at)
        hour = hours.hour_of(instant)
        if hour.start != one.hour:
            add(counts, contribution(record, hours.hour_of(one.hour)), -1)
            add(counts, contribution(record, hour))
            entries.moved.append((boot.store_id, one.ledger, one.seq, hour.start))
        if not doubtful:
            entries.settled.append((boot, one.ledger, one.seq))
