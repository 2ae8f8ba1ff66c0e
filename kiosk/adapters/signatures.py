"""Stands before the courier's ear: only what the hub has signed for this kiosk comes through.

Laws of this page
1. Nothing of a message is believed before its signature is: not even its serial.
2. What is forged (unsigned, by an unknown key, altered, for another kiosk or channel) is counted
   and is an alarm. What is old or late was true once, and a broker that lost its memory says it
   again: it is counted. None of it is ever acted on.
3. Settings and commands are passed on only after their serial is on disk, for they outlive a
   restart; the newest one of a channel may come again, and is passed on again.
4. An empty message takes back what was said, and can be nothing else: it passes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final, Protocol

import structlog

from kiosk.core.ports import Clock, Inbound
from shared.errors import DeviceError, OutboxError, SignatureRefused, WireError
from shared.joining import SigningKey
from shared.places import KioskId, StoreId
from shared.signing import SignedMessage, read_signed
from shared.topics import Channel, Topic

log = structlog.get_logger(__name__)

KEPT: Final = {Channel.SETTINGS: "serial-settings", Channel.COMMAND: "serial-command"}
"""Channels whose highest serial outlives a restart, and its name in the outbox."""

_MOST_DIGITS: Final = 19
"""Of a serial: 63 bits."""


class Documents(Protocol):
    """What an outbox remembers beside records."""

    def remember(self, name: str, value: bytes) -> None:
        """Keep it; returns when it is on disk, else raises OutboxError."""

    def recall(self, name: str) -> bytes | None:
        """What was kept."""


class Verifier:
    """Knows whose word counts, and how far each channel has come; one thread at a time.

    `keys` reads them anew from disk. `forged` is told once. `counts` may be another's counter.
    """

    def __init__(
        self,
        store_id: StoreId,
        kiosk_id: KioskId,
        keys: Callable[[], tuple[SigningKey, ...]],
        documents: Documents,
        clock: Clock,
        forged: Callable[[], None],
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._place = store_id, kiosk_id
        self._read_keys = keys
        self._keys: dict[str, bytes] | None = None
        self._documents = documents
        self._clock = clock
        self._forged = forged
        self._was_forged = False
        self._highest: dict[Channel, int] = {}

    def read_keys_anew(self) -> None:
        """They may have been renewed; called where a connection begins."""
        self._keys = None

    def body_of(self, channel: Channel, payload: bytes) -> bytes | None:
        """What was signed, or None where it must not be acted on. Raises OutboxError."""
        if not payload:
            return payload
        try:
            message = self._verified(channel, payload)
        except WireError as fault:
            self._refuse(channel, str(fault))
            return None
        return message.body if self._is_news(channel, message) else None

    def _verified(self, channel: Channel, payload: bytes) -> SignedMessage:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 memory is dear
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
            Ed25519PublicKey,
        )

        message = read_signed(payload)
        topic = str(Topic(*self._place, channel))
        try:
            public = Ed25519PublicKey.from_public_bytes(self._key(message.key_id))
            public.verify(message.signature, message.to_sign(topic))
        except (InvalidSignature, ValueError) as fault:
            raise SignatureRefused("altered, or said to another kiosk or channel") from fault
        return message

    def _key(self, key_id: str) -> bytes:
        if self._keys is None or key_id not in self._keys:
            self._keys = self._known()
        try:
            return self._keys[key_id]
        except KeyError:
            raise SignatureRefused("signed by a key that is not the hub's") from None

    def _known(self) -> dict[str, bytes]:
        try:
            return {key.id: bytes.fromhex(key.public) for key in self._read_keys()}
        except DeviceError as fault:
            log.error("signing_keys_unreadable", why=str(fault), hint=fault.hint)
            return {}

    def _is_news(self, channel: Channel, message: SignedMessage) -> bool:
        now = self._clock.now()
        if now.synced and now.wall > message.not_after:
            return self._pass_over(channel, "late")
        highest = self._highest_of(channel)
        if message.serial < highest:
            return self._pass_over(channel, "replayed")
        if message.serial > highest:
            self._advance(channel, message.serial)
        return True

    def _highest_of(self, channel: Channel) -> int:
        if channel not in self._highest:
            name = KEPT.get(channel)
            kept = None if name is None else self._documents.recall(name)
            is_serial = kept is not None and len(kept) <= _MOST_DIGITS and kept.isdigit()
            self._highest[channel] = int(kept or 0) if is_serial else 0
        return self._highest[channel]

    def _advance(self, channel: Channel, serial: int) -> None:
        if channel in KEPT:
            self._documents.remember(KEPT[channel], b"%d" % serial)
        self._highest[channel] = serial

    def _pass_over(self, channel: Channel, why: str) -> bool:
        self.counts[why] += 1
        log.warning("message_passed_over", channel=channel.value, why=why)
        return False

    def _refuse(self, channel: Channel, why: str) -> None:
        self.counts["forged"] += 1
        log.error("message_forged", channel=channel.value, why=why, hint=SignatureRefused.hint)
        if not self._was_forged:
            self._was_forged = True
            self._forged()


class Verified:
    """One connection's ear behind the verifier."""

    def __init__(self, ear: Inbound, verifier: Verifier) -> None:
        self._ear, self._verifier = ear, verifier

    def connected(self) -> None:
        """The subscriptions are made."""
        self._verifier.read_keys_anew()
        self._ear.connected()

    def disconnected(self, why: str) -> None:
        """It is gone."""
        self._ear.disconnected(why)

    def received(self, channel: Channel, payload: bytes) -> None:
        """Pass on what the hub said, without what it was wrapped in."""
        try:
            body = self._verifier.body_of(channel, payload)
        except OutboxError as fault:  # the broker keeps it: it comes again with the next connection
            log.error("serial_not_kept", channel=channel.value, why=str(fault), hint=fault.hint)
            return
        if body is not None:
            self._ear.received(channel, body)

    def refused(self, channel: Channel, why: str) -> None:
        """The broker refused a publish."""
        self._ear.refused(channel, why)
