"""The courier's thread: every word from outside goes through its inbox, and nothing ends it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from kiosk.core.ports import Inbound
from kiosk.core.reach import Reach
from kiosk.core.standing import Standing
from kiosk.core.vitals import is_news
from kiosk.courier.rounds import Act, Rounds
from shared.health import Health
from shared.notices import Pulse
from shared.topics import Channel
from shared.wire import encode

MOST_WAITING: Final = 1_000
"""Messages from the hub that may wait in the inbox; a flood beyond it is dropped and counted."""

_STOP_SECONDS: Final = 3.0

_AGAIN_S: Final = 1.0
"""Until a connection is asked again that took no word just now."""


class Courier:
    """One thread around the rounds; every method suits any thread and returns at once.

    `new_rounds` is given the ear for each connection and makes the rounds around it.
    """

    def __init__(self, new_rounds: Callable[[Callable[[int], Inbound]], Rounds]) -> None:
        self._rounds = new_rounds(partial(_Line, self))
        self._inbox: queue.SimpleQueue[Act] = queue.SimpleQueue()
        self._health: Health | None = None
        self._health_said: Health | None = None
        self._health_waits = False  # for the end of a pause: a connection that begins tells it
        self._running = True
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)

    def start(self) -> None:
        """Begin; the hub need not be there."""
        self._thread.start()

    def stop(self) -> None:
        """Say goodbye and end; what has no receipt stays in the outbox. Safe to call twice."""
        self._inbox.put(self._end)
        if self._thread.is_alive():
            self._thread.join(_STOP_SECONDS)

    def wake(self) -> None:
        """There are new records."""
        self._inbox.put(self._rounds.woken)

    def pulse(self, pulse: Pulse) -> None:
        """Tell the hub's *now*; dropped where there is no connection."""
        payload = encode(pulse)
        self._inbox.put(lambda: self._say(Channel.PULSE, payload))

    def health(self, health: Health) -> None:
        """How this device is; told where it is news, and at every connection."""
        self._inbox.put(partial(self._look_at, health))

    def alarm(self, code: str, on: bool = True) -> None:
        """Another part of this kiosk is in trouble, or no longer."""
        self._inbox.put(partial(self._rounds.alarm, code, on))

    @property
    def reach(self) -> Reach:
        """How the hub is reached just now; from any thread."""
        return self._rounds.reach

    @property
    def standing(self) -> Standing:
        """What the hub is told of this kiosk; from any thread."""
        return self._rounds.standing

    @property
    def counts(self) -> dict[str, int]:
        """What was passed over, by its kind."""
        return dict(self._rounds.counts)

    def hear(self, number: int, act: Act) -> None:
        """What the connection of that number says; late words of an earlier one are dropped."""
        self._inbox.put(partial(self._on_line, number, act))

    def hear_message(self, number: int, channel: Channel, payload: bytes) -> None:
        """A message from the hub, the one thing that may be dropped: it comes again."""
        if self._inbox.qsize() >= MOST_WAITING:
            self._rounds.counts["flood"] += 1
        else:
            self.hear(number, partial(self._rounds.received, channel, payload))

    def turn(self) -> float | None:
        """Do one thing that was said or is due, and return 0; else how many seconds are free."""
        if self._inbox.empty():
            wait = self._rounds.turn()
            return wait if wait == 0 or not self._health_waits else self._until_told(wait)
        self._rounds.guarded(self._inbox.get())
        return 0

    def _run(self) -> None:
        while self._running:
            wait = self.turn()
            if wait != 0:
                with suppress(queue.Empty):
                    self._rounds.guarded(self._inbox.get(timeout=wait))

    def _on_line(self, number: int, act: Act) -> None:
        if number == self._rounds.line:
            act()

    def _connected(self) -> None:
        self._rounds.connected()
        self._health_said = None
        if self._health is not None:
            self._look_at(self._health)

    def _say(self, channel: Channel, payload: bytes) -> None:
        self._rounds.say(channel, payload)

    def _look_at(self, health: Health) -> None:
        self._health = health
        self._health_waits = is_news(health, self._health_said)
        if self._health_waits and self._rounds.say(Channel.HEALTH, encode(health)):
            self._health_said = health
            self._health_waits = False

    def _until_told(self, wait: float | None) -> float | None:
        """How long is free where news of this device wait: they are told when a pause is over."""
        hushed = self._rounds.hushed_s
        if hushed is None or self._health is None:
            return wait
        if not hushed:
            self._rounds.guarded(partial(self._look_at, self._health))
            hushed = _AGAIN_S
        if not self._health_waits:
            return wait
        return hushed if wait is None else min(wait, hushed)

    def _end(self) -> None:
        self._running = False
        self._rounds.end()


@dataclass(frozen=True, slots=True)
class _Line:
    """What one connection says, carried into the courier's thread."""

    courier: Courier
    number: int

    def connected(self) -> None:
        self.courier.hear(self.number, self.courier._connected)  # noqa: SLF001

    def disconnected(self, why: str) -> None:
        act = partial(self.courier._rounds.disconnected, why)  # noqa: SLF001
        self.courier.hear(self.number, act)

    def received(self, channel: Channel, payload: bytes) -> None:
        self.courier.hear_message(self.number, channel, payload)

    def refused(self, channel: Channel, why: str) -> None:
        act = partial(self.courier._rounds.refused, channel, why)  # noqa: SLF001
        self.courier.hear(self.number, act)
