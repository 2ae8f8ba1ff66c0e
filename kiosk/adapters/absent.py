"""What stands in where a part is not there: no glass, no light, no speaker."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from kiosk.core.effects import Page
from kiosk.core.ports import Post, Trouble
from kiosk.core.sayings import Part, Utterance
from shared.questionnaires import Response
from shared.records import Record
from shared.visits import Visit

LOOK_SECONDS: Final = 0.5
"""A signal that comes just before the main thread falls asleep is heard only when it wakes."""


class NoScreen:
    """Port `Screen` without a glass, for drills: it remembers the page and waits for the end."""

    def __init__(self) -> None:
        self.drawn = False
        self.page: Page | None = None
        self._ending = threading.Event()
        self._regularly: list[tuple[float, Callable[[], None]]] = []

    def listen(self, post: Post, trouble: Trouble | None = None) -> None:
        """Nobody touches what is not there."""

    def greet(self, page: Page) -> None:
        """Remember it."""
        self.show(page)

    def show(self, page: Page) -> None:
        """Remember it."""
        self.page, self.drawn = page, True

    def dress(self, night: bool, calm: bool) -> None:
        """Nobody sees it."""

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call it, and call it again at about that pace; said before `run`."""
        self._regularly.append((seconds, call))

    def run(self) -> None:
        """Wait for `stop`."""
        passed = 0.0
        while not self._ending.wait(LOOK_SECONDS):
            passed += LOOK_SECONDS
            for seconds, call in self._regularly:
                if passed % seconds < LOOK_SECONDS:
                    call()

    def stop(self) -> None:
        """End `run`, now or as soon as it begins; from any thread, but from no signal's handler."""
        self._ending.set()


class NoWriter:
    """What commits, where nothing can be kept."""

    def keep_open(self, ticket: int, visit: Visit) -> None:
        """Nothing: nobody is asked."""

    def seal(self, visit: Visit) -> None:
        """Nothing."""

    def add(self, record: Record) -> None:
        """Nothing: the hub is told no anchor of a clock without records."""

    def keep_response(self, response: Response, ticket: int | None) -> None:
        """Nothing."""

    def note_walk(self, response: Response) -> None:
        """Nothing."""

    def note_wrong_pins(self, count: int) -> None:
        """Nothing."""


class NoLamp:
    """Port `Lamp` where no button has a light."""

    def light(self, on: bool) -> None:
        """Nothing."""


class NoBacklight:
    """Port `Backlight` where the brightness cannot be set."""

    def dim(self, percent: int) -> None:
        """Nothing."""


class NoVoice:
    """Port `Voice` without a speaker."""

    def say(self, language: str, parts: tuple[Part, ...], volume: int) -> None:
        """Nothing."""

    def hush(self) -> None:
        """Nothing."""

    def rehearse(self, utterances: tuple[Utterance, ...]) -> None:
        """Nothing."""


class NoTools:
    """Port `Tools` where there is no panel."""

    def inspect(self) -> None:
        """Nothing."""

    def export(self) -> None:
        """Nothing."""

    def restart(self) -> None:
        """Nothing."""
