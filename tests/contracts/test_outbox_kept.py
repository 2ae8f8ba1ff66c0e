"""What every outbox promises about records that the hub has received: kept, and owed again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.ports import Outbox
from shared.deliveries import Receipt, chain_start
from shared.errors import ReceiptError
from tests.contracts.test_outbox import batch_of, fill, forged, receipt
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.samples import KIOSK

HOUR_MS = 3_600_000
KEEP_MS = 24 * HOUR_MS


@pytest.fixture(params=["fake", "sqlite"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    makers: dict[str, Callable[[], Outbox]] = {
        "fake": lambda: FakeOutbox(KIOSK, keep_ms=KEEP_MS),
        "sqlite": lambda: SqliteOutbox(tmp_path / "outbox.db", KIOSK, keep_ms=KEEP_MS),
    }
    made = makers[request.param]()
    yield made
    made.close()


def at(word: Receipt, ms: int) -> Receipt:
    return forged(word, at=ms)


@pytest.mark.assertion("SEM-BAT-004")
def test_what_was_received_is_kept_and_its_batches_say_so(outbox: Outbox) -> None:
    fill(outbox, 5)
    before = batch_of(outbox, most=3)
    outbox.forget(receipt(outbox, 3))
    assert (outbox.held().oldest, outbox.held().received) == (1, 3)
    assert batch_of(outbox, 4).oldest == 1
    assert batch_of(outbox, most=3) == before


def test_what_was_received_goes_after_the_time_that_it_is_kept(outbox: Outbox) -> None:
    fill(outbox, 6)
    outbox.forget(at(receipt(outbox, 2), 0))
    outbox.forget(at(receipt(outbox, 4), HOUR_MS))
    outbox.forget(at(receipt(outbox, 5), KEEP_MS - 1))
    assert outbox.held().oldest == 1
    last = batch_of(outbox).chain
    outbox.forget(at(receipt(outbox, 6), KEEP_MS))
    assert (outbox.held().oldest, outbox.held().received) == (3, 6)
    fill(outbox, 1)
    assert batch_of(outbox, 7).before == last


def test_what_is_owed_never_goes_for_its_age(outbox: Outbox) -> None:
    fill(outbox, 5)
    outbox.forget(at(receipt(outbox, 2), 0))
    outbox.forget(at(receipt(outbox, 3), 400 * KEEP_MS))
    assert (outbox.held().oldest, outbox.held().owed) == (3, 2)


def test_a_hub_whose_clock_went_back_makes_nothing_go(outbox: Outbox) -> None:
    fill(outbox, 5)
    outbox.forget(at(receipt(outbox, 2), 9 * KEEP_MS))
    outbox.forget(at(receipt(outbox, 3), 0))
    assert outbox.held().oldest == 1


@pytest.mark.assertion("SEM-RCP-008")
def test_a_restored_hub_that_holds_less_is_owed_again_what_is_kept(outbox: Outbox) -> None:
    fill(outbox, 6)
    backup = receipt(outbox, 2, generation=2)
    outbox.forget(receipt(outbox, 5))
    assert outbox.forget(backup) == 0
    assert (outbox.held().received, outbox.held().owed, outbox.held().again) == (2, 4, 5)
    assert outbox.forget(receipt(outbox, 6, generation=2)) == 4
    assert (outbox.held().received, outbox.held().again) == (6, 5)


@pytest.mark.assertion("SEM-RCP-008")
def test_a_hub_that_was_restored_to_nothing_is_owed_everything_again(outbox: Outbox) -> None:
    fill(outbox, 3)
    outbox.forget(receipt(outbox, 3))
    outbox.forget(receipt(outbox, 0, generation=9))
    assert (outbox.held().received, outbox.held().again) == (0, 3)
    outbox.forget(receipt(outbox, 1, generation=2))
    assert outbox.held().received == 1, "the value at 0 proves no hub: its generation is not noted"


@pytest.mark.assertion("SEM-RCP-008")
def test_another_hub_that_holds_less_is_owed_what_is_kept(outbox: Outbox) -> None:
    fill(outbox, 3)
    outbox.forget(receipt(outbox, 3, generation=5))
    outbox.forget(forged(receipt(outbox, 0), hub="hub-2"))
    assert outbox.held().received == 0


@pytest.mark.assertion("SEM-RCP-009")
@pytest.mark.parametrize("generation", [1, 2])
def test_an_older_word_of_the_same_or_an_earlier_life_makes_nothing_owed(
    outbox: Outbox, generation: int
) -> None:
    fill(outbox, 5)
    older = receipt(outbox, 2, generation=generation)
    outbox.forget(receipt(outbox, 4, generation=2))
    assert outbox.forget(older) == 0
    assert (outbox.held().received, outbox.held().again) == (4, 0)


@pytest.mark.assertion("SEM-RCP-009")
def test_what_the_broker_kept_from_before_the_restore_is_no_receipt(outbox: Outbox) -> None:
    fill(outbox, 5)
    stale, backup = receipt(outbox, 4), receipt(outbox, 2, generation=2)
    outbox.forget(stale)
    outbox.forget(backup)
    assert outbox.forget(stale) == 0
    assert outbox.held().received == 2


@pytest.mark.assertion("SEM-RCP-009")
@pytest.mark.parametrize("upto", [0, 2])
def test_another_chain_makes_nothing_owed(outbox: Outbox, upto: int) -> None:
    fill(outbox, 5)
    forgery = forged(receipt(outbox, upto, generation=2), chain="f" * 32)
    outbox.forget(receipt(outbox, 4))
    with pytest.raises(ReceiptError):
        outbox.forget(forgery)
    assert outbox.held().received == 4


@pytest.mark.assertion("SEM-RCP-010")
def test_a_hub_that_holds_less_than_the_oldest_is_owed_all_that_is_kept(outbox: Outbox) -> None:
    fill(outbox, 6)
    backup = receipt(outbox, 1, generation=2)
    outbox.forget(at(receipt(outbox, 3), 0))
    outbox.forget(at(receipt(outbox, 6), KEEP_MS))
    assert outbox.held().oldest == 4
    outbox.forget(backup)
    assert (outbox.held().received, outbox.held().owed, outbox.held().again) == (3, 3, 6)
    batch = batch_of(outbox, 4)
    assert (batch.first, batch.oldest) == (4, 4)
    outbox.forget(receipt(outbox, 6, generation=2))
    assert outbox.forget(backup) == 0, "the broker's copy of it, later"
    assert outbox.held().owed == 0


def test_what_is_owed_again_does_not_go_for_the_age_of_its_first_receipt(outbox: Outbox) -> None:
    fill(outbox, 6)
    backup = receipt(outbox, 1, generation=2)
    outbox.forget(at(receipt(outbox, 5), 0))
    outbox.forget(at(backup, HOUR_MS))
    outbox.forget(at(receipt(outbox, 2, generation=2), 2 * KEEP_MS))
    assert (outbox.held().oldest, outbox.held().owed) == (1, 4)


def test_whoever_only_says_again_what_was_said_is_of_no_later_life(outbox: Outbox) -> None:
    fill(outbox, 5)
    outbox.forget(receipt(outbox, 3))
    outbox.forget(receipt(outbox, 3, generation=2**40))
    assert outbox.forget(receipt(outbox, 5)) == 2


def test_nothing_kept_is_nothing_owed_again(outbox: Outbox) -> None:
    start = chain_start(KIOSK, outbox.held().epoch).hex()
    outbox.forget(Receipt("hub-1", 2, outbox.held().epoch, 0, start, 1))
    assert (outbox.held().owed, outbox.held().again) == (0, 0)
