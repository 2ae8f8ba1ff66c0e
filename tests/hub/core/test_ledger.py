"""The ledger: what a batch means, and that an honest kiosk always ends whole."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.ledger import Ledger, Verdict, judge, new_ledger, same_bytes
from shared.deliveries import Batch, chain_start
from shared.places import KioskId
from tests.fakes.kiosk import FakeKiosk

KIOSK = KioskId("k-1")


def kiosk_with(count: int) -> FakeKiosk:
    kiosk = FakeKiosk()
    kiosk.seal(*[b'{"n":%d}' % n for n in range(1, count + 1)])
    return kiosk


def held(kiosk: FakeKiosk, upto: int) -> Ledger:
    return Ledger(upto, kiosk.chain[upto])


def test_an_epoch_begins_at_its_own_chain_value() -> None:
    ledger = new_ledger(KIOSK, "0" * 16)
    assert (ledger.held, ledger.chain) == (0, chain_start(KIOSK, "0" * 16))


def test_the_first_batch_of_an_epoch_is_taken_whole() -> None:
    kiosk = kiosk_with(3)
    verdict = judge(None, kiosk.batch(1, 3), KIOSK)
    assert (verdict.after, verdict.start) == (held(kiosk, 3), 1)
    assert list(verdict.records) == kiosk.bodies


def test_the_next_batch_is_taken_from_where_the_ledger_stands() -> None:
    kiosk = kiosk_with(5)
    verdict = judge(held(kiosk, 2), kiosk.batch(3, 5), KIOSK)
    assert (verdict.start, verdict.records) == (3, tuple(kiosk.bodies[2:]))


def test_of_an_overlapping_batch_only_the_new_part_is_taken() -> None:
    kiosk = kiosk_with(5)
    verdict = judge(held(kiosk, 3), kiosk.batch(2, 5), KIOSK)
    assert (verdict.start, verdict.records) == (4, tuple(kiosk.bodies[3:]))
    assert verdict.after == held(kiosk, 5)


def test_a_batch_that_ends_at_the_ledger_is_a_duplicate_proved_by_its_chain() -> None:
    kiosk = kiosk_with(5)
    assert judge(held(kiosk, 5), kiosk.batch(2, 5), KIOSK) == Verdict(held(kiosk, 5))


def test_an_older_duplicate_is_to_be_compared_with_what_is_stored() -> None:
    kiosk = kiosk_with(5)
    verdict = judge(held(kiosk, 5), kiosk.batch(2, 4), KIOSK)
    assert verdict == Verdict(held(kiosk, 5), compare=(2, 4))


def test_a_gap_below_the_oldest_is_a_proved_loss() -> None:
    kiosk = kiosk_with(9)
    kiosk.drop(6)
    verdict = judge(held(kiosk, 2), kiosk.batch(7, 9), KIOSK)
    assert verdict.lost == (3, 6)
    assert (verdict.start, verdict.after) == (7, replace(held(kiosk, 9), lost=4))


def test_the_beginning_of_an_epoch_can_be_a_proved_loss() -> None:
    kiosk = kiosk_with(4)
    kiosk.drop(3)
    verdict = judge(None, kiosk.batch(4, 4), KIOSK)
    assert (verdict.lost, verdict.after.held) == ((1, 3), 4)


def test_a_gap_above_the_oldest_is_pending() -> None:
    kiosk = kiosk_with(9)
    assert judge(held(kiosk, 2), kiosk.batch(5, 9), KIOSK) == Verdict(held(kiosk, 2))


def test_a_loss_is_not_passed_over_before_the_oldest_itself_has_come() -> None:
    kiosk = kiosk_with(9)
    kiosk.drop(4)
    assert judge(held(kiosk, 2), kiosk.batch(7, 9), KIOSK) == Verdict(held(kiosk, 2))


@pytest.mark.parametrize("first", [1, 3, 5, 6], ids=["duplicate", "overlap", "overlap-1", "next"])
def test_another_history_is_a_disagreement(first: int) -> None:
    kiosk, other = kiosk_with(7), FakeKiosk()
    other.seal(*[b'{"m":%d}' % n for n in range(1, 8)])
    verdict = judge(held(kiosk, 5), other.batch(first, 5 if first == 1 else 7), KIOSK)
    assert (verdict.problem, verdict.after, verdict.records) == ("chain", held(kiosk, 5), ())


def test_a_chain_value_that_was_not_computed_over_these_records_is_a_disagreement() -> None:
    kiosk = kiosk_with(3)
    for forged in (
        replace(kiosk.batch(1, 3), chain="0" * 32),
        replace(kiosk.batch(1, 3), before="0" * 32),
        replace(kiosk.batch(1, 3), records=(b"{}", b"{}", b"{}")),
    ):
        assert judge(None, forged, KIOSK).problem == "chain"


def test_a_new_epoch_that_begins_elsewhere_than_at_its_start_is_a_disagreement() -> None:
    stranger = FakeKiosk(kiosk_id=KioskId("k-2"))
    stranger.seal(b"{}")
    assert judge(None, stranger.batch(1, 1), KIOSK).problem == "chain"


def test_what_is_not_stored_was_refused_or_lost_and_disagrees_with_nothing() -> None:
    kiosk = kiosk_with(3)
    assert same_bytes(kiosk.batch(1, 3), {1: kiosk.bodies[0]})
    assert not same_bytes(kiosk.batch(1, 3), {2: b"other"})


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_flipped_bit_is_never_taken(data: st.DataObject) -> None:
    kiosk = kiosk_with(6)
    stand = data.draw(st.integers(0, 5), "held")
    first = data.draw(st.integers(1, stand + 1), "first")
    batch = kiosk.batch(first, 6)
    place = data.draw(st.integers(0, len(batch.records) - 1), "record")
    body = bytearray(batch.records[place])
    bit = data.draw(st.integers(0, 8 * len(body) - 1), "bit")
    body[bit // 8] ^= 1 << bit % 8
    records = (*batch.records[:place], bytes(body), *batch.records[place + 1 :])
    verdict = judge(held(kiosk, stand), replace(batch, records=records), KIOSK)
    assert (verdict.problem, verdict.records) == ("chain", ())


class Hub:
    """What a hub does with verdicts."""

    def __init__(self) -> None:
        self.ledger: Ledger | None = None
        self.stored: dict[int, bytes] = {}
        self.lost: set[int] = set()

    def take(self, batch: Batch) -> int:
        verdict = judge(self.ledger, batch, KIOSK)
        assert verdict.problem is None
        if verdict.compare is not None:
            assert same_bytes(batch, self.stored)
        before = 0 if self.ledger is None else self.ledger.held
        assert verdict.after.held >= before
        for seq, body in enumerate(verdict.records, verdict.start):
            assert seq not in self.stored
            self.stored[seq] = body
        if verdict.lost is not None:
            self.lost |= set(range(verdict.lost[0], verdict.lost[1] + 1))
        self.ledger = verdict.after
        return verdict.after.held


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_whatever_happens_on_the_way_an_honest_kiosk_ends_whole(data: st.DataObject) -> None:
    """Batches of any size are doubled, delayed, reordered and lost; so are receipts; the quota
    may take what the kiosk still holds. It sends again from where the last receipt says."""
    kiosk, hub = kiosk_with(data.draw(st.integers(1, 25), "records")), Hub()
    on_the_way: list[Batch] = []
    for _ in range(data.draw(st.integers(0, 25), "steps")):
        step = data.draw(st.sampled_from(["send", "send", "deliver", "deliver", "lose", "drop"]))
        if step == "send" and kiosk.next <= kiosk.last:
            size = data.draw(st.integers(1, 8), "size")
            last = min(kiosk.next + size - 1, kiosk.last)
            on_the_way.append(kiosk.batch(kiosk.next, last))
            kiosk.next = last + 1
        elif step == "deliver" and on_the_way:
            batch = data.draw(st.sampled_from(on_the_way), "batch")  # it stays: it may come again
            upto = hub.take(batch)
            if data.draw(st.booleans(), "receipt arrives"):
                kiosk.oldest = max(kiosk.oldest, upto + 1)
                kiosk.next = max(upto + 1, kiosk.oldest)
        elif step == "lose" and on_the_way:
            on_the_way.remove(data.draw(st.sampled_from(on_the_way), "lost"))
        elif step == "drop" and kiosk.oldest < kiosk.last:
            kiosk.drop(data.draw(st.integers(kiosk.oldest, kiosk.last - 1), "quota"))
            kiosk.next = max(kiosk.next, kiosk.oldest)
    while kiosk.oldest <= kiosk.last:  # the line is good again: from the oldest held
        upto = hub.take(kiosk.batch(kiosk.oldest, kiosk.last))
        assert upto >= kiosk.last
        kiosk.oldest = upto + 1
    assert hub.ledger is not None
    assert (hub.ledger.held, hub.ledger.chain) == (kiosk.last, kiosk.chain[-1])
    assert hub.ledger.lost == len(hub.lost)
    assert set(hub.stored) | hub.lost == set(range(1, kiosk.last + 1))
    assert all(kiosk.bodies[seq - 1] == body for seq, body in hub.stored.items())
    assert not hub.lost & set(hub.stored)
