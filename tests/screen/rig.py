"""One real window off screen, and everything that tests do with it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from kiosk.core.effects import Page, Thanks
from kiosk.core.events import Event
from kiosk.screen.app import KioskScreen
from kiosk.screen.boxes import Box
from tests.fakes.clock import FakeClock

WINDOW = (800, 480)


@dataclass
class Rig:
    """The screen as wiring would have it, except that the test turns the crank."""

    events: list[Event] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        assert "kivy" not in sys.modules, "a test module imports Kivy before its environment is set"
        self.screen = KioskScreen(self.clock, size=WINDOW, driver="offscreen")
        self.screen.listen(self.events.append)
        self.stage = self.screen.open()

    @property
    def window(self) -> Any:
        """Kivy's window."""
        from kivy.core.window import Window  # noqa: PLC0415

        return Window

    def frames(self, count: int) -> None:
        """Let so many frames pass."""
        from kivy.base import EventLoop  # noqa: PLC0415

        for _ in range(count):
            EventLoop.idle()

    def pace(self, most_frames: int) -> None:
        """At most so many frames a second; 0 does not wait for the next frame's turn at all."""
        from kivy.clock import Clock  # noqa: PLC0415

        Clock._max_fps = most_frames

    def frames_for(self, seconds: float) -> int:
        """Let frames pass for a while; how many of them were painted."""
        painted: list[object] = []
        self.pace(60)

        def note(window: object) -> None:
            painted.append(window)

        self.window.bind(on_flip=note)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.frames(1)
        self.window.unbind(on_flip=note)
        self.pace(0)
        return len(painted)

    def show(
        self, page: Page, size: tuple[int, int] = WINDOW, *, night: bool = False, calm: bool = False
    ) -> None:
        """Put the page on glass of that size; it is painted with the next frame or picture."""
        self.stage.dress(night, calm)
        if tuple(self.stage.size) != size:
            self.stage.resize(None, size)
        self.stage.show(page)

    def hold_ring(self, gone: float = 1.5) -> None:
        """Stop the ring, if one is running, as it looks after so many seconds."""
        ring: Any = getattr(self.stage.sheet, "ring", None)
        if isinstance(self.stage.page, Thanks):
            ring.stop()
            ring.show_gone(gone)

    def picture(self) -> Image.Image:
        """What is on the glass, without the window around it."""
        texture = self.stage.export_as_image().texture
        return Image.frombytes("RGBA", texture.size, texture.pixels).convert("RGB")

    def touch(self, x: float, y: float) -> Any:
        """A finger on the glass; `touch_up` lifts it."""
        from kivy.tests.common import UnitTestTouch  # noqa: PLC0415

        finger = UnitTestTouch(x, y)
        finger.touch_down()
        return finger

    def tap(self, target: Box) -> None:
        """A finger down and up in the middle."""
        self.touch(*target.center).touch_up()

    def take_events(self) -> list[Event]:
        """What was reported since the last time."""
        taken, self.events[:] = list(self.events), []
        return taken

    def letterings(self) -> Iterator[tuple[str, Any]]:
        """Every text that is seen on the sheet and on its parts, by name."""
        assert self.stage.sheet is not None
        for owner in self.stage.sheet.walk(restrict=True):
            for name, value in vars(owner).items() if owner.opacity else ():
                if type(value).__name__ == "Lettering" and value.text:
                    yield f"{type(owner).__name__}.{name}", value
