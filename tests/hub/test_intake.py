"""The intake: counted once, whatever happens on the way."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from hub.adapters.recount import verify
from hub.core.hearing import Message
from hub.core.hours import Hours
from hub.core.ports import Page
from hub.core.quarantine import MOST_ROWS
from hub.core.waiting.facts import Fact, Sold
from hub.intake import Intake, Receipts
from shared.deliveries import Receipt
from shared.errors import ArchiveError, LedgerMoved
from shared.moments import LATEST_WALL_MS, Moment
from shared.places import KioskId
from shared.records import Loss, LossCause
from shared.sales import Sale
from shared.visits import Face, Visit
from shared.wire import decode_record, encode_record
from tests.fakes.archive import FakeArchive
from tests.fakes.kiosk import BOOT, NOON, FakeKiosk, anchor, moment, sale, visit
from tests.parts.archives import (
    CAJA_1,
    CENTRO,
    K1,
    K2,
    K9,
    PUERTO,
    Rows,
    Seen,
    SeenInMemory,
    SeenOnDisk,
    counts,
    furnish,
)
from tests.parts.databases import migrated_sqlite

NOW = NOON + 3_600_000
HOUR_MS = 3_600_000
UNSURE = Moment(0, 0, False)


@pytest.fixture
def seen() -> SeenInMemory:
    """The archive in memory, with two stores."""
    found = SeenInMemory()
    furnish(found.archive)
    return found


@pytest.fixture
def intake(seen: SeenInMemory) -> Intake:
    return Intake(seen.archive)


def only(receipts: Receipts) -> Receipt:
    assert len(receipts) == 1
    return receipts[0][1]


# ── the plain way ────────────────────────────────────────────────────────────────────────────────


def test_a_batch_becomes_records_tallies_and_a_receipt(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(sale(), visit(face=Face.SAD, reason="wait"), visit(face=None))
    ((topic, receipt),) = intake.take([kiosk.message()], NOW)
    assert str(topic) == "semblante/v1/centro/k-1/receipt"
    assert (receipt.upto, receipt.chain) == (3, kiosk.chain[-1].hex())
    assert (receipt.problem, receipt.refused, receipt.at) == (None, (), NOW)
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON): counts(sales=1, sad=1, timed_out=1)}
    assert seen.days() == {(CENTRO, 20251127, 17): counts(sales=1, sad=1, timed_out=1)}
    assert seen.reasons() == {(CENTRO, CAJA_1, NOON, "sad", "wait"): (1,)}
    assert [row[2] for row in seen.records().values()] == kiosk.bodies


def test_sales_of_just_now_are_told_once_they_are_committed(seen: SeenInMemory) -> None:
    heard: list[tuple[str, Fact, int]] = []
    intake = Intake(seen.archive, lambda *told: heard.append(told))
    kiosk, now = FakeKiosk(), NOON + 60_000
    kiosk.seal(replace(sale(), at=moment(now - 5_000)), sale(), visit(), replace(sale(), at=UNSURE))
    intake.take([kiosk.message()], now)
    assert heard == [(CENTRO, Sold(now - 5_000, CAJA_1), now)], "what is a minute old is no news"
    intake.take([kiosk.message()], now)
    assert len(heard) == 1, "a duplicate is nothing new"


def test_a_visit_counts_in_the_hour_of_its_sale(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    paid = moment(NOON - 1)
    kiosk.seal(replace(visit(), sale="5" * 32, sale_at=paid))
    intake.take([kiosk.message()], NOW)
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON - HOUR_MS): counts(happy=1)}


def test_a_duplicate_changes_nothing_and_gets_its_receipt_again(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(visit(), visit())
    first = only(intake.take([kiosk.message()], NOW))
    before = seen.records(), seen.tallies()
    for message in (kiosk.message(), kiosk.message(1, 1), kiosk.message(2, 2)):
        assert only(intake.take([message], NOW)) == first
    assert (seen.records(), seen.tallies()) == before
    assert intake.counted == Counter(messages=4, records=2, duplicates=4)


def test_duplicates_within_one_transaction_count_once(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(*[visit() for _ in range(6)])
    parts = [(1, 3), (1, 3), (2, 5), (1, 2), (4, 6), (6, 6)]
    receipt = only(intake.take([kiosk.message(*part) for part in parts], NOW))
    assert receipt.upto == 6
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON): counts(happy=6)}


def test_many_kiosks_share_a_transaction_and_each_gets_its_own_receipt(intake: Intake) -> None:
    kiosks = [FakeKiosk(K1), FakeKiosk(K2), FakeKiosk(K9, "puerto")]
    for size, kiosk in enumerate(kiosks, 1):
        kiosk.seal(*[visit() for _ in range(size)])
    receipts = intake.take([kiosk.message() for kiosk in kiosks], NOW)
    assert {topic.kiosk_id: one.upto for topic, one in receipts} == {K1: 1, K2: 2, K9: 3}


def test_a_pending_gap_takes_nothing_and_says_where_to_go_on(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(*[visit() for _ in range(6)])
    intake.take([kiosk.message(1, 2)], NOW)
    receipt = only(intake.take([kiosk.message(4, 6)], NOW))
    assert (receipt.upto, receipt.problem) == (2, None)
    assert len(seen.records()) == 2


def test_a_proved_loss_is_noted_and_passed_over(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(*[visit() for _ in range(6)])
    kiosk.drop(4)
    notice = Loss(1, 4, LossCause.QUOTA, happy=4)
    kiosk.seal(notice)
    assert only(intake.take([kiosk.message(5)], NOW)).upto == 7
    ((place, (last, notices)),) = seen.losses().items()
    assert (place[2], last) == (1, 4)
    assert notices[0]["loss"]["happy"] == 4
    assert seen.ledgers()[CENTRO, K1, kiosk.epoch][2] == 4
    assert intake.counted["lost"] == 4


# ── what does not belong ─────────────────────────────────────────────────────────────────────────


def test_an_unreadable_record_is_refused_and_what_follows_is_taken(
    seen: Seen, intake: Intake
) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(visit(), b'{"visit":{"point_id":7}}', b'{"future":{}}', visit(point="x"), sale())
    receipt = only(intake.take([kiosk.message()], NOW))
    told = [(refusal.seq, refusal.code) for refusal in receipt.refused]
    assert told == [(2, "unreadable"), (3, "kind"), (4, "unknown_point")]
    assert receipt.upto == 5
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON): counts(happy=1, sales=1)}
    assert seen.ledgers()[CENTRO, K1, kiosk.epoch][3] == 3


def test_refusals_are_repeated_until_the_kiosk_has_seen_them(intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(b"{}", visit(), b"1")
    assert len(only(intake.take([kiosk.message()], NOW)).refused) == 2
    kiosk.refused_seen = 1
    assert [one.seq for one in only(intake.take([kiosk.message()], NOW)).refused] == [3]
    kiosk.refused_seen = 3
    assert only(intake.take([kiosk.message()], NOW)).refused == ()


def test_a_kiosk_whose_quarantine_is_full_keeps_its_records(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(*[b"%d" % n for n in range(MOST_ROWS + 1)])
    for first in range(1, MOST_ROWS, 500):
        assert only(intake.take([kiosk.message(first, first + 499)], NOW)).problem is None
    receipt = only(intake.take([kiosk.message(MOST_ROWS + 1)], NOW))
    assert (receipt.problem, receipt.upto) == ("quarantine", MOST_ROWS)
    assert receipt.hint


def test_another_history_goes_to_quarantine_with_the_problem_chain(
    seen: Seen, intake: Intake
) -> None:
    kiosk, other = FakeKiosk(), FakeKiosk()
    kiosk.seal(visit(), visit())
    other.seal(sale(), visit(), visit())
    intake.take([kiosk.message()], NOW)
    receipt = only(intake.take([other.message(2, 3)], NOW))
    assert (receipt.problem, receipt.upto, receipt.chain) == ("chain", 2, kiosk.chain[2].hex())
    assert (K1, "chain", None) in seen.captives()
    assert len(seen.records()) == 2


@pytest.mark.parametrize("at_once", [True, False], ids=["one transaction", "one after the other"])
def test_the_same_seqs_with_other_bytes_are_a_cloned_card(
    seen: Seen, intake: Intake, at_once: bool
) -> None:
    kiosk, clone = FakeKiosk(), FakeKiosk()
    kiosk.seal(visit(), visit(), visit())
    clone.seal(sale(), sale())
    messages = [kiosk.message(), clone.message()]
    groups = [messages] if at_once else [[message] for message in messages]
    receipt = [only(intake.take(group, NOW)) for group in groups][-1]
    assert (receipt.problem, receipt.upto) == ("cloned", 3)
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON): counts(happy=3)}


def test_a_problem_is_gone_with_the_next_good_batch(intake: Intake) -> None:
    kiosk, clone = FakeKiosk(), FakeKiosk()
    kiosk.seal(visit(), visit())
    clone.seal(sale())
    receipts = intake.take([kiosk.message(1, 1), clone.message(), kiosk.message(2, 2)], NOW)
    assert (only(receipts).problem, only(receipts).upto) == (None, 2)


@pytest.mark.parametrize(
    ("kiosk", "code"),
    [
        (FakeKiosk(K1, "puerto"), "foreign_store"),
        (FakeKiosk(KioskId("k-7")), "unknown_kiosk"),
        (FakeKiosk(KioskId("k-7"), "nowhere"), "unknown_kiosk"),
    ],
)
def test_who_does_not_belong_is_not_stored_and_told_so(
    seen: Seen, intake: Intake, kiosk: FakeKiosk, code: str
) -> None:
    kiosk.seal(visit()) if not kiosk.bodies else None
    topic, receipt = intake.take([kiosk.message()], NOW)[0]
    assert (receipt.problem, receipt.upto) == (code, 0)
    assert str(topic) == f"semblante/v1/{kiosk.store}/{kiosk.kiosk_id}/receipt"
    assert seen.records() == {}
    assert [key[1] for key in seen.captives()] == [code]


def test_a_retired_kiosk_is_unknown(seen: Seen, intake: Intake) -> None:
    seen.archive.retire_kiosk(K1, NOW)
    kiosk = FakeKiosk()
    kiosk.seal(visit())
    assert only(intake.take([kiosk.message()], NOW)).problem == "unknown_kiosk"


def test_a_message_that_cannot_be_read_stops_nobody(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(visit())
    topic = kiosk.message().topic
    poison = [Message(topic, b"\xff"), Message(topic, b'{"v":9}'), Message("other", b"")]
    receipt = only(intake.take([*poison, kiosk.message(), *poison], NOW))
    assert receipt.upto == 1
    assert {key[:2]: row[0] for key, row in seen.captives().items()} == {
        (K1, "unreadable"): 2,
        (K1, "version"): 2,
        (None, "topic"): 2,
    }


# ── clocks ───────────────────────────────────────────────────────────────────────────────────────


def unsure(boot: int, wall: int = 0) -> Moment:
    return Moment(wall, boot, False)


def test_without_an_anchor_a_record_counts_when_it_came(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(visit(unsure(5)), visit(unsure(5, LATEST_WALL_MS)), visit(unsure(5, NOON)))
    intake.take([kiosk.message()], NOW)
    assert seen.tallies() == {
        (CENTRO, CAJA_1, NOW): counts(happy=2),
        (CENTRO, CAJA_1, NOON): counts(happy=1),
    }
    assert len(seen.doubtful()) == 3


def test_a_late_anchor_moves_what_was_doubtful(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(sale(unsure(0)), visit(unsure(HOUR_MS), reason="wait"), visit(unsure(9 * HOUR_MS)))
    intake.take([kiosk.message()], NOW)
    kiosk.seal(anchor(2 * HOUR_MS, NOON))
    intake.take([kiosk.message(4)], NOW)
    late = NOON + 7 * HOUR_MS
    assert seen.tallies() == {
        (CENTRO, CAJA_1, NOON - 2 * HOUR_MS): counts(sales=1),
        (CENTRO, CAJA_1, NOON - HOUR_MS): counts(happy=1),
        (CENTRO, CAJA_1, late): counts(happy=1),
    }
    assert seen.reasons() == {(CENTRO, CAJA_1, NOON - HOUR_MS, "happy", "wait"): (1,)}
    assert [key[2] for key in seen.doubtful()] == [3]  # it lies after the anchor: it may move again


def test_an_anchor_in_the_same_batch_places_what_stands_before_it(
    seen: Seen, intake: Intake
) -> None:
    kiosk = FakeKiosk()
    kiosk.seal(visit(unsure(0)), anchor(HOUR_MS, NOON))
    intake.take([kiosk.message()], NOW)
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON - HOUR_MS): counts(happy=1)}
    assert seen.doubtful() == {}


def test_an_anchor_of_another_boot_or_kiosk_moves_nothing(seen: Seen, intake: Intake) -> None:
    kiosk, other = FakeKiosk(K1), FakeKiosk(K2)
    kiosk.seal(visit(unsure(0, NOON)), anchor(5, NOON - 9 * HOUR_MS, "c" * 32))
    other.seal(anchor(5, NOON - 9 * HOUR_MS))
    intake.take([kiosk.message(), other.message()], NOW)
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON): counts(happy=1)}


def test_an_anchor_of_a_new_epoch_serves_the_same_boot(seen: Seen, intake: Intake) -> None:
    old, new = FakeKiosk(), FakeKiosk(epoch="f" * 16)
    old.seal(visit(unsure(0)))
    new.seal(anchor(HOUR_MS, NOON))
    for messages in ([old.message()], [new.message()]):
        intake.take(messages, NOW)
    assert seen.tallies() == {(CENTRO, CAJA_1, NOON - HOUR_MS): counts(happy=1)}


def test_hours_are_those_of_the_store(seen: Seen, intake: Intake) -> None:
    kiosk = FakeKiosk(K9, "puerto")
    kiosk.seal(visit())
    intake.take([kiosk.message()], NOW)
    assert seen.days() == {(PUERTO, 20251127, 16): counts(happy=1)}


# ── when something fails ─────────────────────────────────────────────────────────────────────────


class FailingArchive(FakeArchive):
    """Fails where and as often as it is told to."""

    def __init__(self, fault: Exception, times: int = 10**9, poison: bytes = b"") -> None:
        super().__init__()
        self.fault, self.times, self.poison = fault, times, poison

    @contextmanager
    def page(self) -> Iterator[Page]:  # type: ignore[override]
        with super().page() as page:
            write = page.write

            def failing(entries: object) -> None:
                bodies = [row[5] for row in entries.records]  # type: ignore[attr-defined]
                if self.times and (not self.poison or self.poison in bodies):
                    self.times -= 1
                    raise self.fault
                write(entries)  # type: ignore[arg-type]

            page.write = failing  # type: ignore[method-assign]
            yield page


def test_a_sale_that_was_not_committed_is_not_told() -> None:
    heard: list[Fact] = []
    archive = FailingArchive(ArchiveError("full"), times=1)
    furnish(archive)
    intake = Intake(archive, lambda _store, fact, _at: heard.append(fact))
    kiosk = FakeKiosk()
    kiosk.seal(replace(sale(), at=moment(NOON - 1)))
    with pytest.raises(ArchiveError):
        intake.take([kiosk.message()], NOON)
    assert not heard
    intake.take([kiosk.message()], NOON)
    assert heard == [Sold(NOON - 1, CAJA_1)]


def test_a_failing_database_takes_nothing_and_says_so() -> None:
    archive = FailingArchive(ArchiveError("full"), times=1)
    furnish(archive)
    intake, kiosk = Intake(archive), FakeKiosk()
    kiosk.seal(visit())
    with pytest.raises(ArchiveError):
        intake.take([kiosk.message()], NOW)
    assert (archive.memory.records, intake.counted) == ({}, Counter())
    assert only(intake.take([kiosk.message()], NOW)).upto == 1


def test_a_moved_ledger_is_read_again() -> None:
    archive = FailingArchive(LedgerMoved("moved"), times=2)
    furnish(archive)
    kiosk = FakeKiosk()
    kiosk.seal(visit())
    assert only(Intake(archive).take([kiosk.message()], NOW)).upto == 1


def test_a_ledger_that_always_moves_is_given_up() -> None:
    archive = FailingArchive(LedgerMoved("moved"), times=3)
    furnish(archive)
    kiosk = FakeKiosk()
    kiosk.seal(visit())
    with pytest.raises(LedgerMoved):
        Intake(archive).take([kiosk.message()], NOW)


def test_a_message_that_makes_the_hub_fail_is_put_aside_alone() -> None:
    poison = encode_record(visit(reason="poison"))
    archive = FailingArchive(ZeroDivisionError("a fault of ours"), poison=poison)
    furnish(archive)
    bad, good = FakeKiosk(K1), FakeKiosk(K2)
    bad.seal(poison)
    good.seal(*[visit() for _ in range(7)])
    messages = [good.message(n, n) for n in range(1, 8)]
    intake = Intake(archive)
    receipts = intake.take([*messages[:3], bad.message(), *messages[3:]], NOW)
    problems = {topic.kiosk_id: one.problem for topic, one in receipts}
    assert problems == {K1: "fault", K2: None}
    assert max(one.upto for _, one in receipts) == 7
    assert [held.captive.code for held in archive.memory.quarantine.values()] == ["fault"]
    assert intake.counted["faults"] == 1


def test_where_not_even_the_quarantine_can_be_written_the_archive_is_at_fault() -> None:
    archive = FailingArchive(ZeroDivisionError("a fault of ours"))
    furnish(archive)
    with pytest.raises(ArchiveError, match="quarantine"):
        Intake(archive).take([Message("x", b"")], NOW)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.binary(max_size=60),
            st.text(max_size=40).map(str.encode),
            st.sampled_from(
                [
                    b"{}",
                    b'{"visit":null}',
                    b'{"visit":{},"sale":{}}',
                    b'{"anchor":{"boot_id":"' + b"b" * 32 + b'","boot":-1}}',
                    b"[" * 500,
                    b'{"sale":{"id":1e999}}',
                ]
            ),
        ),
        max_size=6,
    ),
    st.sampled_from(["semblante/v1/centro/k-1/records", "semblante/v1/centro/k-9/records", "x"]),
)
def test_poison_never_raises_and_never_stops_a_good_kiosk(poison: list[bytes], topic: str) -> None:
    seen = SeenInMemory()
    furnish(seen.archive)
    intake, good = Intake(seen.archive), FakeKiosk(K2)
    good.seal(visit())
    receipts = intake.take([*[Message(topic, one) for one in poison], good.message()], NOW)
    assert receipts[-1][1].upto == 1
    assert intake.counted["faults"] == 0


# ── everything at once, against a plain recount ──────────────────────────────────────────────────

RECORDS = st.lists(
    st.one_of(
        st.builds(
            visit,
            at=st.builds(
                Moment,
                wall=st.sampled_from([0, NOON - HOUR_MS, NOON, NOON + 1, LATEST_WALL_MS]),
                boot=st.integers(0, 5).map(lambda n: n * HOUR_MS),
                synced=st.booleans(),
            ),
            point=st.sampled_from(["caja-1", "caja-2", "gone"]),
            face=st.sampled_from([*Face, None]),
            reason=st.sampled_from([None, "wait"]),
            boot_id=st.sampled_from([BOOT, "c" * 32]),
            suspect=st.sampled_from([None, None, "burst"]),
        ),
        st.builds(sale, at=st.builds(moment, st.integers(NOON - 2 * HOUR_MS, NOON))),
        st.builds(
            anchor,
            boot=st.integers(0, 5).map(lambda n: n * HOUR_MS),
            true=st.integers(NOON - 9 * HOUR_MS, NOON),
            boot_id=st.sampled_from([BOOT, "c" * 32]),
        ),
        st.just(b'{"broken":1}'),
    ),
    min_size=1,
    max_size=12,
)


def expected(kiosks: list[FakeKiosk]) -> dict[tuple[str, str], Counter[str]]:
    """What a child would count: every visit and sale of a known point, whenever it was."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for kiosk in kiosks:
        for body in kiosk.bodies:
            record = None if body == b'{"broken":1}' else decode_record(body)
            if isinstance(record, (Visit, Sale)) and record.point_id != "gone":
                found.setdefault((kiosk.store, record.point_id), Counter())[column_of(record)] += 1
    return found


def column_of(record: Visit | Sale) -> str:
    """Where it counts."""
    if isinstance(record, Sale):
        return "sales"
    return "suspect" if record.suspect else str(record.face or record.outcome)


def counted(tallies: Rows) -> dict[tuple[str, str], Counter[str]]:
    found: dict[tuple[str, str], Counter[str]] = {}
    for (store, point, _), row in tallies.items():
        named = {name: row[place] for place, name in enumerate(COLUMNS_IN_ORDER) if row[place]}
        found.setdefault((store, point), Counter()).update(named)
    return found


COLUMNS_IN_ORDER = (
    "sales",
    "sad",
    "neutral",
    "happy",
    "skipped",
    "timed_out",
    "blocked",
    "suspect",
)


def recounted(seen: SeenInMemory) -> Rows:
    """The tallies worked out again, slowly: SEM-TIM-001 to 006 read aloud."""
    zones = {"centro": Hours("Europe/Madrid"), "puerto": Hours("Atlantic/Canary")}
    numbers = {number: key for key, (number, _) in seen.archive.memory.ledgers.items()}
    found: dict[tuple[str, str, int], list[int]] = {}
    for (store, ledger, _), (received_at, hour, body) in seen.records().items():
        record = decode_record(body)
        if not isinstance(record, (Visit, Sale)):
            assert hour is None
            continue
        boot = (store, numbers[ledger].kiosk_id, record.boot_id)
        taken = [(a.boot, a.true) for a in seen.archive.memory.anchors.get(boot, [])]  # type: ignore[call-overload]
        when = record.at if isinstance(record, Sale) else record.counts_at
        begins = zones[store].hour_of(_instant(when, taken, received_at)).start
        assert hour == begins
        row = found.setdefault((store, record.point_id, begins), [0] * len(COLUMNS_IN_ORDER))
        row[COLUMNS_IN_ORDER.index(column_of(record))] += 1
    return {key: tuple(row) for key, row in found.items()}


def _instant(when: Moment, anchors: list[tuple[int, int]], received_at: int) -> int:
    earliest = 1_704_067_200_000
    if when.synced and earliest <= when.wall <= received_at + 86_400_000:
        return when.wall
    after = [one for one in anchors if one[0] >= when.boot]
    before = [one for one in anchors if one[0] < when.boot]
    if after or before:
        boot, true = min(after) if after else max(before)
        return true - (boot - when.boot)
    return when.wall if earliest <= when.wall <= received_at + 300_000 else received_at


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_any_order_duplication_and_restart_ends_in_the_same_numbers(data: st.DataObject) -> None:
    """Kiosks of two stores send what they have, cut anywhere, doubled, shuffled and lost; the hub
    is restarted between; in the end each has its receipt, and the tallies equal a recount."""
    seen = SeenInMemory()
    furnish(seen.archive)
    kiosks = [FakeKiosk(K1), FakeKiosk(K2), FakeKiosk(K9, "puerto")]
    for kiosk in kiosks:
        kiosk.seal(*data.draw(RECORDS, kiosk.kiosk_id))
    by_name = {kiosk.kiosk_id: kiosk for kiosk in kiosks}
    intake = Intake(seen.archive)
    for _ in range(data.draw(st.integers(0, 5), "rounds")):
        messages = []
        for _ in range(data.draw(st.integers(1, 5), "messages")):
            kiosk = data.draw(st.sampled_from(kiosks), "kiosk")
            first = data.draw(st.integers(kiosk.oldest, kiosk.last + 1), "first")
            if first <= kiosk.last:
                messages.append(kiosk.message(first, data.draw(st.integers(first, kiosk.last))))
        receipts = intake.take(data.draw(st.permutations(messages)), NOW)
        for topic, receipt in receipts:
            if data.draw(st.booleans(), "receipt arrives"):
                by_name[topic.kiosk_id].hear(receipt)
        if data.draw(st.booleans(), "restart"):
            intake = Intake(seen.archive)
    for kiosk in kiosks:
        if kiosk.oldest <= kiosk.last:
            kiosk.hear(only(intake.take([kiosk.message(kiosk.oldest)], NOW)))
        assert kiosk.oldest == kiosk.last + 1
    assert counted(seen.tallies()) == expected(kiosks)
    assert recounted(seen) == seen.tallies()
    assert intake.counted["faults"] == 0


# ── on real databases ────────────────────────────────────────────────────────────────────────────


def test_two_intakes_at_once_on_one_database_never_double(engine: Engine) -> None:
    seen = SeenOnDisk(engine)
    furnish(seen.archive)
    kiosks = [FakeKiosk(K1), FakeKiosk(K2), FakeKiosk(K9, "puerto")]
    for kiosk in kiosks:
        kiosk.seal(*[visit(Moment(0, n, False), reason="wait") for n in range(20)])
        kiosk.seal(anchor(10_000, NOON), sale())
    faults: list[BaseException] = []
    start = threading.Barrier(2)

    def work(order: int) -> None:
        try:
            intake = Intake(seen.archive)
            start.wait(10)
            for first in range(1, 23, 2):
                messages = [kiosk.message(first, first + 1) for kiosk in kiosks[::order]]
                _until_taken(intake, messages)
        except BaseException as fault:  # noqa: BLE001 - handed to the test
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(order,)) for order in (1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []
    assert {key[1]: row[0] for key, row in seen.ledgers().items()} == {K1: 22, K2: 22, K9: 22}
    totals = Counter[str]()
    for row in seen.tallies().values():
        totals.update({"happy": row[3], "sales": row[0]})
    assert totals == Counter(happy=60, sales=3)
    assert verify(engine).differences == ()


def _until_taken(intake: Intake, messages: list[Message]) -> None:
    """As the broker does: what was not acknowledged comes again."""
    for _ in range(20):
        try:
            intake.take(messages, NOW)
        except ArchiveError:
            continue
        return
    raise AssertionError("never taken")


def test_on_a_real_database_late_anchors_moved_everything_exactly(engine: Engine) -> None:
    seen = SeenOnDisk(engine)
    furnish(seen.archive)
    intake, kiosk = Intake(seen.archive), FakeKiosk()
    kiosk.seal(*[visit(Moment(0, n * HOUR_MS, False), reason="wait") for n in range(8)])
    for record in (anchor(3 * HOUR_MS, NOON), anchor(6 * HOUR_MS, NOON + 5 * HOUR_MS)):
        intake.take([kiosk.message()], NOW)
        kiosk.seal(record)
    intake.take([kiosk.message()], NOW)
    hours = [key[2] for key in sorted(seen.tallies())]
    assert [(hour - NOON) // HOUR_MS for hour in hours] == [-3, -2, -1, 0, 3, 4, 5, 6]
    assert verify(engine).differences == ()
    assert [key[2] for key in seen.doubtful()] == [8]


def test_everything_hostile_is_kept_by_a_real_database(engine: Engine) -> None:
    seen = SeenOnDisk(engine)
    furnish(seen.archive)
    intake, kiosk = Intake(seen.archive), FakeKiosk()
    topic = "semblante/v1/centro/k-1/records"
    long = b'"' + b"x" * 50_000 + b'"'
    kiosk.seal(b'{"visit":{"face":"\\u0000"}}', b'{"sale":{"id":"\\u0000"}}', long, visit())
    hostile = [Message(topic, b"\x00" * 100_000), Message("\x00\ud800", b""), kiosk.message()]
    receipts = intake.take(hostile, NOW)
    assert (receipts[-1][1].upto, intake.counted["faults"]) == (4, 0)
    assert len(seen.captives()) == 5


def test_a_full_disk_is_an_archive_error(tmp_path: Path) -> None:
    with migrated_sqlite(tmp_path / "hub.db") as engine:
        seen = SeenOnDisk(engine)
        furnish(seen.archive)
        kiosk = FakeKiosk()
        kiosk.seal(*[visit() for _ in range(400)])
        with engine.connect() as db:
            pages = db.exec_driver_sql("PRAGMA page_count").scalar_one()
            db.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(ArchiveError):
            Intake(seen.archive).take([kiosk.message()], NOW)
        assert seen.records() == {}
