"""What a message says before anybody asks the archive: a batch from a kiosk, or a captive."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from hub.core.quarantine import Captive, told
from shared.deliveries import Batch
from shared.errors import TopicError, WireError
from shared.places import PointId
from shared.records import Anchor, Loss, Record
from shared.topics import Channel, Topic, read_topic
from shared.wire import decode_batch, decode_record


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


class Kept(NamedTuple):
    """A record that will be stored, with its seq and its very bytes: a tuple, for speed."""

    seq: int
    body: bytes
    record: Record


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that goes to quarantine."""

    seq: int
    body: bytes
    code: str
    detail: str


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


def read_records(
    bodies: Iterable[bytes], start: int, points: Collection[PointId]
) -> tuple[list[Kept], list[Refused]]:
    """Read new records, the first of which has the seq `start`, for a store with these points."""
    kept: list[Kept] = []
    refused: list[Refused] = []
    for seq, body in enumerate(bodies, start):
        try:
            record = decode_record(body)
        except WireError as fault:
            refused.append(Refused(seq, body, fault.code, told(fault)))
            continue
        if isinstance(record, (Anchor, Loss)) or record.point_id in points:
            kept.append(Kept(seq, body, record))
        else:
            detail = f"the store has no point {record.point_id!r}"
            refused.append(Refused(seq, body, "unknown_point", detail))
    return kept, refused
