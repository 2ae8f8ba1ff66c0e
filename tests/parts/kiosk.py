"""A kiosk without a glass: the real outbox, courier and line to the broker, in this process."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.outbox import KEEP_MS, QUOTA, SqliteOutbox
from kiosk.core.delivery import Limits
from kiosk.core.ports import Inbound
from kiosk.core.standing import Standing
from kiosk.courier import Courier
from kiosk.courier.rounds import Rounds
from shared.moments import Moment
from shared.places import KioskId
from shared.visits import Face, Input, Outcome, Visit
from tests.parts.hub import POINT, STORE, wait_until
from tests.parts.mosquitto import RunningBroker

NEAR = Limits(longest_wait=10_000)
"""On loopback nobody waits longer between two connections."""


class QuietKiosk:
    """Shoppers come when a test says so."""

    def __init__(
        self,
        file: Path,
        broker: RunningBroker,
        name: str,
        password: str,
        *,
        quota: int = QUOTA,
        keep_ms: int = KEEP_MS,
    ) -> None:
        self.name = KioskId(name)
        self._again = partial(
            QuietKiosk, file, broker, name, password, quota=quota, keep_ms=keep_ms
        )
        self.outbox = SqliteOutbox(file, self.name, quota=quota, keep_ms=keep_ms)
        self._address = BrokerAddress(broker.host, broker.port, STORE, self.name, password)
        self._courier = Courier(self._rounds)
        self._numbers = itertools.count(1)

    def _rounds(self, listen: Callable[[int], Inbound]) -> Rounds:
        return Rounds(
            outbox=self.outbox,
            broker=MqttBroker(self._address),
            clock=SystemClock(),
            post=lambda _event: None,
            listen=listen,
            standing=Standing("1.2.3"),
            limits=NEAR,
        )

    def start(self) -> None:
        """Begin to carry."""
        self._courier.start()

    def visited(self, times: int) -> None:
        """So many shoppers answer, one after the other."""
        for number, face in zip(range(times), itertools.cycle(Face), strict=False):
            at = Moment(time.time_ns() // 1_000_000, 5_000_000 + next(self._numbers), True)
            visit = Visit(
                POINT, "b0" * 16, at, Outcome.ANSWERED, "es", 1, 1,
                input=Input.TOUCH, face=face, answered=replace(at, boot=at.boot + number),
            )  # fmt: skip
            self.outbox.seal(visit)
        self._courier.wake()

    def wait_until_received(self, seconds: float = 30.0) -> None:
        """Until nothing is owed."""
        wait_until(lambda: self.outbox.held().owed == 0, f"{self.outbox.held()}", seconds)

    def reopened(self) -> QuietKiosk:
        """The same kiosk after a new start."""
        return self._again()

    def stop(self) -> None:
        """Stop carrying, and close the file."""
        self._courier.stop()
        self.outbox.close()


@contextmanager
def running_kiosk(kiosk: QuietKiosk) -> Iterator[QuietKiosk]:
    """Start it, and stop it at the end."""
    kiosk.start()
    try:
        yield kiosk
    finally:
        kiosk.stop()
