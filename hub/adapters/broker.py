"""The hub's line to the broker: one connection after the other, as long as it is our turn.

Laws of this page
1. paho never connects again by itself: each connection is a new client, after a pause with full
   jitter, so that nothing of an old connection travels on a new one.
2. A process that is not at its turn stands by: it has no connection until the other has ended.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Final

import structlog

from hub.adapters.connection import Connection, Ears, Login
from hub.core.measures import Meter
from shared.backoff import wait_ms
from shared.errors import BrokerError

log = structlog.get_logger(__name__)

_GLANCE: Final = 0.25
"""Seconds between two looks at what may have ended: our stay, the connection, another's turn."""

_SETTLED: Final = 10.0
"""Seconds after which a connection counts as a success: two hubs of different databases that push
each other off the same session would otherwise do so several times a second."""

ANSWER_S: Final = 5.0
"""For the broker to let us in and take our subscriptions, which are a few milliseconds' work. paho
alone waits a whole keepalive for words that were swallowed: kiosks then had no receipt for 30 s."""


class Broker:
    """Keeps one connection standing, and publishes on it."""

    def __init__(
        self,
        login: Login,
        ears: Ears,
        meter: Meter,
        *,
        ours: Callable[[], bool] = lambda: True,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`ours` says whether it is our turn to listen; it is asked all the time."""
        self._login, self._ears, self._meter, self._draw = login, ears, meter, draw
        self._ours = ours
        self._stopping = threading.Event()
        self._connection: Connection | None = None
        self._thread = threading.Thread(target=self._run, name="broker", daemon=True)

    @property
    def connected(self) -> bool:
        """Whether a connection stands, subscriptions and all."""
        now = self._connection
        return now is not None and now.stands.is_set() and not now.gone.is_set()

    def start(self) -> None:
        """Begin; returns at once, whether the broker is there or not."""
        self._thread.start()

    def stop(self) -> None:
        """End the connection; the broker keeps our session, and what is not acknowledged."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(10)  # a connection attempt gives up after 5 s

    def publish(self, topic: str, payload: bytes) -> bool:
        """Hand over a retained message at QoS 1; False where it was not taken."""
        connection = self._connection
        return connection is not None and connection.publish(topic, payload)

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            if not self._ours():
                self._stopping.wait(_GLANCE)
                continue
            began = time.monotonic()
            self._one_connection()
            failures = 1 if time.monotonic() - began > _SETTLED else failures + 1
            self._stopping.wait(wait_ms(failures, self._draw()) / 1_000)

    def _one_connection(self) -> None:
        try:
            connection = Connection(self._login, self._ears, self._meter)
            connection.open()
            self._connection = connection
            self._attend(connection)
        except BrokerError as fault:
            log.warning("broker.unreachable", why=str(fault), hint=fault.hint)
        except Exception:
            log.exception("broker.connection_failed")

    def _attend(self, connection: Connection) -> None:
        answer_by = time.monotonic() + ANSWER_S
        why = ""
        try:
            while not connection.gone.wait(_GLANCE):
                if self._stopping.is_set() or not connection.alive() or not self._ours():
                    break
                if not connection.stands.is_set() and time.monotonic() > answer_by:
                    why = f"no answer within {ANSWER_S:g} s"
                    break
        finally:
            stood = connection.stands.is_set()
            why = why or connection.why or "its thread ended"
            self._connection = None
            connection.close()
        if self._stopping.is_set():
            log.info("broker.closed")
            return
        log.warning("broker.lost" if stood else "broker.refused", why=why, hint=BrokerError.hint)
        if connection.overfull:
            self._wait_for_room()

    def _wait_for_room(self) -> None:
        while not self._stopping.is_set() and not self._ears.room(0.5):
            pass
