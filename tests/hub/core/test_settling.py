"""Settling: what is read at once, what waits for an anchor, and what moves afterwards."""

from __future__ import annotations

from hub.core.hours import Hours
from hub.core.placing import Anchorage
from hub.core.ports import Boot, Doubtful, Entries, LedgerKey
from hub.core.settling import Site, boots_in, new_anchors, read_records, settle, settle_again
from hub.core.tallying import by_hour
from shared.moments import Moment
from shared.records import Loss, LossCause, Record
from shared.wire import encode_record
from tests.fakes.kiosk import BOOT, NOON, anchor, sale, visit
from tests.parts.archives import CAJA_1, CENTRO, K1, counts

KEY = LedgerKey(CENTRO, K1, "0" * 16)
HOURS = Hours("Europe/Madrid")
HOUR_MS = 3_600_000
SITE = Site(KEY, 7, frozenset({CAJA_1}), HOURS, NOON + HOUR_MS)
HERE = Boot(CENTRO, K1, BOOT)
UNSURE = Moment(0, 0, False)


def test_records_are_sorted_into_what_they_need() -> None:
    loss = Loss(1, 1, LossCause.QUOTA)
    records: list[Record] = [
        visit(),
        visit(UNSURE),
        anchor(5, NOON),
        loss,
        visit(point="gone"),
        sale(),
    ]
    reading = read_records(SITE, [*map(encode_record, records), b"7"], start=11)
    assert [(row[2], row[4]) for row in reading.rows] == [
        (11, NOON),
        (13, None),
        (14, None),
        (16, NOON),
    ]
    assert [one.seq for one in reading.waiting] == [12]
    assert reading.losses == [loss]
    assert [(one.seq, one.code) for one in reading.refused] == [
        (15, "unknown_point"),
        (17, "unreadable"),
    ]
    assert boots_in(KEY, reading) == {HERE}


def test_only_anchors_beyond_those_known_are_new() -> None:
    came = [anchor(5, NOON), anchor(9, NOON), anchor(7, NOON), anchor(1, NOON, "c" * 32)]
    found = new_anchors(KEY, came, {HERE: [Anchorage(6, NOON)]}, SITE.at)
    other = Boot(CENTRO, K1, "c" * 32)
    assert found == [(HERE, Anchorage(9, NOON)), (other, Anchorage(1, NOON))]


def test_what_waited_is_entered_where_its_anchor_says() -> None:
    reading = read_records(SITE, [encode_record(visit(UNSURE))], start=1)
    entries = Entries(SITE.at)
    settle(entries, SITE, reading, {HERE: [Anchorage(HOUR_MS, NOON)]})
    assert by_hour(entries.counts[CENTRO]) == {
        (CAJA_1, NOON - HOUR_MS): list(counts(happy=1)),
    }
    assert entries.doubtful == []


def test_what_stays_doubtful_is_noted() -> None:
    reading = read_records(SITE, [encode_record(visit(UNSURE))], start=1)
    entries = Entries(SITE.at)
    settle(entries, SITE, reading, {})
    assert entries.doubtful == [(HERE, 7, 1)]
    assert [row[4] for row in entries.records] == [SITE.at]


def test_a_record_that_moves_is_minus_its_old_and_plus_its_new_contribution() -> None:
    stored = Doubtful(7, 1, SITE.at, SITE.at, encode_record(visit(UNSURE)))
    entries = Entries(SITE.at)
    settle_again(entries, HERE, [stored], HOURS, {HERE: [Anchorage(HOUR_MS, NOON)]})
    assert by_hour(entries.counts[CENTRO]) == {
        (CAJA_1, SITE.at): list(counts(happy=-1)),
        (CAJA_1, NOON - HOUR_MS): list(counts(happy=1)),
    }
    assert entries.moved == [(CENTRO, 7, 1, NOON - HOUR_MS)]
    assert entries.settled == [(HERE, 7, 1)]


def test_a_record_that_stays_in_its_hour_is_only_settled() -> None:
    stored = Doubtful(7, 1, SITE.at, NOON - HOUR_MS, encode_record(visit(UNSURE)))
    entries = Entries(SITE.at)
    settle_again(entries, HERE, [stored], HOURS, {HERE: [Anchorage(HOUR_MS, NOON)]})
    assert (entries.counts[CENTRO], entries.moved) == ({}, [])
    assert entries.settled == [(HERE, 7, 1)]
