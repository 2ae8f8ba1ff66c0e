"""Commands on their way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.core.fleet import KioskKey
from hub.core.ordering import LASTS_MS, Sent
from shared.commands import Command, Order
from shared.places import KioskId, StoreId

SENT = Sent(StoreId("centro"), KioskId("k-1"), Command("ab" * 8, Order.RESTART, 9), "ana", 1)


@pytest.mark.parametrize(
    ("outcome", "pending"), [(None, True), ("begun", True), ("done", False), ("late", False)]
)
def test_it_is_pending_until_it_ended(outcome: str | None, pending: bool) -> None:
    assert replace(SENT, outcome=outcome).pending is pending
    assert SENT.who == KioskKey(StoreId("centro"), KioskId("k-1"))


def test_every_order_is_good_for_a_time() -> None:
    assert set(LASTS_MS) == set(Order)
