"""The courier where the hub comes back: greeted at once, and given again what it lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.deliveries import Receipt
from shared.topics import Channel
from shared.wire import decode_batch
from tests.kiosk.courier.rig import EPOCH, LIMITS, Rig, assert_all_arrived


@pytest.fixture
def rig() -> Rig:
    return Rig()


def restored(rig: Rig, held: int) -> Receipt:
    """The hub lost all above `held`, was restored, and greets."""
    ledger = rig.hub.ledgers[EPOCH]
    ledger.records = {seq: one for seq, one in ledger.records.items() if seq <= held}
    batch = rig.outbox.batch_from(1, held)
    assert batch is not None
    ledger.held, ledger.chain = held, bytes.fromhex(batch.chain)
    rig.hub.generation += 1
    rig.hub.at += 1_000
    return rig.hub.receipt(EPOCH)


def sent(rig: Rig) -> list[tuple[int, int]]:
    batches = [decode_batch(payload) for payload in rig.broker.seen(Channel.RECORDS)]
    return [(batch.first, batch.last) for batch in batches]


@pytest.mark.assertion("SEM-RCP-008")
def test_an_idle_kiosk_sends_again_what_a_restored_hub_lacks(rig: Rig) -> None:
    rig.seal(250)
    rig.answer()
    begun = len(sent(rig))
    rig.send(restored(rig, 120))
    rig.answer()
    assert sent(rig)[begun:] == [(121, 220), (221, 250)]
    assert_all_arrived(rig)
    assert not rig.alarms
    assert (rig.statuses[-1].received, rig.statuses[-1].again) == (120, 250)


@pytest.mark.assertion("SEM-RCP-009")
def test_what_the_broker_kept_of_the_hubs_earlier_life_changes_nothing(rig: Rig) -> None:
    rig.seal(50)
    rig.answer()
    stale = rig.hub.receipt(EPOCH)
    rig.send(restored(rig, 20))
    rig.send(stale)
    rig.answer()
    rig.send(stale)
    assert_all_arrived(rig)
    assert rig.hub.ledgers[EPOCH].repeated == 0


def test_a_restored_hub_is_understood_after_a_new_start_of_the_kiosk_too(rig: Rig) -> None:
    rig.seal(50)
    rig.answer()
    rig.send(restored(rig, 20))
    rig.broker.close()
    rig.inbox.clear()
    rig.answered = len(rig.broker.seen(Channel.RECORDS))
    rig.rounds = rig.courier()
    rig.answer()
    assert_all_arrived(rig)


def greeting(rig: Rig) -> Receipt:
    rig.hub.at += 1_000
    return rig.hub.receipt(EPOCH)


@pytest.mark.assertion("SEM-BAT-005")
def test_a_hub_that_greets_is_sent_again_at_once_what_it_may_not_have_heard(rig: Rig) -> None:
    rig.seal(10)
    rig.answer()
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    rig.seal(5)
    rig.later(LIMITS.longest_wait)
    rig.answered += 1  # nobody was there to hear it
    begun = len(sent(rig))
    rig.send(greeting(rig))
    assert sent(rig)[begun:] == [(11, 15)]
    rig.answer()
    assert_all_arrived(rig)


@pytest.mark.assertion("SEM-BAT-005")
def test_greetings_without_end_are_answered_twice(rig: Rig) -> None:
    rig.seal(10)
    rig.answer()
    rig.seal(5)
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    rig.later(LIMITS.longest_wait)
    begun = len(sent(rig))
    for _ in range(20):
        rig.send(greeting(rig))
    assert len(sent(rig)) == begun + 2


@pytest.mark.assertion("SEM-BAT-005")
def test_after_a_start_the_word_that_was_kept_does_not_hide_the_greeting(rig: Rig) -> None:
    rig.seal(10)
    rig.answer()
    rig.seal(5)
    rig.broker.close()
    rig.inbox.clear()
    rig.rounds = rig.courier()
    rig.settle()
    rig.send(rig.hub.receipt(EPOCH))  # as the broker gives it to whoever subscribes
    begun = len(sent(rig))
    rig.send(greeting(rig))
    assert sent(rig)[begun:] == [(11, 15)]


@pytest.mark.assertion("SEM-BAT-005")
def test_a_word_about_an_earlier_outbox_is_a_greeting_too(rig: Rig) -> None:
    rig.seal(5)
    rig.settle()
    rig.answered += 1  # nobody was there to hear it, and nobody knows of this outbox
    kept = replace(rig.receipt(900), epoch="0d" * 8)
    rig.send(kept)  # perhaps only what the broker had kept: nobody can tell …
    assert sent(rig) == [(1, 5), (1, 5)]
    rig.answered += 1
    rig.send(replace(kept, at=kept.at + 1_000))  # … so the hub itself is understood after it
    assert sent(rig) == [(1, 5), (1, 5), (1, 5)]
    rig.answer()
    assert_all_arrived(rig)


@pytest.mark.assertion("SEM-BAT-005")
def test_what_the_broker_had_kept_is_no_greeting(rig: Rig) -> None:
    rig.seal(10)
    rig.answer()
    kept = rig.hub.receipt(EPOCH)
    rig.seal(5)
    rig.broker.cut()
    rig.settle()
    rig.broker.restore()
    rig.later(LIMITS.longest_wait)
    begun = len(sent(rig))
    rig.send(kept)
    rig.send(replace(kept, at=kept.at - 1))
    assert len(sent(rig)) == begun
