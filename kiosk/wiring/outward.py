"""What every kiosk has, be it whole or closed: its memory, and the line to the hub."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Final

from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.adapters.high_water import HighWater
from kiosk.adapters.identity import Identity, IdentityFolder
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.signatures import Verified, Verifier
from kiosk.adapters.unwrapping import Unwrapped
from kiosk.adapters.versions import own_version
from kiosk.core.delivery import Limits
from kiosk.core.ports import Clock, Inbound, Outbox, Post
from kiosk.core.standing import Standing
from kiosk.courier.rounds import Rounds
from kiosk.courier.tidings import Obey, ignore
from kiosk.settings import Settings
from shared.errors import DeviceError

_OWN: Final = own_version(Path(sys.prefix))

VERSION: Final = version("semblante") if _OWN is None else _OWN[1]
"""What the hub is told: the name under which it was rolled out, where it was installed as such."""

JOIN_FIRST: Final = "Join it: “semblante-kiosk join”, with a join code from the page “Kiosks”."

DAY_MS: Final = 24 * 3_600_000


def open_outbox(settings: Settings) -> SqliteOutbox:
    """The kiosk's memory; raises OutboxError."""
    outbox, kiosk = settings.outbox, settings.place.kiosk_id
    keep_ms = outbox.keep_days * DAY_MS
    return SqliteOutbox(outbox.path, kiosk, quota=outbox.quota, keep_ms=keep_ms)


def high_water(settings: Settings) -> HighWater:
    """The latest time that was seen, kept beside the outbox."""
    return HighWater(settings.outbox.path.with_name("clock"))


def rounds(
    settings: Settings,
    outbox: Outbox,
    standing: Standing,
    listen: Callable[[int], Inbound],
    *,
    clock: Clock,
    post: Post,
    forged: Callable[[], None],
    obey: Obey = ignore,
) -> Rounds:
    """The courier's rounds from this outbox to the broker; `forged` is told of a forged message,
    `obey` of what the hub orders."""
    broker = settings.broker
    verifier = _verifier(settings, outbox, clock, forged)
    made = Rounds(
        outbox=outbox,
        broker=MqttBroker(address(settings), lambda: clock.now().synced),
        clock=clock,
        post=post,
        listen=lambda number: _heard(listen(number), verifier),
        standing=standing,
        obey=obey,
        limits=Limits(
            answer=broker.receipt_timeout * 1_000,
            longest_wait=broker.longest_wait * 1_000,
            tell=broker.status_every * 1_000,
        ),
    )
    if verifier is not None:
        verifier.counts = made.counts
    return made


def address(settings: Settings) -> BrokerAddress:
    """Where the broker is, and who this kiosk is there; raises DeviceError where it never joined
    and kiosk.toml does not say where.
    """
    place, broker, identity = settings.place, settings.broker, settings.identity
    host, port = broker.host, broker.port
    if host is None or port is None:
        host, port = joined(settings).broker()
    return BrokerAddress(
        host,
        port,
        place.store_id,
        place.kiosk_id,
        broker.password,
        None if broker.ca_file is None else str(broker.ca_file),
        broker.keepalive,
        None if identity is None else identity.folder,
    )


def joined(settings: Settings) -> Identity:
    """Who the hub made of this device; raises DeviceError before it has."""
    where = settings.identity
    identity = None if where is None else IdentityFolder(where.folder).current()
    if identity is None:
        raise DeviceError("this kiosk has not joined yet", hint=JOIN_FIRST, code="identity")
    return identity


def _heard(ear: Inbound, verifier: Verifier | None) -> Inbound:
    return Unwrapped(ear) if verifier is None else Verified(ear, verifier)


def _verifier(
    settings: Settings, outbox: Outbox, clock: Clock, forged: Callable[[], None]
) -> Verifier | None:
    if settings.identity is None:
        return None
    place = settings.place
    return Verifier(
        place.store_id,
        place.kiosk_id,
        lambda: joined(settings).signing_keys(),
        outbox,
        clock,
        forged,
    )
