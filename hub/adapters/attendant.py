"""Looks after what is not counted: statuses and pulses in, settings and greetings out."""

from __future__ import annotations

import time
from collections.abc import Callable

from hub.adapters.greeting import Greeting
from hub.adapters.troubles import TroubleGauges
from hub.announcer import Announcer
from hub.fleet import Fleet

ROUND_SECONDS = 2.0
"""How soon a kiosk that was enrolled, or settings that were changed, reach the fleet."""

_WAIT = 0.25


class Attendant:
    """Its `step` belongs to one thread, apart from the intake's."""

    def __init__(
        self,
        fleet: Fleet,
        announcer: Announcer,
        greeting: Greeting,
        gauges: TroubleGauges,
        *look_around: Callable[[], None],
    ) -> None:
        """`look_around` is what else looks every few seconds, at sensors and commands."""
        self._fleet, self._announcer, self._look_around = fleet, announcer, look_around
        self._greeting, self._gauges = greeting, gauges
        self._next_round = 0.0

    def step(self) -> None:
        """Take in what came; every few seconds look who is there and what they should ask."""
        if time.monotonic() >= self._next_round:
            self._next_round = time.monotonic() + ROUND_SECONDS
            self._fleet.look_around()
            for look in self._look_around:
                look()
            self._announcer.settings()
            self._announcer.flush()
        self._greeting.step()
        self._fleet.step(_WAIT)
        self._gauges.step()
