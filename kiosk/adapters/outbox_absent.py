"""What stands in for the outbox where its file cannot be opened: it keeps nothing, and says so."""

# ruff: noqa: ARG002 - the methods of a port, most of which do nothing here

from __future__ import annotations

import itertools
import secrets
from typing import NoReturn

from kiosk.core.ports import Held
from shared.deliveries import Batch, Receipt
from shared.errors import NotKept
from shared.records import Record
from shared.visits import Visit


class NoOutbox:
    """Port `Outbox` where the card is dead: it keeps nothing, and is an epoch of its own.

    So the hub is told how the kiosk is, and takes nothing of it for the outbox that was there.
    """

    def __init__(self) -> None:
        self._epoch = secrets.token_hex(8)
        self._numbers = itertools.count(1)

    def held(self) -> Held:
        """Nothing."""
        return Held(self._epoch, oldest=1, last=0, refused_seen=0)

    def next_connection(self) -> int:
        """A number that rises with every call."""
        return next(self._numbers)

    def keep_open(self, visit: Visit) -> NoReturn:
        """Never."""
        self._refuse()

    def seal(self, visit: Visit) -> NoReturn:
        """Never."""
        self._refuse()

    def add(self, record: Record) -> NoReturn:
        """Never."""
        self._refuse()

    def remember(self, name: str, value: bytes) -> NoReturn:
        """Never."""
        self._refuse()

    def open_visit(self) -> None:
        """None that could be read."""

    def batch_from(self, seq: int, most: int) -> Batch | None:
        """Nothing to send."""
        return None

    def forget(self, receipt: Receipt) -> int:
        """Nothing to forget."""
        return 0

    def recall(self, name: str) -> bytes | None:
        """Nothing that could be read."""
        return None

    def close(self) -> None:
        """Nothing to close."""

    def _refuse(self) -> NoReturn:
        raise NotKept("the card is dead")
