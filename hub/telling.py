"""Facts about a store's lines that reach the hub by its web pages: typed, or told by HTTP."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Sequence
from typing import Final

import structlog

from hub.core.accounts import Note
from hub.core.guessing import Guesses
from hub.core.measures import SENSED, Meter
from hub.core.sensing import Instants, Sensor, SensorBook, Tellings, fact_of, secret_of
from hub.core.throttling import Throttle
from hub.core.waiting.facts import Counted, LineId, Source
from shared.errors import SignInPaused, SignInRefused, TellingsFull
from shared.places import StoreId
from shared.sensing import Count, Sensed
from shared.sparing import Sparing

log = structlog.get_logger(__name__)

MOST_REQUESTS: Final = 10
"""Of one sensor in a second: a gate at its busiest. One that runs wild crowds nobody out."""

TOLD_EVERY_MS: Final = 3_600_000
"""Who comes with a wrong password is named in the log once an hour; the metrics count each time."""

MOST_NAMED: Final = 1_000


class Telling:
    """Lets such facts wait until the queue hears them, which is within a second."""

    def __init__(self, tellings: Tellings, now_ms: Callable[[], int]) -> None:
        self._tellings, self._now_ms = tellings, now_ms
        self._instants, self._lock = Instants(), threading.Lock()

    def typed(self, store: StoreId, line: LineId, number: int, user: str) -> None:
        """Somebody counted and typed it: noted in the audit log, and believed for minutes only.

        Raises WordError where it names no line, and TellingsFull where too many facts wait.
        """
        now = self._now_ms()
        counted = Count(line, number)
        fact = Counted(now, LineId(counted.line), counted.number, Source.TYPED)
        note = Note(now, user, "count typed", f"{store}/{line}", str(number))
        self._tellings.put(store, [fact], now, note)

    def sensed(self, store: StoreId, words: Sequence[Sensed]) -> None:
        """A sensor told this, oldest first; raises TellingsFull where too many facts wait."""
        now = self._now_ms()
        with self._lock:
            facts = [fact_of(word, word.at or self._instants.next(now)) for word in words]
        self._tellings.put(store, facts, now)


class SensorDoor:
    """Who may tell by HTTP: a sensor of the store, by its password."""

    def __init__(
        self, book: SensorBook, telling: Telling, meter: Meter, now_ms: Callable[[], int]
    ) -> None:
        self._book, self._telling, self._meter, self._now_ms = book, telling, meter, now_ms
        self._guesses, self._lock = Guesses(), threading.Lock()
        self._floods = Throttle(MOST_REQUESTS, 1_000)
        self._tells = Sparing(burst=1, every_ms=TOLD_EVERY_MS, most=MOST_NAMED)

    def admit(self, store: StoreId, password: str, address: str) -> Sensor:
        """The sensor whose password this is; raises SignInRefused, or SignInPaused for a while."""
        secret, now = secret_of(password), self._now_ms()
        guess = f"{store} {secret}"
        with self._lock:
            wait = self._guesses.wait_ms(address, guess, now)
        if wait:
            raise self._paused(wait)
        found = [one for one in self._book.sensors(store) if _same(one.secret, secret)]
        with self._lock:
            if not found:
                self._guesses.wrong(address, guess, now)
                raise self._refused(store, address, now)
            wait = self._floods.wait_ms(found[0].sensor_id, now)
        if wait:
            raise self._paused(wait)
        return found[0]

    def tell(self, sensor: Sensor, words: Sequence[Sensed]) -> None:
        """What it tells; raises TellingsFull where nobody listens to what came before."""
        try:
            self._telling.sensed(sensor.store_id, words)
        except TellingsFull:
            self._meter.add(SENSED, len(words), "full")
            raise
        self._meter.add(SENSED, len(words), "taken")

    def _refused(self, store: StoreId, address: str, now: int) -> SignInRefused:
        self._meter.add(SENSED, label="wrong")
        before = self._tells.tell(address, now)
        if before is not None:
            log.warning("sensors.wrong_password", store=store, address=address, before=before)
        return SignInRefused("no sensor of this store has this password")

    def _paused(self, wait_ms: int) -> SignInPaused:
        self._meter.add(SENSED, label="paused")
        return SignInPaused(-(-wait_ms // 1_000))


def _same(one: str, other: str) -> bool:
    """Compared in a time that tells nothing of where they differ."""
    return hmac.compare_digest(one, other)
