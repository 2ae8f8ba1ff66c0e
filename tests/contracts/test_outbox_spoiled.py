"""What every outbox promises about rows in which bits turned: all others arrive, once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hub.core.ledger import Ledger, judge, new_ledger
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.ports import Outbox
from shared.deliveries import Receipt
from shared.errors import ReceiptError
from shared.records import Loss, LossCause
from shared.wire import decode_record
from tests.contracts.test_outbox import batch_of, fill, forged, receipt
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.core.test_mending import turned
from tests.kiosk.samples import KIOSK


class OnACard(SqliteOutbox):
    """The real one; its file is written over from outside."""

    def spoil(self, seq: int, **columns: bytes) -> None:
        with sqlite3.connect(self._path) as file:
            for name, value in columns.items():
                file.execute(f"UPDATE records SET {name} = ? WHERE seq = ?", (value, seq))
        file.close()


Spoilable = FakeOutbox | OnACard
"""An outbox under which a card turns bits."""


@pytest.fixture(params=["fake", "sqlite"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Spoilable]:
    makers: dict[str, Callable[[], Spoilable]] = {
        "fake": lambda: FakeOutbox(KIOSK),
        "sqlite": lambda: OnACard(tmp_path / "outbox.db", KIOSK),
    }
    made = makers[request.param]()
    yield made
    made.close()


class Hub:
    """The hub's real ledger, and the bodies that it took."""

    def __init__(self, outbox: Outbox, generation: int = 1) -> None:
        self.epoch = outbox.held().epoch
        self.ledger: Ledger = new_ledger(KIOSK, self.epoch)
        self.bodies: dict[int, bytes] = {}
        self.lost: list[tuple[int, int]] = []
        self.generation = generation

    def drain(self, outbox: Outbox, most: int = 4) -> None:
        """Batch and receipt, as the courier and the intake do it; every batch must be taken."""
        while batch := outbox.batch_from(outbox.held().received + 1, most):
            verdict = judge(self.ledger, batch, KIOSK)
            assert verdict.problem is None
            assert verdict.after.held > self.ledger.held, "it goes on"
            self.ledger = verdict.after
            self.bodies.update(enumerate(verdict.records, verdict.start))
            self.lost += [verdict.lost] if verdict.lost else []
            outbox.forget(self.receipt())

    def receipt(self) -> Receipt:
        held, chain = self.ledger.held, self.ledger.chain.hex()
        return Receipt("hub-1", self.generation, self.epoch, held, chain, 1)

    def notices(self) -> list[Loss]:
        words = map(decode_record, self.bodies.values())
        return [word for word in words if isinstance(word, Loss)]


def bodies_of(outbox: Outbox) -> list[bytes]:
    return list(batch_of(outbox).records)


def told(outbox: FakeOutbox | SqliteOutbox) -> list[str]:
    alarms: list[str] = []
    outbox.on_spoil = lambda: alarms.append("spoiled")
    return alarms


@pytest.mark.parametrize("seq", [1, 2, 5, 6, 7])
@pytest.mark.parametrize("column", ["body", "chain"])
def test_one_bit_that_turns_in_a_waiting_record_costs_nothing(
    outbox: Spoilable, seq: int, column: str
) -> None:
    fill(outbox, 7)
    bodies, alarms, hub = bodies_of(outbox), told(outbox), Hub(outbox)
    value = bodies[seq - 1] if column == "body" else bytes.fromhex(batch_of(outbox, most=seq).chain)
    outbox.spoil(seq, **{column: turned(value, 77)})
    hub.drain(outbox)
    assert list(hub.bodies.values()) == bodies
    assert alarms == []


@pytest.mark.assertion("SEM-BAT-006")
@pytest.mark.parametrize("seq", [1, 3, 4, 5, 7])
def test_a_waiting_record_past_mending_is_told_as_a_loss_and_all_others_arrive(
    outbox: Spoilable, seq: int
) -> None:
    fill(outbox, 7)
    bodies, alarms, hub = bodies_of(outbox), told(outbox), Hub(outbox)
    outbox.spoil(seq, body=b'{"sale":"rubbish"}')
    hub.drain(outbox)
    del bodies[seq - 1]
    assert [body for body in hub.bodies.values() if not body.startswith(b'{"loss"')] == bodies
    assert hub.lost == [(seq, seq)]
    assert hub.notices() == [Loss(seq, seq, LossCause.DAMAGED, others=1)]
    assert alarms == ["spoiled"]
    assert outbox.held().owed == 0


def test_many_records_past_mending_are_all_told_and_none_is_told_twice(outbox: Spoilable) -> None:
    fill(outbox, 12)
    hub = Hub(outbox)
    for seq in (1, 2, 3, 4, 5, 6, 8, 9, 12):
        outbox.spoil(seq, body=b"rubbish")
    hub.drain(outbox)
    assert sum(last - first + 1 for first, last in hub.lost) == 9 == hub.ledger.lost
    assert sorted(
        seq for one in hub.notices() for seq in range(one.first, one.last + 1)
    ) == [1, 2, 3, 4, 5, 6, 8, 9, 12]  # fmt: skip
    assert {7, 10, 11} <= hub.bodies.keys()


@pytest.mark.assertion("SEM-BAT-006")
def test_a_record_past_mending_stays_until_all_before_it_is_received(outbox: Spoilable) -> None:
    fill(outbox, 5)
    hub = Hub(outbox)
    outbox.spoil(3, body=b"rubbish")
    first = batch_of(outbox)
    assert (first.first, first.last) == (1, 2)
    assert outbox.batch_from(3, 500) is None, "1 and 2 are out, and have no receipt"
    assert outbox.held().oldest == 1
    outbox.forget(receipt(outbox, 2))
    assert (batch_of(outbox, 3).first, batch_of(outbox, 3).oldest) == (4, 4)
    hub.drain(outbox)


def test_a_record_that_the_hub_took_before_it_was_spoiled_is_not_lost(outbox: Spoilable) -> None:
    fill(outbox, 4)
    word = receipt(outbox, 3)
    outbox.spoil(2, body=b"rubbish")
    assert outbox.forget(word) == 3
    assert outbox.held().owed == 1
    assert batch_of(outbox, 4).before == word.chain


def test_a_receipt_for_a_record_whose_chain_value_is_spoiled_is_obeyed(outbox: Spoilable) -> None:
    fill(outbox, 4)
    word = receipt(outbox, 4)
    outbox.spoil(4, chain=turned(bytes.fromhex(word.chain), 5))
    assert outbox.forget(word) == 4
    fill(outbox, 1)
    assert batch_of(outbox, 5).before == word.chain


def test_a_forged_receipt_for_a_spoiled_record_deletes_nothing(outbox: Spoilable) -> None:
    fill(outbox, 4)
    word = receipt(outbox, 4)
    outbox.spoil(4, chain=turned(bytes.fromhex(word.chain), 5))
    with pytest.raises(ReceiptError):
        outbox.forget(forged(word, chain="ab" * 16))
    assert outbox.held().owed == 4


@pytest.mark.parametrize("column", ["body", "chain"])
@pytest.mark.parametrize("restored_to", [0, 1, 3, 6])
def test_what_turns_in_a_record_that_was_received_does_not_stop_a_resend(
    outbox: Spoilable, column: str, restored_to: int
) -> None:
    fill(outbox, 7)
    bodies, hub = bodies_of(outbox), Hub(outbox, generation=2)
    backup = receipt(outbox, restored_to, generation=2)
    chain = bytes.fromhex(batch_of(outbox, most=3).chain)
    outbox.forget(receipt(outbox, 6))
    spoiled = turned(chain, 9) if column == "chain" else turned(bodies[2], 9)
    outbox.spoil(3, **{column: spoiled})
    hub.ledger = Ledger(restored_to, bytes.fromhex(backup.chain))
    outbox.forget(backup)
    hub.drain(outbox)
    assert list(hub.bodies.values()) == bodies[restored_to:]


def test_a_restored_hub_is_told_of_a_received_record_that_is_past_mending(
    outbox: Spoilable,
) -> None:
    fill(outbox, 7)
    bodies, hub = bodies_of(outbox), Hub(outbox, generation=2)
    outbox.forget(receipt(outbox, 6))
    outbox.spoil(3, body=b"rubbish")
    outbox.forget(hub.receipt())
    hub.drain(outbox)
    assert hub.lost == [(3, 3)]
    assert [hub.bodies.get(seq) for seq in range(1, 8)] == [*bodies[:2], None, *bodies[3:]]


@pytest.mark.parametrize("received", [0, 4])
def test_an_epoch_that_turned_in_the_head_of_a_batch_begins_no_ledger(
    outbox: Spoilable, received: int
) -> None:
    """Its records would count a second time."""
    fill(outbox, 6)
    outbox.forget(receipt(outbox, received))
    batch = batch_of(outbox, received + 1)
    verdict = judge(None, replace(batch, epoch="0" * 16), KIOSK)
    assert (verdict.records, verdict.after.held) == ((), 0)
