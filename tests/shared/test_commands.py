"""Commands are a closed list, each with its end."""

from __future__ import annotations

import pytest

from shared.commands import Answer, Command, Order
from shared.errors import Unreadable, WordError
from shared.wire import decode, encode

ID = "0123456789abcdef"


@pytest.mark.parametrize("order", Order)
def test_every_order_travels(order: Order) -> None:
    version = "1.2.3" if order is Order.UPDATE else None
    command = Command(ID, order, 5, version)
    assert decode(Command, encode(command)) == command


@pytest.mark.parametrize(
    ("order", "version"), [(Order.UPDATE, None), (Order.REBOOT, "1"), (Order.UPDATE, "x" * 41)]
)
def test_only_an_update_names_a_version(order: Order, version: str | None) -> None:
    with pytest.raises(WordError):
        Command(ID, order, 5, version)


def test_nothing_else_can_be_ordered() -> None:
    said = encode(Command(ID, Order.REBOOT, 5)).replace(b"reboot", b"rm -rf /")
    with pytest.raises(Unreadable):
        decode(Command, said)


def test_an_answer_is_one_word() -> None:
    assert Answer(ID, "done").outcome == "done"
    with pytest.raises(WordError):
        Answer(ID, "Done, sir")
