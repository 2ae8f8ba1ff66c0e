"""Recounting: from bytes and anchors alone."""

from __future__ import annotations

from hub.core.hours import Hours
from hub.core.placing import Anchorage
from hub.core.recounting import Difference, Row, Store, Stored, compare, recount
from hub.core.tallying import Counts, by_hour
from shared.moments import Moment
from shared.wire import encode_record
from tests.fakes.kiosk import BOOT, NOON, anchor, sale, visit
from tests.parts.archives import CAJA_1, CENTRO, K1, counts

HOUR_MS = 3_600_000
STORE = Store(CENTRO, Hours("Europe/Madrid"), 0, {(K1, BOOT): [Anchorage(HOUR_MS, NOON)]})
SEALED = Store(CENTRO, STORE.hours, NOON, STORE.anchors)

RECORDS = [
    Stored(K1, 1, 1, NOON, NOON, encode_record(sale())),
    Stored(K1, 1, 2, NOON, NOON - HOUR_MS, encode_record(visit(Moment(0, 0, False)))),
    Stored(K1, 1, 3, NOON, None, encode_record(anchor(HOUR_MS, NOON))),
]


def test_every_record_counts_where_its_own_bytes_say() -> None:
    found: Counts = {}
    assert recount(STORE, found, RECORDS) == []
    assert by_hour(found) == {
        (CAJA_1, NOON): list(counts(sales=1)),
        (CAJA_1, NOON - HOUR_MS): list(counts(happy=1)),
    }


def test_sealed_hours_are_left_out() -> None:
    found: Counts = {}
    recount(SEALED, found, RECORDS)
    assert by_hour(found) == {(CAJA_1, NOON): list(counts(sales=1))}


def test_a_record_noted_elsewhere_is_a_stray() -> None:
    strays = [
        Stored(K1, 1, 1, NOON, NOON + 1, encode_record(sale())),
        Stored(K1, 1, 2, NOON, None, encode_record(sale())),
        Stored(K1, 1, 3, NOON, NOON, encode_record(anchor(HOUR_MS, NOON))),
    ]
    found = recount(STORE, {}, strays)
    assert [(one.key, one.stands, one.counted) for one in found] == [
        ((1, 1), (NOON + 1,), (NOON,)),
        ((1, 2), (0,), (NOON,)),
        ((1, 3), (NOON,), (0,)),
    ]


def test_only_what_differs_is_told_and_nothing_equals_no_row() -> None:
    stands: dict[Row, tuple[int, ...]] = {("a",): (1, 2), ("b",): (0, 0), ("c",): (5, 0)}
    counted: dict[Row, tuple[int, ...]] = {("a",): (1, 2), ("c",): (4, 0), ("d",): (0, 1)}
    found = compare("tallies", CENTRO, stands, counted)
    assert found == [
        Difference("tallies", CENTRO, ("c",), (5, 0), (4, 0)),
        Difference("tallies", CENTRO, ("d",), (), (0, 1)),
    ]
    assert str(found[0]) == "tallies centro c: stands (5, 0), counted (4, 0)"
