"""What must be told of the outbox also while the card fails: the alarm itself, above all."""

from __future__ import annotations

from typing import Final

import structlog

from kiosk.core.ports import Held, Outbox
from shared.errors import OutboxError
from shared.wire import encode_batch

log = structlog.get_logger(__name__)

_MOST_STEPS: Final = 1_000
"""Connections numbered in memory alone, which are caught up with on the card: days of them."""


class Recollection:
    """The outbox as it is, or while it cannot be read or written, as it was last known."""

    def __init__(self, outbox: Outbox) -> None:
        self.failing = False
        self._outbox = outbox
        self._last: Held | None = None
        self._used = 0  # the highest number given in this epoch, on the card or not

    def held(self) -> Held:
        """What is there; raises NotKept only where nothing was ever read."""
        try:
            held = self._outbox.held()
        except OutboxError as fault:
            self._note(fault)
            if self._last is None:
                raise
            return self._last
        if self._last is None or held.epoch != self._last.epoch:
            self._used = 0
        self._last = held
        return held

    def next_connection(self) -> int:
        """A number above every other of this epoch; where it cannot be kept, it is remembered."""
        held = self.held()
        try:
            number = self._counted_on_the_card()
            self.failing = False
        except OutboxError as fault:
            self._note(fault)
            number = max(held.connection, self._used) + 1
        self._used = number
        return number

    def owed(self, epoch: str, most: int) -> bytes | None:
        """The oldest records that are owed of this epoch, as one message; None where none are."""
        held = self.held()
        batch = self._outbox.batch_from(held.received + 1, most)
        return None if batch is None or batch.epoch != epoch else encode_batch(batch)

    def _counted_on_the_card(self) -> int:
        number = 0
        for _ in range(_MOST_STEPS):
            number = self._outbox.next_connection()
            if number > self._used:
                break
        return max(number, self._used + 1)

    def _note(self, fault: OutboxError) -> None:
        if not self.failing:
            log.error("outbox_failed", why=str(fault), hint=fault.hint)
        self.failing = True
