"""The data-quality lines of a store: what is wrong with what its lines rest on, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from hub.core.waiting.choosing import Because, because
from hub.core.waiting.floor import Floor
from hub.core.waiting.queue import Queue
from hub.core.waiting.trusting import Fault

LATELY_MS: Final = 60 * 60_000
"""What was wrong more than an hour ago is history."""


class Doubt(StrEnum):
    """What is wrong with a line now."""

    NO_COUNTER = "no_counter"
    COUNTER_SILENT = "counter_silent"
    COUNTER_STUCK = "counter_stuck"
    DISAGREES = "disagrees"
    CONTRADICTIONS = "contradictions"


class Quality(NamedTuple):
    """One line of the page: where, what, how often, and the instant it rests on."""

    place: str
    what: Doubt | Fault
    times: int
    at: int | None


def doubts(floor: Floor, now: int) -> list[Quality]:
    """Everything that is wrong now, or was within the last hour."""
    found = [one for queue in floor.queues.values() for one in _of(queue)]
    for (place, fault), troubles in floor.gate.troubles.items():
        if now - troubles.last_at <= LATELY_MS:
            found.append(Quality(place, fault, troubles.times, troubles.last_at))
    return sorted(found, key=lambda one: (one.place, one.what))


def _of(queue: Queue) -> Iterator[Quality]:
    why, name, counter = because(queue), queue.line.line_id, queue.counter
    if why in DOUBTS:
        at = counter.since if why is Because.COUNTER_STUCK else counter.at
        yield Quality(name, DOUBTS[why], 1, at)
    if counter.contradictions:
        yield Quality(name, Doubt.CONTRADICTIONS, counter.contradictions, counter.at)


DOUBTS: Final = {
    Because.NO_COUNTER: Doubt.NO_COUNTER,
    Because.COUNTER_SILENT: Doubt.COUNTER_SILENT,
    Because.COUNTER_STUCK: Doubt.COUNTER_STUCK,
    Because.DISAGREES: Doubt.DISAGREES,
}
"""What each reason of the chooser means for the data."""
