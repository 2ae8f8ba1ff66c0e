"""Where messages wait between the broker's thread and the intake, bounded by count and by bytes."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Line(Protocol):
    """The connection that brought a message."""

    def acknowledge(self, mid: int) -> None:
        """Tell the broker that the message is kept; nothing where the connection is gone."""


class Letter(NamedTuple):
    """One message as it came; a NamedTuple, because thousands a second are made."""

    topic: str
    payload: bytes
    retained: bool
    heard: float  # monotonic seconds
    mid: int
    line: Line


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much may wait, and how much is taken at once."""

    messages: int = 20_000  # mosquitto sends a returning session all it queued (10,000) at once
    bytes: int = 128 * 1024 * 1024  # twice what the broker's configuration lets it queue
    batch_messages: int = 500
    batch_bytes: int = 4 * 1024 * 1024  # about 9,000 visits: a commit of some 100 ms


class Inbox:
    """A queue of letters that says no when it is full, and hands out batches."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._letters: deque[Letter] = deque()
        self._bytes = 0
        self._changed = threading.Condition()

    def put(self, letter: Letter, *, wait: float) -> bool:
        """Keep the letter, waiting for room at most so long; False where it was not kept."""
        size = len(letter.payload)
        with self._changed:
            if not self._has_room(size) and not self._changed.wait_for(
                lambda: self._has_room(size), wait
            ):
                return False
            self._letters.append(letter)
            self._bytes += size
            # Only what somebody can wait for is told: a wake-up costs more than the letter.
            if len(self._letters) == 1 or self._is_a_batch():
                self._changed.notify_all()
            return True

    def take(self, *, wait: float, linger: float) -> list[Letter]:
        """The next batch, oldest first; empty where nothing came within `wait` seconds.

        Once there is one letter, up to `linger` seconds more are given to its followers: a
        commit costs the same for one as for hundreds.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._letters), wait):
                return []
            self._changed.wait_for(self._is_a_batch, linger)
            batch = self._cut()
            self._changed.notify_all()
            return batch

    def wait_until_empty(self, seconds: float) -> bool:
        """Wait until nothing waits, at most so long; returns whether nothing does."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._letters, seconds)

    @property
    def depth(self) -> int:
        """How many letters wait."""
        return len(self._letters)

    def lag(self) -> float:
        """Seconds that the oldest waiting letter has waited."""
        with self._changed:
            return time.monotonic() - self._letters[0].heard if self._letters else 0.0

    def _has_room(self, size: int) -> bool:
        bounds = self._bounds
        return len(self._letters) < bounds.messages and self._bytes + size <= bounds.bytes

    def _is_a_batch(self) -> bool:
        bounds = self._bounds
        return len(self._letters) >= bounds.batch_messages or self._bytes >= bounds.batch_bytes

    def _cut(self) -> list[Letter]:
        batch: list[Letter] = []
        taken = 0
        while self._letters and len(batch) < self._bounds.batch_messages:
            taken += len(self._letters[0].payload)
            if batch and taken > self._bounds.batch_bytes:
                break
            batch.append(self._letters.popleft())
        self._bytes -= sum(len(letter.payload) for letter in batch)
        return batch
