"""Knows every concrete part of the kiosk: builds them, starts them in order, stops in reverse."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING

import structlog

from kiosk.adapters.absent import NoLamp, NoTools
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.events import Event, IdentifyAsked
from kiosk.core.naming import Named
from kiosk.core.ports import WALK, WRONG_PINS, Inbound, Lamp
from kiosk.core.restarting import RestartAsked
from kiosk.core.standing import Standing
from kiosk.core.turns import Turns
from kiosk.courier import Courier
from kiosk.courier.rounds import Rounds
from kiosk.courier.tidings import SETTINGS
from kiosk.loop import Loop
from kiosk.settings import Settings
from kiosk.wiring.closed import ClosedKiosk
from kiosk.wiring.collecting import collector_of
from kiosk.wiring.front import EarlyGlass, Glass, glass
from kiosk.wiring.heartbeat import beating
from kiosk.wiring.inward import Part, parts_of
from kiosk.wiring.obeying import Hands, Obeying, obeying
from kiosk.wiring.outward import VERSION, address, high_water, open_outbox, rounds
from kiosk.wiring.proving import Ways, proving
from kiosk.wiring.recalling import nameplate_of, remembered, session_of, walked
from kiosk.wiring.senses import backlight_of, letters_are_there, voice_of
from kiosk.wiring.signals import ended_by_signal
from kiosk.wiring.technician import instruments_of, panel_of, throttle_of
from kiosk.wiring.vital import ended_by_death
from kiosk.wiring.watching import watching
from kiosk.writer import Writer
from shared.commands import Answer
from shared.errors import HardwareError, OutboxError, SemblanteError
from shared.notices import Pulse
from shared.sales import Sale

if TYPE_CHECKING:
    from kiosk.wiring.instruments import Instruments

log = structlog.get_logger(__name__)


def run(settings: Settings, greeting: EarlyGlass | None = None) -> None:
    """Run the kiosk until SIGINT or SIGTERM; raises SemblanteError where it cannot go on.

    `greeting` is a glass that shows something already; else one is opened when all else runs.
    """
    with ExitStack() as stack:
        kiosk = _kiosk(settings, stack, greeting)
        stack.enter_context(ended_by_signal(kiosk.screen.stop))
        stack.enter_context(ended_by_death(kiosk.screen.stop))
        kiosk.start()
        kept = None if isinstance(kiosk, ClosedKiosk) else settings.outbox.path
        beating(kiosk.screen, kept, stack)
        log.info("started", kiosk=settings.place.kiosk_id, version=VERSION)
        kiosk.screen.run()
        log.info("stopping")
    if kiosk.fault is not None:
        raise kiosk.fault


def _kiosk(
    settings: Settings, stack: ExitStack, greeting: EarlyGlass | None
) -> Kiosk | ClosedKiosk:
    try:
        return Kiosk(settings, stack, greeting)
    except OutboxError as fault:
        log.error("outbox_failed", why=str(fault), hint=fault.hint)
        return ClosedKiosk(settings, stack, greeting)


class Kiosk:
    """All parts of one kiosk. What is built and started here ends with the stack."""

    fault: SemblanteError | None = None

    def __init__(
        self, settings: Settings, stack: ExitStack, greeting: EarlyGlass | None = None
    ) -> None:
        self._settings = settings
        self._greeting = greeting
        self._stack = stack
        self._clock = SystemClock(mark=high_water(settings).mark())
        self._outbox = self._memory()
        stack.callback(self._outbox.close)
        self._remembered = remembered(self._outbox.recall(SETTINGS))
        self._found_open = self._outbox.open_visit()
        self._walked = walked(self._outbox.recall(WALK))
        self._courier = Courier(self._rounds)
        self._watch = watching(settings, self._courier, self._clock, stack, self._answers)
        self._obeying = self._orders()
        self._outbox.on_damage = lambda: self._courier.alarm("damaged")
        self._outbox.on_spoil = lambda: self._courier.alarm("spoiled")
        self._writer = Writer(
            outbox=self._outbox,
            clock=self._clock,
            post=self._post,
            on_record=self._courier.wake,
            on_trouble=lambda failing: self._courier.alarm("storage", failing),
        )
        self.screen = self._glass()
        self._instruments = self._tools()
        self._loop = Loop(
            turns=Named(self._turns(), nameplate_of(settings, self._remembered)),
            clock=self._clock,
            screen=self.screen,
            lamp=self._lamp(),
            backlight=backlight_of(settings, self._trouble("backlight")),
            voice=voice_of(settings, self._trouble("voice"), stack),
            tools=self._instruments or NoTools(),
            keeping=self._writer,
            on_sale=self._pulse,
        )

    def start(self) -> None:
        """Start everything but the glass, from the hub's side inward and out to the shopper's."""
        self._courier.start()
        self._stack.callback(self._courier.stop)
        self._watch.start()
        self._prove()
        self._writer.start()
        self._stack.callback(self._writer.stop)
        self._loop.start(self._found_open, self._walked)
        self._stack.callback(self._loop.stop)
        self._obeying.start()
        self._stack.callback(self._obeying.close)
        for alarm, build in parts_of(self._settings, self._clock, self._post, self._trouble):
            self._start_part(alarm, build)
        asked = self._remembered
        languages = self._settings.place.languages if asked is None else asked.languages
        if not letters_are_there(self._settings.screen, languages):
            self._courier.alarm("font")

    def _prove(self) -> None:
        """Where this program is a version that may be on trial, or no longer current."""
        where = address(self._settings)
        ways = Ways(
            drawn=lambda: self.screen.drawn,
            reach=lambda: self._courier.reach,
            at_rest=self._is_at_rest,
            begin_anew=self._begin_anew,
        )
        part = proving(ways, self._outbox, self._clock, (where.host, where.port))
        if part is not None:
            self._stack.callback(part.close)
            part.start()

    def _orders(self) -> Obeying:
        hands = Hands(
            identify=lambda: self._post(IdentifyAsked(self._clock.now())),
            collect=collector_of(self._settings, self._courier, self._outbox.held, self._clock),
            at_rest=self._is_at_rest,
            begin_anew=self._begin_anew,
            reach=lambda: self._courier.reach,
            told=self._watch.again,
        )
        return obeying(self._settings, self._outbox, self._clock, hands)

    def _answers(self) -> tuple[Answer, ...]:
        return self._obeying.answers

    def _is_at_rest(self) -> bool:
        return self._outbox.open_visit() is None and self._outbox.recall(WALK) is None

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
        if self._instruments is not None:
            self._instruments.sold(sale.at.boot)
        self._watch.sold(sale.at.boot)
        self._courier.pulse(Pulse(sale.point_id, sale.at.wall))

    def _trouble(self, name: str) -> Callable[[str | None], None]:
        return lambda code: self._courier.alarm(name, code is not None)

    def _rounds(self, listen: Callable[[int], Inbound]) -> Rounds:
        standing = Standing(
            VERSION,
            settings_serial=0 if self._remembered is None else self._remembered.serial,
            alarms=frozenset({"damaged"} if self._outbox.damaged else ()),
        )
        return rounds(
            self._settings,
            self._outbox,
            standing,
            listen,
            clock=self._clock,
            post=self._post,
            forged=lambda: self._courier.alarm("forged"),
            obey=lambda command: self._obeying.obey(command),  # noqa: PLW0108 made later
        )

    def _turns(self) -> Turns:
        settings = self._settings
        return Turns(
            session_of(settings, self._remembered, self._clock.boot_id),
            settings.place.kiosk_id,
            secrets.token_bytes,
            panel_of(settings, throttle_of(self._outbox.recall(WRONG_PINS), self._clock.now())),
            speaks=settings.sound is not None,
        )

    def _memory(self) -> SqliteOutbox:
        return open_outbox(self._settings)

    def _glass(self) -> Glass:
        shown = self._greeting or glass(self._settings, self._clock)
        shown.listen(self._post, self._trouble("touch"))
        return shown

    def _lamp(self) -> Lamp:
        buttons = self._settings.buttons
        if buttons is None or buttons.light is None:
            return NoLamp()
        from kiosk.adapters.buttons import ButtonLamp  # noqa: PLC0415 memory is dear

        try:
            lamp = ButtonLamp(buttons.light, active_high=buttons.light_active_high)
        except HardwareError as fault:
            self._without("buttons", fault)
            return NoLamp()
        self._stack.callback(lamp.close)
        return lamp

    def _tools(self) -> Instruments | None:
        return instruments_of(
            self._settings,
            self._courier,
            self._outbox.held,
            lambda: remembered(self._outbox.recall(SETTINGS)),
            self._stack,
            clock=self._clock,
            post=self._post,
            end=self._begin_anew,
        )

    def _begin_anew(self) -> None:
        self.fault = RestartAsked("a technician asked for a restart")
        self.screen.stop()
