"""Signs what the hub tells its kiosks, between whoever says it and the broker's line.

Laws of this page
1. What cannot be signed is not said: it goes on waiting where it waits.
2. A serial is above every one that was ever given, whatever clocks, restarts and other processes
   do; none below the mark in the database is given again.
3. An empty message takes something back, and stays empty.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Protocol

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine, select

from hub.adapters.database import inserting, writing
from hub.adapters.tables import serials
from hub.core.hours import DAY_MS, HOUR_MS
from shared.errors import SemblanteError
from shared.signing import SignedMessage, write_signed
from shared.topics import Channel

log = structlog.get_logger(__name__)

Publish = Callable[[str, bytes], bool]

BELIEVED_MS: Final[Mapping[str, int]] = MappingProxyType(
    {
        Channel.RECEIPT.value: 400 * DAY_MS,  # retained: who was away for a year still reads it
        Channel.SETTINGS.value: 400 * DAY_MS,
        Channel.COMMAND.value: 30 * DAY_MS,  # each says itself until when it shall be done
        Channel.NOTICE.value: HOUR_MS,  # an old wait is a wrong one
    }
)

AHEAD: Final = 60_000_000
"""Microseconds of serials reserved at once: one commit a minute while the hub speaks."""

_NAME: Final = "signer"


class Signer(Protocol):
    """Who has the keys."""

    def signer(self, at: int) -> tuple[str, Ed25519PrivateKey]:
        """The key by which the hub signs now, and its id; raises DeviceError."""


class SqlSerials:
    """Gives serials that only rise; safe from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock = engine, threading.Lock()
        self._last, self._upto = 0, 0

    def next(self, now_us: int) -> int:
        """The next one, the microseconds since 1970 where that is more; raises ArchiveError."""
        with self._lock:
            serial = max(self._last + 1, now_us)
            if serial > self._upto:
                serial = self._reserve(serial)
            self._last = serial
            return serial

    def begin_anew(self) -> None:
        """Another process may have given some meanwhile: look before the next one is given."""
        with self._lock:
            self._upto = 0

    def _reserve(self, serial: int) -> int:
        mark = select(serials.c.upto).where(serials.c.name == _NAME).with_for_update()
        with writing(self._engine) as db:
            serial = max(serial, (db.scalar(mark) or 0) + 1)
            upto = serial + AHEAD
            row = inserting(db, serials).values(name=_NAME, upto=upto)
            db.execute(row.on_conflict_do_update(index_elements=["name"], set_={"upto": upto}))
        self._upto = upto
        return serial


class Signing:
    """A `publish` that signs."""

    def __init__(
        self, publish: Publish, keys: Signer, serials: SqlSerials, now_ms: Callable[[], int]
    ) -> None:
        self._publish, self._keys, self._serials = publish, keys, serials
        self._now_ms = now_ms

    def __call__(self, topic: str, payload: bytes) -> bool:
        """Hand over a message, signed; False where it could not be signed or taken just now."""
        if not payload:
            return self._publish(topic, payload)
        try:
            signed = self._signed(topic, payload)
        except SemblanteError as fault:
            log.error("signing.failed", why=str(fault), hint=fault.hint)
            return False
        return self._publish(topic, signed)

    def _signed(self, topic: str, payload: bytes) -> bytes:
        now = self._now_ms()
        key_id, key = self._keys.signer(now)
        until = now + BELIEVED_MS[topic.rpartition("/")[2]]
        message = SignedMessage(key_id, self._serials.next(now * 1_000), until, payload)
        return write_signed(replace(message, signature=key.sign(message.to_sign(topic))))
