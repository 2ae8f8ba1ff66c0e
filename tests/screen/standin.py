"""A whole screen program with a stand-in for the loop, for tests that need a process of their own.

`python -m tests.screen.standin DRIVER WIDTH HEIGHT ROTATION` shows the faces, thanks for a touch,
and writes a line for everything: `ready`, each event as soon as the page that follows it is
painted, `stopped`. A line on its input stops it.
"""

from __future__ import annotations

import sys
import threading

from kiosk.core.effects import Page
from kiosk.core.events import ChangeTouched, DoneTouched, Event, FaceTouched
from kiosk.screen.app import KioskScreen
from shared.errors import HardwareError
from tests.fakes.clock import FakeClock
from tests.screen.samples import ASKING, THANKS


class StandIn:
    """Shows a page for each touch, and says what happens."""

    def __init__(self, driver: str, width: int, height: int, rotation: int) -> None:
        self.screen = KioskScreen(
            FakeClock(), size=(width, height), driver=driver, rotation=rotation
        )
        self.screen.listen(self.post)
        self.page: Page = ASKING
        self.lines: list[str] = []

    def post(self, event: Event) -> None:
        """Take an event as the loop would."""
        word = f" {event.face.value}" if isinstance(event, FaceTouched) else ""
        self.lines.append(type(event).__name__ + word)
        if isinstance(event, FaceTouched):
            self.page = THANKS
        elif isinstance(event, DoneTouched | ChangeTouched):
            self.page = ASKING
        self.screen.show(self.page)

    def run(self) -> None:
        """Serve until a line comes in."""
        self.screen.show(self.page)
        stage = self.screen.open()
        from kivy.core.window import Window  # noqa: PLC0415

        self.lines.append("ready {} {}".format(*map(int, Window.size)))
        Window.bind(on_flip=lambda _: self._painted(stage.page))
        threading.Thread(target=self._wait_for_a_line, daemon=True).start()
        self.screen.run()
        print("stopped", flush=True)

    def _painted(self, page: Page | None) -> None:
        if page is self.page:
            for line in self.lines:
                print(line, flush=True)
            self.lines.clear()

    def _wait_for_a_line(self) -> None:
        sys.stdin.readline()
        self.screen.stop()


if __name__ == "__main__":
    try:
        StandIn(sys.argv[1], *map(int, sys.argv[2:5])).run()
    except HardwareError as fault:
        print("HardwareError", fault, "–", fault.hint, flush=True)
        sys.exit(3)
