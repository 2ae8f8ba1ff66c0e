"""What is left of a kiosk whose outbox cannot be opened: it says so on the glass and to the hub."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import structlog

from kiosk.adapters.clock import SystemClock
from kiosk.adapters.outbox_absent import NoOutbox
from kiosk.core.effects import Closed
from kiosk.core.events import Event
from kiosk.core.ports import Inbound
from kiosk.core.standing import Standing
from kiosk.courier import Courier
from kiosk.courier.rounds import Rounds
from kiosk.settings import Settings
from kiosk.wiring.front import Glass, glass
from kiosk.wiring.outward import VERSION, open_outbox, rounds
from shared.errors import OutboxError, SemblanteError

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 15.0
"""A partition that is mounted late, or a disk that was full, is found as soon as anybody looks."""

_OPEN_AGAIN: Final = "Nothing needs to be done: systemd starts the kiosk anew."


class ClosedKiosk:
    """Asks nobody, for it could keep nothing; ends as soon as the outbox can be opened."""

    def __init__(self, settings: Settings, stack: ExitStack, greeting: Glass | None = None) -> None:
        self.fault: SemblanteError | None = None
        self._settings, self._stack = settings, stack
        self._clock = SystemClock()
        self._courier = Courier(self._rounds)
        self.screen: Glass = greeting or glass(settings, self._clock)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._try_again, name="card", daemon=True)

    def start(self) -> None:
        """Tell the hub and the shopper."""
        self.screen.show(Closed(self._settings.place.languages[0]))
        self._courier.start()
        self._stack.callback(self._courier.stop)
        self._thread.start()
        self._stack.callback(self._stop)

    def _rounds(self, listen: Callable[[int], Inbound]) -> Rounds:
        alarmed = Standing(VERSION, alarms=frozenset({"storage"}))
        return rounds(self._settings, NoOutbox(), alarmed, listen, clock=self._clock, post=_ignore)

    def _try_again(self) -> None:
        while not self._ending.wait(AGAIN_SECONDS):
            try:
                open_outbox(self._settings).close()
            except OutboxError:
                continue
            log.warning("storage_mended")
            self.fault = OutboxError("the outbox can be opened again", hint=_OPEN_AGAIN)
            self.screen.stop()
            return

    def _stop(self) -> None:
        self._ending.set()
        self._thread.join()


def _ignore(_: Event) -> None:
    """Nothing that is touched or sold here can be kept."""
