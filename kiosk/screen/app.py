"""The port `Screen` on a real glass: shows the page it is told to, and reports touches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from kiosk.core.effects import Page
from kiosk.core.events import Event
from kiosk.core.ports import Clock, Post, Trouble
from kiosk.screen import glass

if TYPE_CHECKING:
    from kiosk.screen.stage import Stage


class KioskScreen:
    """One window. `show` and `stop` may come from any thread; the rest belongs to the main one."""

    def __init__(
        self,
        clock: Clock,
        *,
        size: tuple[int, int] = (800, 480),
        fullscreen: bool = False,
        driver: str = "kmsdrm",
        rotation: int = 0,
        inches: float = 7.0,
        speaks: bool = False,
    ) -> None:
        """`size` is the panel's own, before `rotation` (0, 90, 180 or 270 degrees).

        `inches` is its diagonal; `speaks`: there is a speaker, so pages can be read aloud.
        """
        self.drawn = False
        self._post: Post | None = None
        self._trouble: Trouble | None = None
        self._clock = clock
        self._size = size
        self._fullscreen = fullscreen
        self._driver = driver
        self._rotation = rotation
        self._inches, self._speaks = inches, speaks
        self._dress = False, False
        self._page: Page | None = None
        self._stopping = False
        self._stage: Stage | None = None
        self._kivy_clock: Any = None
        self._regularly: list[tuple[float, Callable[[], None]]] = []

    def listen(self, post: Post, trouble: Trouble | None = None) -> None:
        """Tell touches, and trouble with the glass, to these; before it there is nobody to tell."""
        self._post, self._trouble = post, trouble

    def show(self, page: Page) -> None:
        """Put this page on the glass; of several in one frame the last one counts."""
        self._page = page
        self._wake()

    def dress(self, night: bool, calm: bool) -> None:
        """Show this page and all to come by night or by day; `calm`: nothing moves."""
        self._dress = night, calm
        self._wake()

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call it so often from the loop that serves the glass; said before `run`."""
        self._regularly.append((seconds, call))

    def stop(self) -> None:
        """End `run`, now or as soon as it begins."""
        self._stopping = True
        self._wake()

    def greet(self, page: Page) -> None:
        """Open the window and paint this page before anybody serves it; raises HardwareError."""
        self.open().show(page)
        from kivy.base import EventLoop  # noqa: PLC0415

        EventLoop.idle()

    def run(self) -> None:
        """Open the window and serve it until `stop`; raises HardwareError where it cannot."""
        if self._stage is None:
            self.open()
        self._guard()
        from kivy.base import EventLoop, stopTouchApp  # noqa: PLC0415
        from kivy.clock import Clock as KivyClock  # noqa: PLC0415

        for seconds, call in self._regularly:
            KivyClock.schedule_interval(lambda _dt, call=call: call(), seconds)
        try:
            EventLoop.mainloop()
        finally:
            stopTouchApp()
            self._kivy_clock = None

    def open(self) -> Stage:
        """Open the window with the page of the moment on it, without serving it yet."""
        window = glass.open_window(
            self._size, fullscreen=self._fullscreen, driver=self._driver, rotation=self._rotation
        )
        from kivy.base import runTouchApp  # noqa: PLC0415
        from kivy.clock import Clock as KivyClock  # noqa: PLC0415

        from kiosk.screen.stage import Stage  # noqa: PLC0415

        self._stage = Stage(self._tell, self._clock, window.size, self._inches, speaks=self._speaks)
        window.bind(size=self._stage.resize)
        runTouchApp(self._stage, embedded=True)  # puts it into the window; no loop runs yet
        self._kivy_clock = KivyClock
        self._wake()
        return self._stage

    def _tell(self, event: Event) -> None:
        if self._post is not None:
            self._post(event)

    def _guard(self) -> None:
        """Keep what is no finger out of the pages, where somebody is told of it."""
        if self._trouble is None:
            return
        from kivy.core.window import Window  # noqa: PLC0415

        from kiosk.screen.guard import Guard  # noqa: PLC0415

        Guard(self._clock, self._trouble).attach(Window)

    def _wake(self) -> None:
        # An event of its own each time: a shared trigger that is just running would swallow it.
        kivy_clock = self._kivy_clock
        if kivy_clock is not None:
            kivy_clock.schedule_once(self._catch_up, 0)

    def _catch_up(self, _dt: float) -> None:
        from kivy.base import stopTouchApp  # noqa: PLC0415

        if self._stopping:
            stopTouchApp()
        elif self._stage is not None:
            self._stage.dress(*self._dress)
            if self._page is not None:
                self._stage.show(self._page)
                self._note_drawn()

    def _note_drawn(self) -> None:
        if not self.drawn and self._kivy_clock is not None:  # by the next frame this one stood
            self._kivy_clock.schedule_once(lambda _dt: setattr(self, "drawn", True), 0)
