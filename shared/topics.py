"""Where each word travels: build a topic, and read it back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from shared.errors import PlaceError, TopicError
from shared.places import KioskId, SensorId, StoreId, kiosk_id, store_id

ROOT = "semblante/v1"


class Channel(StrEnum):
    """The last part of a topic."""

    RECORDS = "records"
    PULSE = "pulse"
    STATUS = "status"
    RECEIPT = "receipt"
    SETTINGS = "settings"
    NOTICE = "notice"
    COMMAND = "command"
    HEALTH = "health"
    COUNT = "count"
    PASSING = "passing"
    TICKET = "ticket"


UPWARD = (Channel.RECORDS, Channel.PULSE, Channel.HEALTH, Channel.STATUS)
"""What a kiosk may write."""

DOWNWARD = (Channel.RECEIPT, Channel.SETTINGS, Channel.NOTICE, Channel.COMMAND)
"""What a kiosk may read: its own only."""

SENSING = (Channel.COUNT, Channel.PASSING, Channel.TICKET)
"""What a sensor may write, and a kiosk may not; it reads nothing."""

RETAINED = (
    Channel.STATUS,
    Channel.HEALTH,
    Channel.RECEIPT,
    Channel.SETTINGS,
    Channel.NOTICE,
    Channel.COMMAND,
)
"""Channels whose last word the broker keeps for whoever comes later."""


@dataclass(frozen=True, slots=True)
class Topic:
    """semblante/v1/STORE/KIOSK/CHANNEL, taken apart; on a sensor's channels KIOSK is a sensor."""

    store_id: StoreId
    kiosk_id: KioskId
    channel: Channel

    @property
    def sensor_id(self) -> SensorId:
        """The sensor that wrote it; the broker knows kiosks and sensors by one kind of name."""
        return SensorId(self.kiosk_id)

    def __str__(self) -> str:
        return f"{ROOT}/{self.store_id}/{self.kiosk_id}/{self.channel.value}"


@lru_cache(maxsize=4096)  # a few kiosks say the same thing all day; what raises is not kept
def read_topic(text: str) -> Topic:
    """Take a topic apart; raises TopicError where it is none of ours."""
    root, rest = text[: len(ROOT) + 1], text[len(ROOT) + 1 :]
    parts = rest.split("/")
    if root != ROOT + "/" or len(parts) != 3:
        raise TopicError(f"{text!r:.120} is none of our topics")
    try:
        return Topic(store_id(parts[0]), kiosk_id(parts[1]), Channel(parts[2]))
    except (PlaceError, ValueError) as fault:
        raise TopicError(f"{text!r:.120} is none of our topics: {fault}") from fault


def every(channel: Channel) -> str:
    """The subscription of a hub: this channel of every kiosk (or sensor) of every store."""
    return f"{ROOT}/+/+/{channel.value}"
