"""An alert as another system is told it: its body, its signature, and when it is tried again."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from hub.core.waiting.facts import LineId
from hub.core.waiting.layout import Hook
from shared.places import StoreId

SIGNATURE: Final = "Semblante-Signature"
"""The header in which the signature stands."""

FIRST_PAUSE_MS: Final = 10_000
LONGEST_PAUSE_MS: Final = 300_000
"""A receiver that is restarted misses a minute; one that is down is not to be hammered at."""

GIVEN_UP_MS: Final = 3_600_000
"""An hour later nobody opens a register for it."""


class Event(StrEnum):
    """What happened to an alert."""

    RAISED = "raised"
    CLEARED = "cleared"


class AlertKey(NamedTuple):
    """Which alert."""

    store_id: StoreId
    line_id: LineId
    kind: str
    since: int


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to tell of an alert; `minutes` is what the line told then, if anything."""

    key: AlertKey
    event: Event
    until: int | None
    registers: int
    minutes: int | None
    attempts: int
    hook: Hook

    @property
    def name(self) -> str:
        """The same at every attempt, and no other errand's: a receiver drops doubles by it."""
        store, line, kind, since = self.key
        return f"{store}/{line}/{kind}/{since}/{self.event}"


def body_of(errand: Errand, now: int) -> bytes:
    """What is sent; times are milliseconds since 1970, UTC."""
    store, line, kind, since = errand.key
    told = {
        "id": errand.name,
        "event": errand.event.value,
        "kind": kind,
        "store": store,
        "line": line,
        "since": since,
        "until": errand.until if errand.event is Event.CLEARED else None,
        "registers": errand.registers,
        "minutes": errand.minutes,
        "sent_at": now,
    }
    return json.dumps(told, separators=(",", ":")).encode()


def signature(key: str, body: bytes) -> str:
    """By which whoever has the key knows that a body is ours, and whole."""
    return "sha256=" + hmac.new(bytes.fromhex(key), body, hashlib.sha256).hexdigest()


def pause_ms(attempts: int) -> int:
    """How long to wait after so many attempts: twice as long after each."""
    doubled = FIRST_PAUSE_MS << min(max(0, attempts - 1), 10)
    return min(LONGEST_PAUSE_MS, doubled)
