"""What a message says before anybody asks the archive: a batch from a kiosk, or a captive."""

from __future__ import annotations

from dataclasses import dataclass

from hub.core.quarantine import Captive, told
from shared.deliveries import Batch
from shared.errors import TopicError, WireError
from shared.topics import Channel, Topic, read_topic
from shared.wire import decode_batch


@dataclass(frozen=True, slots=True)
class Message:
    """What the broker handed over."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class Heard:
    """A batch that could be read, with the bytes that it came in."""

    topic: Topic
    batch: Batch
    payload: bytes


@dataclass(frozen=True, slots=True)
class Mute:
    """A message that will not be entered; `topic` and `batch` say whose it was, if known."""

    captive: Captive
    topic: Topic | None = None
    batch: Batch | None = None


def hear(message: Message) -> Heard | Mute:
    """Read the topic and the batch; never raises for what came from outside."""
    topic: Topic | None = None
    try:
        topic = read_topic(message.topic)
        if topic.channel is not Channel.RECORDS:
            raise TopicError(f"{message.topic!r:.120} carries no records")
        return Heard(topic, decode_batch(message.payload), message.payload)
    except (TopicError, WireError) as fault:
        code = fault.code if isinstance(fault, WireError) else "topic"
        return Mute(Captive(message.topic, code, told(fault), message.payload), topic)


def muted(one: Heard | Mute, captive: Captive) -> Mute:
    """The same message as one that will not be entered."""
    return Mute(captive, one.topic, one.batch)
