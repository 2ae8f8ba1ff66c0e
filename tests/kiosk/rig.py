"""Turns, loop and writer joined as wiring joins them; a test brings the disk and the glass."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from kiosk.core.events import Event
from kiosk.core.ports import Outbox, Screen
from kiosk.loop import Loop
from kiosk.writer import Writer
from shared.notices import KioskSettings
from shared.places import PointId
from shared.questionnaires import Response
from shared.sales import Sale
from tests.fakes.backlight import FakeBacklight
from tests.fakes.clock import FakeClock
from tests.fakes.lamp import FakeLamp
from tests.fakes.tools import FakeTools
from tests.fakes.voice import FakeVoice
from tests.kiosk.samples import POINT, settings, turns

Disk = TypeVar("Disk", bound=Outbox)
Glass = TypeVar("Glass", bound=Screen)


@dataclass
class Kiosk(Generic[Disk, Glass]):
    """One kiosk: what a test posts comes out on this glass and is kept on this disk."""

    outbox: Disk
    screen: Glass
    asked: KioskSettings = field(default_factory=settings)
    clock: FakeClock = field(default_factory=FakeClock)
    point: PointId = POINT
    lamp: FakeLamp = field(default_factory=FakeLamp)
    backlight: FakeBacklight = field(default_factory=FakeBacklight)
    voice: FakeVoice = field(default_factory=FakeVoice)
    tools: FakeTools = field(default_factory=FakeTools)
    pulses: queue.SimpleQueue[Sale] = field(default_factory=queue.SimpleQueue)
    recorded: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def __post_init__(self) -> None:
        self.writer = Writer(
            outbox=self.outbox,
            clock=self.clock,
            post=self.post,
            on_record=self.recorded.release,
            on_trouble=lambda _failing: None,
            pause_seconds=0.01,
        )
        self.loop = Loop(
            turns=turns(self.asked, self.clock.boot_id, self.point),
            clock=self.clock,
            screen=self.screen,
            lamp=self.lamp,
            backlight=self.backlight,
            voice=self.voice,
            tools=self.tools,
            keeping=self.writer,
            on_sale=self.pulses.put,
        )

    def start(self, walked: Response | None = None) -> None:
        """Begin; `walked` is how far somebody came before a restart."""
        self.writer.start()
        self.loop.start(self.outbox.open_visit(), walked)

    def stop(self) -> None:
        """The program ends wherever somebody stands; nobody tells it that he left."""
        self.loop.stop()
        self.writer.stop()

    def post(self, *events: Event) -> None:
        """These happen, one after the other."""
        for event in events:
            self.loop.post(event)
