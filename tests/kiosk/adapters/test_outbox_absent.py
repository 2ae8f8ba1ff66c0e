from __future__ import annotations

from collections.abc import Callable

import pytest

from kiosk.adapters.outbox_absent import NoOutbox
from kiosk.core.ports import Held, Outbox
from shared.deliveries import Receipt
from shared.errors import NotKept
from tests.kiosk.samples import sale, visit


@pytest.mark.parametrize(
    "write",
    [
        lambda outbox: outbox.keep_open(visit()),
        lambda outbox: outbox.seal(visit()),
        lambda outbox: outbox.add(sale()),
        lambda outbox: outbox.remember("settings", b"{}"),
    ],
)
def test_it_keeps_nothing_and_says_so(write: Callable[[Outbox], None]) -> None:
    with pytest.raises(NotKept):
        write(NoOutbox())


def test_it_has_nothing_and_forgets_nothing() -> None:
    outbox: Outbox = NoOutbox()
    assert outbox.open_visit() is None
    assert outbox.batch_from(1, 100) is None
    assert outbox.recall("settings") is None
    epoch = outbox.held().epoch
    assert outbox.held() == Held(epoch, 1, 0, 0)
    assert outbox.forget(Receipt("hub", 1, epoch, 0, "0" * 32, 1)) == 0
    outbox.close()


def test_it_is_an_epoch_of_its_own_with_rising_numbers() -> None:
    outbox = NoOutbox()
    assert outbox.held().epoch != NoOutbox().held().epoch
    assert [outbox.next_connection() for _ in range(3)] == [1, 2, 3]
