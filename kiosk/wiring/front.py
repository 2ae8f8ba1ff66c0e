"""Opens the glass first: the store's name stands there while the rest is still being loaded."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol

from kiosk.adapters.absent import NoScreen
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.drm import DEVICE_VARIABLE, connected_card
from kiosk.core.effects import Page, Resting
from kiosk.core.ports import Clock, Post, Screen, Trouble
from kiosk.settings import ScreenSettings, Settings


class Glass(Screen, Protocol):
    """A screen that the main thread serves."""

    @property
    def drawn(self) -> bool:
        """Whether a page stood on the glass, for at least one frame."""

    def run(self) -> None:
        """Serve it until `stop`."""

    def stop(self) -> None:
        """End `run`, now or as soon as it begins."""

    def every(self, seconds: float, call: Callable[[], None]) -> None:
        """Call it so often from the loop that serves the glass; said before `run`."""


class EarlyGlass(Glass, Protocol):
    """One that can show something before anybody serves it."""

    def greet(self, page: Page) -> None:
        """Open it and paint this page; raises HardwareError."""

    def listen(self, post: Post, trouble: Trouble | None = None) -> None:
        """Tell touches, and trouble with the glass, to these; before it there is nobody to tell."""


def greeting_glass(settings: Settings) -> EarlyGlass:
    """The glass with the page between visits on it; raises HardwareError.

    Half of a kiosk's start is loading the outbox and the line to the hub, which no shopper sees.
    What the hub has set since, be it another language, comes on the glass when they are there.
    """
    place, made = settings.place, glass(settings, SystemClock())
    languages, names = place.languages, (place.store_name, place.point_name)
    made.greet(Resting(languages[0], languages, *names))
    return made


def glass(settings: Settings, clock: Clock) -> EarlyGlass:
    """The window, not open yet, or nothing where a drill has no Kivy."""
    return glass_of(settings.screen, clock, speaks=settings.sound is not None)


def glass_of(screen: ScreenSettings, clock: Clock, *, speaks: bool = False) -> EarlyGlass:
    """The same, where nothing is known but the glass."""
    if screen.driver == "none":
        return NoScreen()
    if screen.driver == "kmsdrm" and (card := connected_card()) is not None:
        os.environ.setdefault(DEVICE_VARIABLE, str(card))
    from kiosk.screen.app import KioskScreen  # noqa: PLC0415 Kivy opens a window

    return KioskScreen(
        clock,
        size=screen.size,
        fullscreen=screen.fullscreen,
        driver=screen.driver,
        rotation=screen.rotation,
        inches=screen.inches,
        speaks=speaks,
    )
