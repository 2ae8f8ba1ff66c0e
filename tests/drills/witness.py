"""Stands beside a kiosk's ear: writes down which receipts came, and which were let through."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from typing import Any

from kiosk.adapters.signatures import Verified, Verifier
from kiosk.core.ports import Inbound
from shared.errors import WireError
from shared.signing import read_signed
from shared.topics import Channel
from tests.drills.clock import true_ms

Write = Callable[..., None]


class Witnessed(Verified):
    """The kiosk's own, and what it does with receipts is no secret; of what was passed on only the
    digest is told, and the serial that it claims."""

    def __init__(self, ear: Inbound, verifier: Verifier, *, write: Write) -> None:
        self._passing = _Passing(ear)
        self._write = write
        super().__init__(self._passing, verifier)

    def connected(self) -> None:
        """The broker let it in."""
        self._write(let_in=os.getpid(), at=true_ms())
        super().connected()

    def received(self, channel: Channel, payload: bytes) -> None:
        """As the kiosk does it, with a note."""
        before = self._passing.passed
        super().received(channel, payload)
        if channel is Channel.RECEIPT and payload:
            self._write(
                heard=digest_of(payload), serial=serial_of(payload), pid=os.getpid(),
                passed=self._passing.passed > before, at=true_ms(),
            )  # fmt: skip


class _Passing:
    """Counts what reaches the courier."""

    def __init__(self, ear: Inbound) -> None:
        self._ear = ear
        self.passed = 0

    def received(self, channel: Channel, payload: bytes) -> None:
        self.passed += 1
        self._ear.received(channel, payload)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ear, name)


def digest_of(payload: bytes) -> str:
    """By which a message is known again."""
    return hashlib.sha256(payload).hexdigest()[:32]


def serial_of(payload: bytes) -> int:
    """What it claims; 0 where it claims none."""
    try:
        return read_signed(payload).serial
    except WireError:
        return 0
