"""One sitting's account of a ledger."""

from __future__ import annotations

from hub.core.ledger import Ledger
from hub.core.ports import LedgerKey
from hub.core.settling import Reading
from hub.core.sitting import Account, duplicates_in, key_of
from shared.topics import read_topic
from tests.fakes.kiosk import NOON, FakeKiosk, anchor, visit
from tests.parts.archives import CENTRO, K1

KEY = LedgerKey(CENTRO, K1, "0123456789abcdef")


def test_a_batch_is_of_the_ledger_of_its_epoch() -> None:
    kiosk = FakeKiosk()
    kiosk.seal(visit())
    topic = read_topic(kiosk.message().topic)
    assert key_of(topic, kiosk.batch(1, 1)) == KEY


def test_duplicates_are_what_the_ledger_holds() -> None:
    kiosk = FakeKiosk()
    kiosk.seal(*(visit() for _ in range(5)))
    held = [duplicates_in(kiosk.batch(2, 4), Ledger(n, b"", 0, 0)) for n in (0, 1, 2, 4, 9)]
    assert held == [0, 0, 1, 3, 3]


def test_anchors_are_those_of_all_its_batches_in_order() -> None:
    one, two = anchor(5, NOON), anchor(9, NOON)
    account = Account(KEY, 7, Ledger(0, b"", 0, 0), 0)
    account.readings += [Reading(anchors=[one]), Reading(), Reading(anchors=[two])]
    assert account.anchors == [one, two]
