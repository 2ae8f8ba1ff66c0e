"""The numbered assertions about the hub, on a real outbox and both databases."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from hub.adapters.fleet import SqlFleet
from hub.adapters.metrics import Metrics
from hub.adapters.tables import metadata
from hub.core.fleet import KioskKey
from hub.core.hearing import Message
from hub.fleet import Fleet, Word
from shared.deliveries import Batch, Receipt, chain_on, chain_start
from shared.errors import ReceiptError
from shared.notices import Pulse
from shared.places import KioskId, PointId, StoreId
from shared.records import Anchor, AnchorCause
from shared.topics import Channel, Topic
from shared.visits import Face, Input, Outcome
from shared.wire import encode, encode_batch, encode_record
from tests.journeys.pair import BOOT, KIOSK, NOON, STORE, Pair, moment, sale, visit

FIRST_HOUR = NOON
ONE_TO_THREE = [Face.SAD, Face.NEUTRAL, Face.HAPPY]


@pytest.fixture
def pair(engine: Engine, tmp_path: Path) -> Iterator[Pair]:
    made = Pair(engine, tmp_path)
    yield made
    made.outbox.close()


def with_records(batch: Batch, records: tuple[bytes, ...]) -> Batch:
    """The batch with other records and a chain that fits them."""
    chain = bytes.fromhex(batch.before)
    for record in records:
        chain = chain_on(chain, record)
    return replace(batch, records=records, chain=chain.hex())


@pytest.mark.assertion("SEM-SEQ-001")
@pytest.mark.assertion("SEM-SEQ-002")
def test_a_new_outbox_numbers_from_one_and_an_old_one_goes_on(pair: Pair, tmp_path: Path) -> None:
    pair.keep([sale(1), visit(1)])
    first = pair.batch()
    assert (first.first, first.last, first.oldest) == (1, 2, 1)
    assert first.before == chain_start(KIOSK, first.epoch).hex()
    pair.outbox.close()
    pair.__post_init__()
    pair.keep([sale(2)])
    assert pair.batch().epoch == first.epoch
    assert pair.batch(3).last == 3
    other = Pair(pair.engine, tmp_path / "another")
    assert other.outbox.held().epoch != first.epoch
    other.outbox.close()


def test_the_chain_is_what_the_page_says_in_plain_python(pair: Pair) -> None:
    pair.keep([sale(1), visit(1)])
    batch = pair.batch()
    value = hashlib.sha256(f"semblante/1/{KIOSK}/{batch.epoch}".encode()).digest()[:16]
    for record in json.loads(encode_batch(batch))["records"]:
        written = json.dumps(record, separators=(",", ":"), ensure_ascii=False).encode()
        value = hashlib.sha256(value + written).digest()[:16]
    assert value.hex() == batch.chain


@pytest.mark.assertion("SEM-LED-001")
@pytest.mark.assertion("SEM-RCP-002")
def test_what_comes_twice_is_counted_once(pair: Pair) -> None:
    pair.keep([sale(1), visit(1), sale(2), visit(2, Face.SAD)])
    batch = pair.batch()
    first = pair.send(batch)
    again = pair.send(batch, pair.batch(2), pair.batch(4), batch)
    assert (first.upto, again.upto, again.chain) == (4, 4, first.chain)
    assert pair.tally() == {"sales": 2, "happy": 1, "sad": 1}
    assert pair.outbox.forget(again) == 4
    assert pair.outbox.forget(first) == 0


@pytest.mark.assertion("SEM-LED-002")
@pytest.mark.assertion("SEM-RCP-001")
def test_records_tallies_and_ledger_are_there_when_the_receipt_is(pair: Pair) -> None:
    pair.keep([sale(1), visit(1)])
    receipt = pair.send(pair.batch())
    ((held, chain),) = pair.rows("SELECT held, chain FROM ledgers")
    assert (receipt.upto, receipt.chain) == (held, bytes(chain).hex())
    assert [bytes(body) for (body,) in pair.rows("SELECT body FROM records ORDER BY seq")] == list(
        pair.batch().records
    )
    assert pair.tally() == {"sales": 1, "happy": 1}


@pytest.mark.assertion("SEM-LED-003")
def test_a_batch_from_the_future_waits_for_the_one_before(pair: Pair) -> None:
    pair.keep([sale(1), visit(1), sale(2)])
    late, early = pair.batch(3), pair.batch(1, most=2)
    assert pair.send(late).upto == 0
    assert pair.tally() == {}
    assert pair.send(early).upto == 2
    assert pair.send(late).upto == 3


@pytest.mark.assertion("SEM-LED-004")
def test_what_the_kiosk_no_longer_holds_is_a_proved_loss(pair: Pair) -> None:
    pair.keep([sale(n) for n in range(1, 6)])
    remaining = replace(pair.batch(4), oldest=4)
    receipt = pair.send(remaining)
    assert (receipt.upto, receipt.problem) == (5, None)
    assert pair.rows("SELECT lost FROM ledgers") == [(3,)]
    assert pair.rows("SELECT first, last FROM losses") == [(1, 3)]
    assert pair.tally() == {"sales": 2}


@pytest.mark.assertion("SEM-LED-005")
def test_one_flipped_byte_is_not_stored(pair: Pair) -> None:
    pair.keep([visit(1, Face.HAPPY), visit(2, Face.HAPPY)])
    good = pair.batch()
    forged = tuple(record.replace(b'"happy"', b'"sad"') for record in good.records)
    receipt = pair.send(replace(good, records=forged))
    assert (receipt.problem, receipt.upto) == ("chain", 0)
    assert receipt.hint
    assert pair.quarantined() == ["chain"]
    assert pair.tally() == {}
    assert pair.send(good).upto == 2


@pytest.mark.assertion("SEM-LED-006")
def test_a_cloned_card_is_noticed(pair: Pair) -> None:
    pair.keep([visit(1, Face.HAPPY), visit(2, Face.HAPPY)])
    good = pair.batch()
    pair.send(good)
    clone = with_records(pair.batch(1, most=1), (encode_record(visit(1, Face.SAD)),))
    receipt = pair.send(clone)
    assert (receipt.problem, receipt.upto) == ("cloned", 2)
    assert pair.quarantined() == ["cloned"]
    assert pair.tally() == {"happy": 2}


@pytest.mark.assertion("SEM-LED-007")
@pytest.mark.assertion("SEM-RCP-005")
def test_an_unreadable_record_is_refused_until_the_kiosk_has_noted_it(pair: Pair) -> None:
    pair.keep([sale(1), visit(1), sale(2)])
    good = pair.batch()
    bent = with_records(good, (good.records[0], b'{"visit":{}}', good.records[2]))
    receipt = pair.send(bent)
    assert (receipt.upto, [r.seq for r in receipt.refused]) == (3, [2])
    assert pair.quarantined() == [receipt.refused[0].code]
    assert [r.seq for r in pair.send(bent).refused] == [2], "repeated until noted"
    assert pair.send(replace(bent, refused_seen=2)).refused == ()
    assert pair.tally() == {"sales": 2}


@pytest.mark.assertion("SEM-LED-008")
def test_strangers_and_foreign_stores_are_not_stored(pair: Pair) -> None:
    pair.keep([sale(1)])
    assert pair.send(pair.batch(), store=StoreId("norte")).problem == "foreign_store"
    topic = str(Topic(STORE, KioskId("k-9"), Channel.RECORDS))
    pair.intake.take([Message(topic, encode_batch(pair.batch()))], pair.now)
    assert sorted(pair.quarantined()) == ["foreign_store", "unknown_kiosk"]
    assert pair.rows("SELECT count(*) FROM records") == [(0,)]
    stray = with_records(
        pair.batch(), (encode_record(replace(sale(1), point_id=PointId("caja-9"))),)
    )
    assert [r.code for r in pair.send(stray).refused] == ["unknown_point"]
    assert pair.tally() == {}


@pytest.mark.assertion("SEM-LED-009")
def test_any_order_and_any_repetition_gives_the_same_tallies(pair: Pair) -> None:
    rng = random.Random(7)
    records = [visit(n * 400, rng.choice(ONE_TO_THREE)) for n in range(60)]
    pair.keep(records)
    while (at := pair.send(pair.batch(1, 1)).upto) < 60:
        cuts = [pair.batch(max(1, at - 3 + rng.randrange(9)), rng.randint(1, 7)) for _ in range(4)]
        cuts.append(pair.batch(at + 1, rng.randint(1, 7)))
        rng.shuffle(cuts)
        pair.send(*cuts)
    expected = {face.value: sum(v.face is face for v in records) for face in Face}
    assert pair.tally() == expected
    hours = pair.rows("SELECT hour, sad + neutral + happy FROM tallies ORDER BY hour")
    assert [n for _, n in hours] == [9] * 6 + [6]
    assert pair.rows("SELECT count(*) FROM records") == [(60,)]


@pytest.mark.assertion("SEM-MSG-006")
def test_poison_stops_nothing_that_comes_after_it(pair: Pair) -> None:
    pair.keep([sale(1)])
    topic = str(Topic(STORE, KIOSK, Channel.RECORDS))
    poison = [
        b"",
        b"\xff",
        b"{}",
        b'{"v":2}',
        b"[" * 99_999,
        b'{"v":1,"epoch":NaN}',
        b"x" * 300_000,
    ]
    messages = [Message(topic, payload) for payload in poison]
    messages += [Message("semblante/v1/+/#", b""), Message(topic, encode_batch(pair.batch()))]
    pair.intake.take(messages, pair.now)
    assert pair.tally() == {"sales": 1}
    codes = pair.quarantined()
    assert codes.count("unreadable") == 6
    assert codes.count("version") == 1
    assert pair.intake.counted["quarantined:unreadable"] == 6


@pytest.mark.assertion("SEM-RCP-003")
@pytest.mark.assertion("SEM-RCP-004")
@pytest.mark.assertion("SEM-RCP-006")
def test_no_receipt_but_the_true_one_deletes_anything(pair: Pair) -> None:
    pair.keep([sale(1), sale(2)])
    true = pair.send(pair.batch())
    wrong: list[Receipt] = [
        replace(true, chain="0" * 32),
        replace(true, epoch="0" * 16),
        replace(true, upto=1),
        replace(true, upto=3),
        replace(true, upto=2**62),
    ]
    for receipt in wrong:
        with pytest.raises(ReceiptError):
            pair.outbox.forget(receipt)
        assert pair.outbox.held().received == 0
    assert pair.outbox.forget(replace(true, problem="chain")) == 0
    assert pair.outbox.forget(true) == 2


@pytest.mark.assertion("SEM-TIM-001")
@pytest.mark.assertion("SEM-TIM-003")
def test_clocks_are_believed_only_where_they_can_be_true(pair: Pair) -> None:
    in_1970 = replace(moment(), wall=1000, synced=True)
    tomorrow = replace(moment(), wall=pair.now + 90_000_000, synced=True)
    drifting = replace(moment(), synced=False)
    pair.keep([sale(n, at=at) for n, at in enumerate((moment(), in_1970, tomorrow, drifting))])
    assert pair.deliver().upto == 4
    arrived = pair.now // 3_600_000 * 3_600_000
    hours = dict(pair.rows("SELECT hour, sales FROM tallies"))
    assert hours == {FIRST_HOUR: 2, arrived: 2}, "none is dropped for its time"


@pytest.mark.assertion("SEM-TIM-002")
@pytest.mark.assertion("SEM-TIM-004")
def test_an_anchor_that_comes_late_moves_what_was_doubtful(pair: Pair) -> None:
    in_1970 = replace(moment(), wall=5_000, boot=100_000, synced=False)
    pair.keep([sale(1, at=in_1970), visit(1, sale="a" * 32, sale_at=in_1970)])
    pair.deliver()
    arrived = pair.now // 3_600_000 * 3_600_000
    assert pair.rows("SELECT hour, sales, happy FROM tallies") == [(arrived, 1, 1)]
    anchor = Anchor(BOOT, 700_000, NOON + 600_000, 605_000, AnchorCause.SYNCHRONISED)
    pair.keep([anchor])
    pair.deliver()
    counted = "SELECT hour, sales, happy FROM tallies WHERE sales + happy > 0"
    assert pair.rows(counted) == [(NOON, 1, 1)]


@pytest.mark.assertion("SEM-TIM-006")
def test_a_visit_counts_in_the_hour_of_its_sale(pair: Pair) -> None:
    sold, asked = moment(3599), moment(3601)
    nothing: dict[str, Any] = {
        "answered": None,
        "face": None,
        "input": Input.NONE,
        "outcome": Outcome.SKIPPED,
    }
    skipped = visit(asked=asked, **nothing)
    pair.keep([sale(1, at=sold), skipped, replace(skipped, sale="a" * 32, sale_at=sold)])
    pair.deliver()
    rows = pair.rows("SELECT hour, sales, skipped FROM tallies ORDER BY hour")
    assert rows == [(NOON, 1, 1), (NOON + 3_600_000, 0, 1)]


@pytest.mark.assertion("SEM-PUL-001")
def test_a_pulse_leaves_nothing_behind(pair: Pair) -> None:
    pair.keep([sale(1)])
    pair.deliver()
    before = {name: pair.rows(f"SELECT count(*) FROM {name}") for name in metadata.tables}
    fleet = Fleet(SqlFleet(pair.engine), Metrics(), lambda *_: None)
    fleet.look_around()
    topic = str(Topic(STORE, KIOSK, Channel.PULSE))
    fleet.hear(Word(topic, encode(Pulse(PointId("caja-1"), NOON)), retained=False, at=pair.now))
    fleet.step(1)
    assert fleet.pulse(KioskKey(STORE, KIOSK)) is not None
    assert before == {name: pair.rows(f"SELECT count(*) FROM {name}") for name in before}
