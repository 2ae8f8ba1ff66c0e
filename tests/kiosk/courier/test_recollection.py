from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from kiosk.courier.recollection import Recollection
from shared.errors import NotKept
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.samples import KIOSK, sale


@pytest.fixture
def outbox() -> FakeOutbox:
    return FakeOutbox(KIOSK)


@pytest.fixture
def known(outbox: FakeOutbox) -> Recollection:
    return Recollection(outbox)


def test_what_was_never_read_is_not_known(outbox: FakeOutbox, known: Recollection) -> None:
    outbox.dead = True
    with pytest.raises(NotKept):
        known.held()
    with pytest.raises(NotKept):
        known.next_connection()


def test_what_was_read_last_stands_while_the_card_is_dead(
    outbox: FakeOutbox, known: Recollection
) -> None:
    outbox.add(sale())
    before = known.held()
    outbox.dead = True
    with capture_logs() as lines:
        assert [known.held() for _ in range(100)] == [before] * 100
    assert len(lines) == 1, "a card that goes on failing is one trouble"
    assert known.failing


def test_numbers_rise_whatever_the_card_does_and_none_is_given_twice(
    outbox: FakeOutbox, known: Recollection
) -> None:
    numbers = []
    for broken in (False, False, True, True, True, False, True, False):
        outbox.broken = broken
        numbers.append(known.next_connection())
        assert known.failing is broken
    assert numbers == sorted(set(numbers))
    again = Recollection(outbox)  # as after a new start of the kiosk
    assert again.next_connection() > numbers[-1]


def test_another_epoch_counts_from_its_own_beginning(
    outbox: FakeOutbox, known: Recollection
) -> None:
    for _ in range(5):
        known.next_connection()
    outbox.__dict__.update(FakeOutbox(KIOSK, "0e" * 8).__dict__)
    assert known.next_connection() == 1
