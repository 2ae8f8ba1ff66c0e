"""Three buttons with a light: presses go out as touched faces, or as asking to hear the page."""

from __future__ import annotations

from typing import Any, Final

import structlog
from gpiozero import LED

from kiosk.adapters.pins import Watch, device
from kiosk.core.chords import Chord, Chords
from kiosk.core.clock import instant
from kiosk.core.events import FaceTouched, ReadAloudTouched
from kiosk.core.ports import Clock, Post, Trouble
from kiosk.core.presses import ButtonSettings, Freed, Pressed, Presses, Stuck, Told
from shared.visits import Face, Input

log = structlog.get_logger(__name__)

TROUBLE: Final = "buttons"
"""A button is stuck; the others go on working."""


class Buttons:
    """Watches the pins of the three buttons; each connects its pin to ground."""

    def __init__(
        self,
        settings: ButtonSettings,
        *,
        clock: Clock,
        post: Post,
        trouble: Trouble,
        speaks: bool = False,
        factory: Any = None,
    ) -> None:
        """`speaks`: there is a speaker. Raises HardwareError where a pin cannot be had."""
        self._clock = clock
        self._post = post
        self._trouble = trouble
        self._stuck: set[Face] = set()
        self._watch = Watch(
            settings.pins,
            _Closing(Chords(settings.pins) if speaks else Presses(settings.pins)),
            clock=clock,
            report=self._report,
            factory=factory,
        )

    def start(self) -> None:
        """Begin to watch."""
        self._watch.start()

    def close(self) -> None:
        """Stop, and give the pins back; safe to call twice."""
        self._watch.close()

    def _report(self, told: Told | Chord) -> None:
        match told:
            case Chord():
                self._post(ReadAloudTouched(self._clock.now()))
            case Pressed(face, began):
                now = self._clock.now()
                self._post(FaceTouched(now, face, Input.BUTTON, instant(now, began)))
            case Stuck(face):
                log.error("button_stuck", face=face.value)
                self._stuck.add(face)
                self._trouble(TROUBLE)
            case Freed(face):
                log.warning("button_free_again", face=face.value)
                self._stuck.discard(face)
                if not self._stuck:
                    self._trouble(None)


class _Closing:
    """The rule of the presses, told levels: a button that is closed pulls its pin low."""

    def __init__(self, presses: Presses | Chords) -> None:
        self._presses = presses

    @property
    def wakes_at(self) -> int | None:
        return self._presses.wakes_at

    def level(self, face: Face, high: bool, at: int) -> list[Told | Chord]:
        return [*self._presses.level(face, not high, at)]

    def idle(self, at: int) -> list[Told | Chord]:
        return [*self._presses.idle(at)]


class ButtonLamp:
    """Port `Lamp`: the light in the buttons."""

    def __init__(self, pin: int, *, active_high: bool = True, factory: Any = None) -> None:
        """Raises HardwareError where the pin cannot be had."""
        self._led = device(LED, pin, factory, active_high=active_high)

    def light(self, on: bool) -> None:
        """On or off."""
        self._led.value = on

    def close(self) -> None:
        """Put it out, and give the pin back; safe to call twice."""
        self._led.close()
