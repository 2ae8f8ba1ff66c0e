"""What every kiosk has, be it whole or closed: its memory, and the line to the hub."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from typing import Final

from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.delivery import Limits
from kiosk.core.ports import Clock, Inbound, Outbox, Post
from kiosk.core.standing import Standing
from kiosk.courier.rounds import Rounds
from kiosk.settings import BrokerSettings, Place, Settings

VERSION: Final = version("semblante")

DAY_MS: Final = 24 * 3_600_000


def open_outbox(settings: Settings) -> SqliteOutbox:
    """The kiosk's memory; raises OutboxError."""
    outbox, kiosk = settings.outbox, settings.place.kiosk_id
    keep_ms = outbox.keep_days * DAY_MS
    return SqliteOutbox(outbox.path, kiosk, quota=outbox.quota, keep_ms=keep_ms)


def rounds(
    settings: Settings,
    outbox: Outbox,
    standing: Standing,
    listen: Callable[[int], Inbound],
    *,
    clock: Clock,
    post: Post,
) -> Rounds:
    """The courier's rounds from this outbox to the broker."""
    broker = settings.broker
    return Rounds(
        outbox=outbox,
        broker=MqttBroker(address(settings.place, broker)),
        clock=clock,
        post=post,
        listen=listen,
        standing=standing,
        limits=Limits(
            answer=broker.receipt_timeout * 1_000,
            longest_wait=broker.longest_wait * 1_000,
            tell=broker.status_every * 1_000,
        ),
    )


def address(place: Place, broker: BrokerSettings) -> BrokerAddress:
    """Where the broker is, and who this kiosk is there."""
    return BrokerAddress(
        broker.host,
        broker.port,
        place.store_id,
        place.kiosk_id,
        broker.password,
        None if broker.ca_file is None else str(broker.ca_file),
        broker.keepalive,
    )
