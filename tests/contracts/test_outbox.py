"""What every outbox promises: the fake that other tests use, and the real one."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.ports import WALK, Outbox
from shared.deliveries import Batch, Receipt, Refusal, chain_on, chain_start
from shared.errors import ReceiptError
from shared.questionnaires import Response
from shared.visits import Face, Input
from shared.wire import LONGEST_MESSAGE, decode_record, encode_batch, encode_record
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.samples import BOOT_ID, KIOSK, POINT, moment, response, sale, visit


@pytest.fixture(params=["fake", "sqlite"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    makers: dict[str, Callable[[], Outbox]] = {
        "fake": lambda: FakeOutbox(KIOSK),
        "sqlite": lambda: SqliteOutbox(tmp_path / "outbox.db", KIOSK),
    }
    made = makers[request.param]()
    yield made
    made.close()


def batch_of(outbox: Outbox, seq: int = 1, most: int = 500) -> Batch:
    batch = outbox.batch_from(seq, most)
    assert batch is not None
    return batch


def receipt(
    outbox: Outbox,
    upto: int,
    *,
    generation: int = 1,
    refused: tuple[Refusal, ...] = (),
    problem: str | None = None,
) -> Receipt:
    """What a hub says that holds everything up to there."""
    held = outbox.held()
    chain = chain_start(KIOSK, held.epoch).hex()
    if upto:
        first = batch_of(outbox).first
        chain = batch_of(outbox, most=upto - first + 1).chain
    return Receipt("hub-1", generation, held.epoch, upto, chain, 1, refused, problem)


def fill(outbox: Outbox, number: int) -> None:
    for one in range(number):
        outbox.add(sale(one))


def test_an_open_visit_has_no_seq_and_travels_nowhere(outbox: Outbox) -> None:
    outbox.keep_open(visit())
    assert outbox.open_visit() == visit()
    assert outbox.batch_from(1, 10) is None
    assert (outbox.held().received, outbox.held().last) == (0, 0)


def test_an_open_visit_is_replaced_by_what_it_became(outbox: Outbox) -> None:
    outbox.keep_open(visit(face=Face.SAD))
    outbox.keep_open(visit(face=Face.HAPPY))
    assert outbox.open_visit() == visit(face=Face.HAPPY)


@pytest.mark.assertion("SEM-SEQ-002")
def test_sealing_gives_the_next_seq_and_leaves_nothing_open(outbox: Outbox) -> None:
    outbox.add(sale())
    outbox.keep_open(visit())
    outbox.seal(visit())
    assert outbox.open_visit() is None
    assert [decode_record(body) for body in batch_of(outbox).records] == [sale(), visit()]
    assert (outbox.held().received, outbox.held().last) == (0, 2)


def test_a_visit_that_was_never_open_can_be_sealed(outbox: Outbox) -> None:
    outbox.seal(visit(face=None))
    assert outbox.held().last == 1


def test_a_batch_carries_the_chain_from_before_its_first_record(outbox: Outbox) -> None:
    fill(outbox, 5)
    value = chain_start(KIOSK, outbox.held().epoch)
    for seq in range(1, 6):
        batch = batch_of(outbox, seq, 1)
        assert (batch.first, batch.last, batch.oldest) == (seq, seq, 1)
        assert bytes.fromhex(batch.before) == value
        value = chain_on(value, batch.records[0])
        assert bytes.fromhex(batch.chain) == value


@pytest.mark.assertion("SEM-SEQ-003")
def test_a_record_travels_as_the_bytes_that_were_chained(outbox: Outbox) -> None:
    outbox.seal(visit())
    assert batch_of(outbox).records == (encode_record(visit()),)


@pytest.mark.assertion("SEM-BAT-001")
def test_a_batch_ends_where_it_was_asked_to_or_where_the_records_do(outbox: Outbox) -> None:
    fill(outbox, 5)
    assert (batch_of(outbox, 2, 3).first, batch_of(outbox, 2, 3).last) == (2, 4)
    assert batch_of(outbox, 4, 100).last == 5
    assert outbox.batch_from(6, 10) is None
    assert outbox.batch_from(2**63, 10) is None


def test_a_batch_from_below_the_oldest_begins_at_the_oldest(outbox: Outbox) -> None:
    fill(outbox, 5)
    for seq in (0, 1):
        assert (batch_of(outbox, seq).first, batch_of(outbox, seq).oldest) == (1, 1)


def test_a_batch_never_outgrows_a_message(outbox: Outbox) -> None:
    long = Response(
        POINT, BOOT_ID, "q", 1, "es", Input.TOUCH, moment(), moment(), True,
        {f"t{n}": "x" * 1_000 for n in range(40)},
    )  # fmt: skip
    for _ in range(8):
        outbox.add(long)
    batch = batch_of(outbox)
    assert 1 <= len(batch.records) < 8
    assert len(encode_batch(batch)) < LONGEST_MESSAGE // 2 + 1_000


@pytest.mark.assertion("SEM-RCP-003")
def test_what_a_receipt_covers_is_owed_no_more_and_nothing_else(outbox: Outbox) -> None:
    fill(outbox, 5)
    assert outbox.forget(receipt(outbox, 3)) == 3
    assert (outbox.held().received, outbox.held().last, outbox.held().owed) == (3, 5, 2)
    assert [decode_record(body) for body in batch_of(outbox, 4).records] == [sale(3), sale(4)]


@pytest.mark.assertion("SEM-RCP-002")
def test_a_receipt_that_comes_again_deletes_nothing_more(outbox: Outbox) -> None:
    fill(outbox, 5)
    once, older = receipt(outbox, 3), receipt(outbox, 2)
    outbox.forget(once)
    assert (outbox.forget(once), outbox.forget(older)) == (0, 0)
    assert outbox.held().received == 3


def test_a_receipt_for_nothing_yet_deletes_nothing(outbox: Outbox) -> None:
    fill(outbox, 2)
    assert outbox.forget(receipt(outbox, 0)) == 0


def test_seqs_go_on_after_everything_was_forgotten(outbox: Outbox) -> None:
    fill(outbox, 2)
    outbox.forget(receipt(outbox, 2))
    assert (outbox.held().received, outbox.held().last) == (2, 2)
    outbox.add(sale(9))
    assert (batch_of(outbox, 3).first, batch_of(outbox, 3).last) == (3, 3)


def test_the_chain_goes_on_after_everything_was_forgotten(outbox: Outbox) -> None:
    fill(outbox, 2)
    last = batch_of(outbox).chain
    outbox.forget(receipt(outbox, 2))
    outbox.add(sale(9))
    assert batch_of(outbox, 3).before == last


def forged(good: Receipt, **changes: object) -> Receipt:
    parts = {name: getattr(good, name) for name in Receipt.__slots__}
    return Receipt(**{**parts, **changes})


@pytest.mark.assertion("SEM-RCP-003")
@pytest.mark.assertion("SEM-RCP-004")
@pytest.mark.parametrize(
    "changes",
    [
        {"chain": "0" * 32},
        {"epoch": "f" * 16},
        {"upto": 4, "chain": "0" * 32},
        {"upto": 2},
        {"upto": 6},
        {"upto": 2**63 - 1},
    ],
    ids=["chain", "epoch", "more", "less", "future", "far future"],
)
def test_a_receipt_that_does_not_agree_deletes_nothing(
    outbox: Outbox, changes: dict[str, object]
) -> None:
    fill(outbox, 5)
    with pytest.raises(ReceiptError):
        outbox.forget(forged(receipt(outbox, 3), **changes))
    assert (outbox.held().received, outbox.held().last) == (0, 5)


@pytest.mark.assertion("SEM-RCP-006")
def test_a_receipt_with_a_problem_deletes_nothing(outbox: Outbox) -> None:
    fill(outbox, 5)
    assert outbox.forget(receipt(outbox, 3, problem="ledger")) == 0
    assert outbox.held().received == 0


def test_a_receipt_from_before_the_hub_was_restored_deletes_nothing(outbox: Outbox) -> None:
    fill(outbox, 5)
    stale = receipt(outbox, 4)
    outbox.forget(receipt(outbox, 2, generation=2))
    assert outbox.forget(stale) == 0
    assert outbox.held().received == 2


def test_another_hub_counts_its_generations_anew(outbox: Outbox) -> None:
    fill(outbox, 5)
    newer = receipt(outbox, 4)
    outbox.forget(receipt(outbox, 2, generation=7))
    assert outbox.forget(forged(newer, hub="hub-2")) == 2


@pytest.mark.assertion("SEM-RCP-005")
def test_refusals_are_noted_and_may_be_forgotten(outbox: Outbox) -> None:
    fill(outbox, 5)
    refused = (Refusal(2, "unreadable"), Refusal(1, "foreign"))
    assert outbox.forget(receipt(outbox, 3, refused=refused)) == 3
    assert outbox.held().refused_seen == 2
    assert batch_of(outbox).refused_seen == 2


def test_refusals_that_come_later_are_noted_too(outbox: Outbox) -> None:
    fill(outbox, 5)
    plain = receipt(outbox, 3)
    outbox.forget(plain)
    outbox.forget(forged(plain, refused=(Refusal(3, "unreadable"),)))
    assert outbox.held().refused_seen == 3


def test_refusals_of_what_was_never_received_are_not_believed(outbox: Outbox) -> None:
    fill(outbox, 5)
    outbox.forget(receipt(outbox, 3, refused=(Refusal(2**63 - 1, "forged"),)))
    assert outbox.held().refused_seen == 0


@pytest.mark.assertion("SEM-STA-002")
def test_connections_are_counted(outbox: Outbox) -> None:
    assert [outbox.next_connection() for _ in range(3)] == [1, 2, 3]


def test_documents_are_remembered_by_name(outbox: Outbox) -> None:
    outbox.remember("settings", b"old")
    outbox.remember("settings", b"new")
    assert (outbox.recall("settings"), outbox.recall("other")) == (b"new", None)


def test_a_response_forgets_how_far_somebody_had_walked_and_no_other_record_does(
    outbox: Outbox,
) -> None:
    outbox.remember(WALK, b"half way")
    outbox.add(sale(1))
    outbox.seal(visit())
    assert outbox.recall(WALK) == b"half way"
    outbox.remember("settings", b"kept")
    outbox.add(response())
    assert (outbox.recall(WALK), outbox.recall("settings")) == (None, b"kept")


def test_many_threads_get_dense_seqs(outbox: Outbox) -> None:
    threads = [threading.Thread(target=fill, args=(outbox, 25)) for _ in range(4)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        outbox.held()
        outbox.batch_from(1, 50)
    for thread in threads:
        thread.join(10)
    assert outbox.held().last == 100
    assert batch_of(outbox).last == 100


def test_closing_twice_is_harmless(outbox: Outbox) -> None:
    outbox.close()
    outbox.close()


KEEP_MS = 5 * 3_600_000
"""A record lasts an hour in this world: what was received goes while the deeds go on."""

DEEDS = st.one_of(
    st.sampled_from(["add", "open", "seal", "connect"]),
    st.tuples(st.just("receipt"), st.integers(0, 12), st.sampled_from([1, 1, 2])),
    st.tuples(st.just("batch"), st.integers(0, 12), st.integers(1, 5)),
)


def do(outbox: Outbox, deed: str | tuple[str, int, int]) -> object:
    match deed:
        case "add":
            outbox.add(sale())
        case "open":
            outbox.keep_open(visit(face=Face.SAD))
        case "seal":
            outbox.seal(visit(face=Face.SAD))
        case "connect":
            return outbox.next_connection()
        case ("batch", seq, most):
            return outbox.batch_from(seq, most)
        case ("receipt", upto, generation):
            return answer_to(outbox, upto, generation)
    return None


def answer_to(outbox: Outbox, upto: int, generation: int) -> object:
    """What comes of a receipt for the first `upto` records that are held, wrong where too many."""
    held = outbox.held()
    batch = outbox.batch_from(1, upto) if upto else None
    chain = "0" * 32 if batch is None else batch.chain
    upto, at = held.oldest - 1 + upto, held.last * 3_600_000
    word = Receipt("hub", generation, held.epoch, upto, chain, at)
    try:
        return outbox.forget(word)
    except ReceiptError:
        return ReceiptError


@settings(deadline=None, max_examples=25)
@given(st.lists(DEEDS, max_size=25))
def test_the_fake_and_the_real_one_cannot_be_told_apart(
    deeds: list[str | tuple[str, int, int]],
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(SqliteOutbox(Path(folder) / "outbox.db", KIOSK, keep_ms=KEEP_MS)) as real,
    ):
        fake = FakeOutbox(KIOSK, real.held().epoch, KEEP_MS)
        for deed in deeds:
            assert do(real, deed) == do(fake, deed)
            assert real.held() == fake.held()
            assert real.open_visit() == fake.open_visit()
