"""What stands in where a part is not there: no glass, no light."""

from __future__ import annotations

import threading

from kiosk.core.effects import Page


class NoScreen:
    """Port `Screen` without a glass, for drills: it remembers the page and waits for the end."""

    def __init__(self) -> None:
        self.page: Page | None = None
        self._stopping = threading.Event()

    def show(self, page: Page) -> None:
        """Remember it."""
        self.page = page

    def run(self) -> None:
        """Wait for `stop`."""
        self._stopping.wait()

    def stop(self) -> None:
        """End `run`, now or as soon as it begins."""
        self._stopping.set()


class NoLamp:
    """Port `Lamp` where no button has a light."""

    def light(self, on: bool) -> None:
        """Nothing."""
