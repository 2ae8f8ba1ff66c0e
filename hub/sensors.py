"""What sensors tell by the broker: who may tell is heard, at once; everybody else is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import structlog

from hub.core.measures import SENSED, Meter
from hub.core.sensing import Instants, SensorBook, fact_of
from hub.core.throttling import Throttle
from hub.core.waiting.facts import Fact
from shared.errors import TopicError, WireError
from shared.places import SensorId, StoreId
from shared.sensing import Count, Passing, Sensed, Ticket
from shared.sparing import Sparing
from shared.topics import Channel, Topic, read_topic
from shared.wire import decode

log = structlog.get_logger(__name__)

MOST_A_SECOND: Final = 100
"""Words of one sensor: three cameras' worth of frames. One that runs wild crowds nobody out."""

TOLD_EVERY_MS: Final = 3_600_000
"""A sensor that says rubbish is named in the log once an hour; the metrics count every word."""

MOST_NAMED: Final = 1_000
"""Topics that are told apart in the log: more at once are one trouble, not a thousand."""


class Sensors:
    """Hands what enrolled sensors tell to `heard`; never makes the broker's thread wait."""

    def __init__(
        self, book: SensorBook, meter: Meter, heard: Callable[[StoreId, Fact, int], None]
    ) -> None:
        self._book, self._meter, self._heard = book, meter, heard
        self._known: Mapping[SensorId, StoreId] = {}
        self._tells = Sparing(burst=1, every_ms=TOLD_EVERY_MS, most=MOST_NAMED)
        self._floods = Throttle(MOST_A_SECOND, 1_000)
        self._instants = Instants()

    def look_around(self) -> None:
        """Learn anew which sensors there are; done at the start and every few seconds."""
        self._known = {one.sensor_id: one.store_id for one in self._book.sensors()}

    def hear(self, topic: str, payload: bytes, retained: bool, at: int) -> None:
        """Take a word that was received at `at`; called by one thread only."""
        try:
            place = read_topic(topic)
            if not payload:
                return  # no word: somebody clears what the broker kept
            outcome = self._standing(place, at)
            if outcome == "taken":
                outcome = self._take(place, _word(place.channel, payload), retained, at)
        except (TopicError, WireError) as fault:
            outcome = fault.code if isinstance(fault, WireError) else "topic"
        self._meter.add(SENSED, label=outcome)
        if outcome not in ("taken", "kept"):
            self._tell(topic, outcome, at)

    def _standing(self, place: Topic, at: int) -> str:
        if self._known.get(place.sensor_id) != place.store_id:
            return "stranger"
        return "flood" if self._floods.wait_ms(place.sensor_id, at) else "taken"

    def _take(self, place: Topic, word: Sensed, retained: bool, at: int) -> str:
        """A word that the broker kept says by its own clock how old it is, or nothing."""
        if retained and not 0 < word.at <= at:
            return "kept"
        self._heard(place.store_id, fact_of(word, word.at or self._instants.next(at)), at)
        return "taken"

    def _tell(self, topic: str, code: str, at: int) -> None:
        before = self._tells.tell(topic, at)
        if before is not None:
            log.warning("sensors.not_heard", topic=topic[:120], code=code, before=before)


def _word(channel: Channel, payload: bytes) -> Sensed:
    if channel is Channel.COUNT:
        return decode(Count, payload)
    return decode(Passing, payload) if channel is Channel.PASSING else decode(Ticket, payload)
