"""What a technician's panel works with: reads every part, writes diagnostic files, restarts."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from kiosk.adapters.diagnostics import machine, write_diagnosis
from kiosk.adapters.disk import Card
from kiosk.adapters.logs import recent_lines
from kiosk.adapters.machine import room, warmth
from kiosk.adapters.versions import not_taken
from kiosk.core.diagnosis import diagnosis
from kiosk.core.events import Exported, Inspected
from kiosk.core.ports import Clock, Held, Post
from kiosk.core.reach import Reach
from kiosk.core.readings import Readings
from kiosk.core.standing import Standing
from kiosk.settings import Settings
from kiosk.wiring.sounding import sentences_of
from shared.errors import SemblanteError
from shared.notices import KioskSettings

log = structlog.get_logger(__name__)

STOP_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Sources:
    """Where it is asked; each suits any thread."""

    held: Callable[[], Held]
    reach: Callable[[], Reach]
    standing: Callable[[], Standing]
    counts: Callable[[], dict[str, int]]
    asked: Callable[[], KioskSettings | None]


class Instruments:
    """Port `Tools`. A card may stall for seconds, so it works in a thread of its own."""

    def __init__(
        self,
        settings: Settings,
        sources: Sources,
        *,
        clock: Clock,
        post: Post,
        end: Callable[[], None],
    ) -> None:
        """`end` ends the program; it must return at once."""
        self._settings = settings
        self._sources = sources
        self._clock = clock
        self._post = post
        self._end = end
        self._last_sale: int | None = None
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="tools", daemon=True)

    def start(self) -> None:
        """Begin to wait for work."""
        self._thread.start()

    def close(self) -> None:
        """End; safe to call twice."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def sold(self, boot: int) -> None:
        """The till told of a sale at this boot time."""
        self._last_sale = boot

    def inspect(self) -> None:
        """Read everything anew, and post Inspected."""
        self._jobs.put(lambda: self._post(Inspected(self._clock.now(), self.readings())))

    def export(self) -> None:
        """Write a diagnostic file, and post Exported."""
        self._jobs.put(self._export)

    def restart(self) -> None:
        """End the program."""
        log.warning("restart_asked")
        self._end()

    def readings(self) -> Readings:
        """What is known now; what cannot be read is not known."""
        settings, standing = self._settings, self._sources.standing()
        return Readings(
            at=self._clock.now(),
            version=standing.version,
            reach=self._sources.reach(),
            owed=self._owed(),
            till=till_of(settings),
            last_sale=self._last_sale,
            pins=pins_of(settings),
            warmth=warmth(),
            room=room(settings.outbox.path),
            screen=screen_of(settings),
            sentences=sentences_of(settings),
            settings_serial=standing.settings_serial,
            alarms=tuple(sorted(standing.alarms)),
            not_taken=not_taken(settings.folder, Card()),
        )

    def _owed(self) -> int | None:
        try:
            return self._sources.held().owed
        except SemblanteError:
            return None

    def write(self) -> Path:
        """Write a diagnostic file, and say where it lies; raises HardwareError."""
        panel = self._settings.panel
        document = diagnosis(
            self.readings(),
            self._settings,
            self._sources.asked(),
            {"passed_over": self._sources.counts()},
            recent_lines(),
            machine(),
        )
        folder = self._settings.folder / ("diagnostics" if panel is None else panel.diagnostics)
        wall = self._clock.now().wall
        return write_diagnosis(folder, self._settings.place.kiosk_id, wall, document)

    def _export(self) -> None:
        try:
            file = self.write()
        except SemblanteError as fault:
            log.error("diagnosis_not_written", why=str(fault), hint=fault.hint)
            self._post(Exported(self._clock.now(), None, str(fault)))
        else:
            self._post(Exported(self._clock.now(), str(file)))

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except Exception:
                log.exception("instruments_failed")


def till_of(settings: Settings) -> str | None:
    """How sales are heard here."""
    if settings.till is not None:
        return settings.till.kind.value
    if settings.drawer is not None:
        return "drawer"
    return None if settings.door is None else "door"


def pins_of(settings: Settings) -> tuple[int, ...]:
    """The pins of the buttons, in the order of their faces."""
    return () if settings.buttons is None else tuple(settings.buttons.pins.values())


def screen_of(settings: Settings) -> str:
    """The driver and the size of the glass."""
    screen = settings.screen
    return f"{screen.driver}, {screen.size[0]}×{screen.size[1]}"
