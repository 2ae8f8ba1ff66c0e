"""What stands in where a part is not there: no glass, no light."""

from __future__ import annotations

import queue
from typing import Final

from kiosk.core.effects import Page

LOOK_SECONDS: Final = 0.5
"""A signal that comes just before a thread falls asleep is heard only when it wakes."""


class NoScreen:
    """Port `Screen` without a glass, for drills: it remembers the page and waits for the end."""

    def __init__(self) -> None:
        self.page: Page | None = None
        # Not an Event: `stop` is called by a signal's handler, within `run`, on the same thread,
        # and would wait for the lock that `run` holds. Such a queue may be entered again.
        self._ends: queue.SimpleQueue[None] = queue.SimpleQueue()

    def show(self, page: Page) -> None:
        """Remember it."""
        self.page = page

    def run(self) -> None:
        """Wait for `stop`."""
        while True:
            try:
                return self._ends.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue

    def stop(self) -> None:
        """End `run`, now or as soon as it begins."""
        self._ends.put(None)


class NoLamp:
    """Port `Lamp` where no button has a light."""

    def light(self, on: bool) -> None:
        """Nothing."""
