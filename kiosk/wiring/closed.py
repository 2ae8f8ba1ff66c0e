"""What is left of a kiosk whose outbox cannot be opened: it says so, and can be cared for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import structlog

from kiosk.adapters.absent import NoLamp, NoTools, NoWriter
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.outbox_absent import NoOutbox
from kiosk.core.closed import ClosedTurns
from kiosk.core.events import Event
from kiosk.core.ports import Inbound, Tools, Trouble
from kiosk.core.restarting import RestartAsked
from kiosk.core.standing import Standing
from kiosk.courier import Courier
from kiosk.courier.rounds import Rounds
from kiosk.loop import Loop
from kiosk.settings import Settings
from kiosk.wiring.front import EarlyGlass, Glass, glass
from kiosk.wiring.outward import VERSION, high_water, open_outbox, rounds
from kiosk.wiring.senses import backlight_of, voice_of
from kiosk.wiring.technician import instruments_of, panel_of
from kiosk.wiring.watching import watching
from shared.errors import OutboxError, SemblanteError
from shared.sales import Sale

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 15.0
"""A partition that is mounted late, or a disk that was full, is found as soon as anybody looks."""

_OPEN_AGAIN: Final = "Nothing needs to be done: systemd starts the kiosk anew."


class ClosedKiosk:
    """Asks nobody, for it could keep nothing; ends as soon as the outbox can be opened.

    Neither till nor buttons are listened to. The glass is: it is wiped, and a technician comes.
    """

    def __init__(
        self, settings: Settings, stack: ExitStack, greeting: EarlyGlass | None = None
    ) -> None:
        self.fault: SemblanteError | None = None
        self._settings, self._stack = settings, stack
        self._clock = SystemClock(mark=high_water(settings).mark())
        self._outbox = NoOutbox()
        self._courier = Courier(self._rounds)
        self._watch = watching(settings, self._courier, self._clock, stack)
        self.screen: Glass = self._glass(greeting)
        self._loop = Loop(
            turns=ClosedTurns(settings.place.languages[0], panel_of(settings, closed=True)),
            clock=self._clock,
            screen=self.screen,
            lamp=NoLamp(),
            backlight=backlight_of(settings, self._trouble("backlight")),
            voice=voice_of(settings, self._trouble("voice"), stack),
            tools=self._tools(),
            keeping=NoWriter(),
            on_sale=_ignore,
        )
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._try_again, name="card", daemon=True)

    def start(self) -> None:
        """Tell the hub and the shopper."""
        self._courier.start()
        self._stack.callback(self._courier.stop)
        self._watch.start()
        self._loop.start(None)
        self._stack.callback(self._loop.stop)
        self._thread.start()
        self._stack.callback(self._stop)

    def _rounds(self, listen: Callable[[int], Inbound]) -> Rounds:
        alarmed = Standing(VERSION, alarms=frozenset({"storage"}))
        return rounds(
            self._settings,
            self._outbox,
            alarmed,
            listen,
            clock=self._clock,
            post=self._post,
            forged=lambda: self._courier.alarm("forged"),
        )

    def _glass(self, greeting: EarlyGlass | None) -> EarlyGlass:
        shown = greeting or glass(self._settings, self._clock)
        shown.listen(self._post, self._trouble("touch"))
        return shown

    def _tools(self) -> Tools:
        instruments = instruments_of(
            self._settings,
            self._courier,
            self._outbox.held,
            lambda: None,
            self._stack,
            clock=self._clock,
            post=self._post,
            end=self._begin_anew,
        )
        return instruments or NoTools()

    def _post(self, event: Event) -> None:
        self._loop.post(event)

    def _trouble(self, name: str) -> Trouble:
        return lambda code: self._courier.alarm(name, code is not None)

    def _begin_anew(self) -> None:
        self.fault = RestartAsked("a technician asked for a restart")
        self.screen.stop()

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


def _ignore(_: Sale) -> None:
    """Nothing that is sold here can be kept."""
