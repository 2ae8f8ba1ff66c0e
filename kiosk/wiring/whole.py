"""Knows every concrete part of the kiosk: builds them, starts them in order, stops in reverse."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from typing import Any, Final, Protocol

import structlog

from kiosk.adapters.absent import NoLamp, NoScreen
from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.delivery import Limits
from kiosk.core.events import Event
from kiosk.core.ports import Inbound, Lamp, Screen
from kiosk.core.programme import first_settings
from kiosk.core.session import Session
from kiosk.core.standing import Standing
from kiosk.courier import Courier
from kiosk.courier.rounds import SETTINGS, Rounds
from kiosk.loop import Loop
from kiosk.settings import BrokerSettings, Place, Settings
from kiosk.wiring.signals import ended_by_signal
from kiosk.wiring.vital import ended_by_death
from kiosk.writer import Writer
from shared.errors import HardwareError, WireError
from shared.notices import KioskSettings, Pulse
from shared.sales import Sale
from shared.wire import decode

log = structlog.get_logger(__name__)

VERSION: Final = version("semblante")


class Glass(Screen, Protocol):
    """A screen that the main thread serves."""

    def run(self) -> None:
        """Serve it until `stop`."""

    def stop(self) -> None:
        """End `run`, now or as soon as it begins."""


class Part(Protocol):
    """Something that reports from a thread of its own."""

    def start(self) -> None:
        """Begin."""

    def close(self) -> None:
        """End; safe to call twice."""


def run(settings: Settings) -> None:
    """Run the kiosk until SIGINT or SIGTERM; raises SemblanteError where it cannot go on."""
    with ExitStack() as stack:
        kiosk = Kiosk(settings, stack)
        stack.enter_context(ended_by_signal(kiosk.screen.stop))
        stack.enter_context(ended_by_death(kiosk.screen.stop))
        kiosk.start()
        log.info("started", kiosk=settings.place.kiosk_id, version=VERSION)
        kiosk.screen.run()
        log.info("stopping")


class Kiosk:
    """All parts of one kiosk. What is built and started here ends with the stack."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._clock = SystemClock()
        self._outbox = self._memory()
        stack.callback(self._outbox.close)
        self._remembered = remembered(self._outbox.recall(SETTINGS))
        self._courier = Courier(self._rounds)
        self._writer = Writer(
            outbox=self._outbox,
            clock=self._clock,
            post=self._post,
            on_record=self._courier.wake,
            on_trouble=lambda failing: self._courier.alarm("storage", failing),
        )
        self.screen = self._glass()
        self._loop = Loop(
            session=self._session(),
            clock=self._clock,
            screen=self.screen,
            lamp=self._lamp(),
            keeping=self._writer,
            on_sale=self._pulse,
        )

    def start(self) -> None:
        """Start everything but the glass, from the hub's side inward and out to the shopper's."""
        self._courier.start()
        self._stack.callback(self._courier.stop)
        self._writer.start()
        self._stack.callback(self._writer.stop)
        self._loop.start(self._outbox.open_visit())
        self._stack.callback(self._loop.stop)
        for alarm, build in self._parts():
            self._start_part(alarm, build)

    def _start_part(self, alarm: str, build: Callable[[], Part]) -> None:
        """A dead button or a taken port must not keep the glass from asking: it is an alarm."""
        try:
            part = build()
            self._stack.callback(part.close)
            part.start()
        except HardwareError as fault:
            self._without(alarm, fault)

    def _without(self, alarm: str, fault: HardwareError) -> None:
        log.error("part_failed", alarm=alarm, why=str(fault), hint=fault.hint)
        self._courier.alarm(alarm)

    def _post(self, event: Event) -> None:
        self._loop.post(event)

    def _pulse(self, sale: Sale) -> None:
        self._courier.pulse(Pulse(sale.point_id, sale.at.wall))

    def _trouble(self, name: str) -> Callable[[str | None], None]:
        return lambda code: self._courier.alarm(name, code is not None)

    def _rounds(self, listen: Callable[[int], Inbound]) -> Rounds:
        remembered, broker = self._remembered, self._settings.broker
        return Rounds(
            outbox=self._outbox,
            broker=MqttBroker(address(self._settings.place, broker)),
            clock=self._clock,
            post=self._post,
            listen=listen,
            standing=Standing(
                VERSION,
                settings_serial=0 if remembered is None else remembered.serial,
                alarms=frozenset({"damaged"} if self._outbox.damaged else ()),
            ),
            limits=Limits(
                answer=broker.receipt_timeout * 1_000,
                longest_wait=broker.longest_wait * 1_000,
                tell=broker.status_every * 1_000,
            ),
        )

    def _session(self) -> Session:
        place = self._settings.place
        asked = self._remembered or first_settings(
            place.languages, place.store_name, place.point_name, always_on=place.always_on
        )
        return Session(asked, place.point_id, self._clock.boot_id)

    def _memory(self) -> SqliteOutbox:
        outbox, kiosk = self._settings.outbox, self._settings.place.kiosk_id
        return SqliteOutbox(outbox.path, kiosk, quota=outbox.quota)

    def _glass(self) -> Glass:
        screen = self._settings.screen
        if screen.driver == "none":
            return NoScreen()
        from kiosk.screen.app import KioskScreen  # noqa: PLC0415 a drill has no Kivy

        return KioskScreen(
            self._post,
            self._clock,
            size=screen.size,
            fullscreen=screen.fullscreen,
            driver=screen.driver,
            rotation=screen.rotation,
        )

    def _lamp(self) -> Lamp:
        buttons = self._settings.buttons
        if buttons is None or buttons.light is None:
            return NoLamp()
        from kiosk.adapters.buttons import ButtonLamp  # noqa: PLC0415 see _parts

        try:
            lamp = ButtonLamp(buttons.light, active_high=buttons.light_active_high)
        except HardwareError as fault:
            self._without("buttons", fault)
            return NoLamp()
        self._stack.callback(lamp.close)
        return lamp

    def _parts(self) -> list[tuple[str, Callable[[], Part]]]:
        """What is configured, and its alarm; only that is imported, for memory is dear."""
        settings = self._settings
        world: dict[str, Any] = {"clock": self._clock, "post": self._post}
        parts: list[tuple[str, Callable[[], Part]]] = []
        if settings.till is not None:
            from kiosk.adapters.till import SerialTill  # noqa: PLC0415

            trouble = self._trouble("till")
            parts.append(("till", partial(SerialTill, settings.till, trouble=trouble, **world)))
        if settings.drawer is not None:
            from kiosk.adapters.drawer import Drawer  # noqa: PLC0415

            parts.append(("till", partial(Drawer, settings.drawer, **world)))
        if settings.buttons is not None:
            from kiosk.adapters.buttons import Buttons  # noqa: PLC0415

            trouble = self._trouble("buttons")
            parts.append(("buttons", partial(Buttons, settings.buttons, trouble=trouble, **world)))
        if settings.door is not None:
            from kiosk.adapters.door import Door  # noqa: PLC0415

            parts.append(("till", partial(Door, settings.door, **world)))
        return parts


def address(place: Place, broker: BrokerSettings) -> BrokerAddress:
    """Where the broker is, and who this kiosk is there."""
    return BrokerAddress(
        broker.host,
        broker.port,
        place.store_id,
        place.kiosk_id,
        broker.password,
        None if broker.ca_file is None else str(broker.ca_file),
        broker.keepalive,
    )


def remembered(kept: bytes | None) -> KioskSettings | None:
    """The settings that the hub sent last, if any were kept and can still be read."""
    try:
        return None if kept is None else decode(KioskSettings, kept)
    except WireError as fault:
        log.warning("remembered_settings_unreadable", why=str(fault)[:200])
        return None
