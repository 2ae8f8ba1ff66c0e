"""What sensors tell becomes facts; and facts become rows of a table, and facts again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from hub.core.accounts import Note
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Fact, Left, LineId, Source
from shared.errors import WordError
from shared.places import SensorId, StoreId
from shared.sensing import Count, Passing, Sensed, Step, Way

MOST_TELLINGS: Final = 10_000
"""Of a store, waiting to be heard: a day of counts each ten seconds. More means nobody listens."""


@dataclass(frozen=True, slots=True)
class Sensor:
    """A counter, camera, gate or ticket system that may tell of its store's lines.

    `secret` is the SHA-256 of its password, in hexadecimal digits.
    """

    sensor_id: SensorId
    store_id: StoreId
    secret: str
    enrolled_at: int


class SensorBook(Protocol):
    """Where sensors are written down. Any method may raise ArchiveError."""

    def sensors(self, store: StoreId | None = None) -> Sequence[Sensor]:
        """Those that may tell, of this store or of all, by name."""

    def add(self, sensor: Sensor) -> None:
        """Let it tell from now on, by this secret alone; raises EnrolmentError where there is no
        such store, or the name is a kiosk's, or a sensor's of another store."""

    def remove(self, sensor: SensorId, at: int) -> None:
        """Let it tell no more; raises EnrolmentError where it does not."""


class Unheard(NamedTuple):
    """A fact that came by HTTP or was typed, and when; the queue has not heard it yet."""

    store_id: StoreId
    received_at: int
    fact: Fact


class Tellings(Protocol):
    """Where such facts wait for the queue. Any method may raise ArchiveError."""

    def put(self, store: StoreId, facts: Sequence[Fact], at: int, note: Note | None = None) -> None:
        """Let facts wait, all or none of them; raises TellingsFull where too many do."""

    def take(self, most: int) -> Sequence[Unheard]:
        """Those that wait longest, in the order in which they came; they wait no longer."""


@dataclass(slots=True)
class Instants:
    """Gives whoever has no clock an instant of its own: two who enter at once are two, and no
    duplicate. It runs ahead of the clock by a second at most, which no line minds."""

    latest: int = 0

    def next(self, now: int) -> int:
        """Now, or the millisecond after the last one given."""
        self.latest = max(now, min(self.latest + 1, now + 1_000))
        return self.latest


def secret_of(password: str) -> str:
    """What is kept of a password: enough to know it again, as it is 160 random bits."""
    return hashlib.sha256(password.encode()).hexdigest()


def fact_of(word: Sensed, received_at: int) -> Fact:
    """The fact that a sensor tells; a word without a time is of when it was received."""
    line, at = LineId(word.line), word.at or received_at
    if isinstance(word, Count):
        return Counted(at, line, word.number)
    if isinstance(word, Passing):
        return Entered(at, line) if word.way is Way.ENTERED else Left(at, line)
    kind = Drew if word.step is Step.DREW else Called
    return kind(at, line, word.ticket)


def to_body(fact: Fact) -> str:
    """A fact as JSON; only of those that a sensor or a person tells."""
    return json.dumps({"kind": _NAMES[type(fact)], **fact._asdict()})


def from_body(body: str) -> Fact:
    """The fact in a row; raises WordError where there is none."""
    try:
        return _read(json.loads(body))
    except (ValueError, RecursionError) as fault:
        raise WordError(f"a telling that cannot be read: {fault}") from fault


def _read(fields: object) -> Fact:
    match fields:
        case {
            "kind": "counted",
            "at": int(at),
            "line_id": str(line),
            "number": int(number),
            "source": str(source),
        }:
            return Counted(at, LineId(line), number, Source(source))
        case {"kind": "entered", "at": int(at), "line_id": str(line)}:
            return Entered(at, LineId(line))
        case {"kind": "left", "at": int(at), "line_id": str(line)}:
            return Left(at, LineId(line))
        case {"kind": "drew", "at": int(at), "line_id": str(line), "ticket": str(ticket)}:
            return Drew(at, LineId(line), ticket)
        case {"kind": "called", "at": int(at), "line_id": str(line), "ticket": str(ticket)}:
            return Called(at, LineId(line), ticket)
    raise ValueError("no kind of fact")


_NAMES: Final[dict[type[Fact], str]] = {
    Counted: "counted",
    Entered: "entered",
    Left: "left",
    Drew: "drew",
    Called: "called",
}
