"""Open the window on the driver that was asked for, and let nothing but our pages into it."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from typing import Any

import structlog

from shared.errors import HardwareError

log = structlog.get_logger(__name__)

_QUIET = {
    "KIVY_NO_ARGS": "1",  # the command line is ours
    "KIVY_NO_CONFIG": "1",  # no config.ini may add input providers, modules or an inspector …
    "KIVY_NO_ENV_CONFIG": "1",  # … nor may the environment
    "KIVY_HOME": os.devnull,  # so there is no place for user modules, logs or icons
    "KIVY_NO_FILELOG": "1",  # no log files that fill a card
    "KIVY_LOG_MODE": "PYTHON",  # else Kivy takes stderr, and tracebacks are lost
    "KIVY_WINDOW": "sdl2",  # its X11 fallback ends the process without an exception
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",  # there are no pictures to read, so Pillow need not be loaded
    "KIVY_CLOCK": "interrupt",  # a page from another thread does not wait for the next frame
    "SDL_MOUSE_FOCUS_CLICKTHROUGH": "1",  # else SDL on X11 swallows a touch that gives the focus
    "SDL_VIDEO_X11_WMCLASS": "semblante",  # how a desktop, or a test, finds the window
    "SDL_NO_SIGNAL_HANDLERS": "1",  # Ctrl-C and SIGTERM belong to wiring
}


def open_window(size: tuple[int, int], *, fullscreen: bool, driver: str, rotation: int) -> Any:
    """Open the one window; raises HardwareError where the driver cannot be had.

    `driver` is SDL's name: `x11`, `kmsdrm`, `offscreen`. It is forced and then checked, because
    SDL falls back to `offscreen` in silence and the shop would look at a black glass.
    """
    os.environ.update(_QUIET, SDL_VIDEODRIVER=driver)
    logging.getLogger("kivy").addFilter(_worth_reading)
    _configure(size, fullscreen, rotation)
    # Kivy opens the window when this module is first imported; None where it could not.
    from kivy.core.window import Window  # noqa: PLC0415

    if Window is None:
        raise HardwareError(
            f"no window could be opened by the driver “{driver}”",
            hint="Is there a display, are libgl1 and libegl1 installed, is the user in the "
            "groups video, render and input?",
        )
    check_driver(driver)
    _dress(Window, fullscreen)
    log.info("window opened", driver=driver, size=tuple(Window.size), rotation=rotation)
    return Window


def _worth_reading(record: logging.LogRecord) -> bool:
    # Kivy tells at length of touch libraries that it does not find and that nobody wants.
    return record.levelno >= logging.ERROR and "MTDev" not in record.getMessage()


def _configure(size: tuple[int, int], fullscreen: bool, rotation: int) -> None:
    from kivy.config import Config  # noqa: PLC0415

    Config.set("kivy", "exit_on_escape", "0")
    Config.set("kivy", "pause_on_minimize", "0")
    graphics = {
        "width": size[0],
        "height": size[1],
        "fullscreen": "auto" if fullscreen else "0",
        "rotation": rotation,
        "resizable": "0",
        "multisamples": "0",  # every shape smooths its own edge, so the GPU need not
        "allow_screensaver": "0",
    }
    for name, value in graphics.items():
        Config.set("graphics", name, str(value))
    # One provider, else a touch may come twice. SDL tells fingers as mouse events too, and Kivy
    # takes fingers as such on phones alone, so “mouse” is the one that sees every device.
    for section in ("input", "modules"):
        Config.remove_section(section)
        Config.add_section(section)
    Config.set("input", "glass", "mouse,disable_multitouch,disable_hover")


def _dress(window: Any, fullscreen: bool) -> None:
    from kivy.base import EventLoop  # noqa: PLC0415

    from kiosk.screen.theme import PAPER  # noqa: PLC0415

    for provider in tuple(EventLoop.input_providers):  # Kivy adds its phone provider by itself
        EventLoop.remove_input_provider(provider)
    # One frame in the graphics driver at a time. Without this a software driver that is slower
    # than the program queues whole frames: 5 MB a visit were seen, and 70 MB more at rest.
    window.bind(on_flip=_finish_frame)
    window.bind(on_mouse_down=_hurry, on_mouse_up=_hurry)
    window.clearcolor = (*PAPER, 1)
    window.set_title("Semblante")
    window.show_cursor = not fullscreen


def _finish_frame(_window: Any) -> None:
    from kivy.graphics.opengl import glFinish  # noqa: PLC0415

    glFinish()


def _hurry(*_touch: object) -> None:
    """Look at a touch now: Kivy would sleep through the rest of a frame before it does."""
    from kivy.clock import Clock  # noqa: PLC0415

    Clock.schedule_once(lambda _dt: None, 0)


def check_driver(wanted: str) -> None:
    """Raise HardwareError where the window is not on the driver that was asked for."""
    found = video_driver()
    if found.lower() != wanted.lower():
        raise HardwareError(
            f"the window came up on “{found or 'nothing'}” instead of “{wanted}”",
            hint="Set “driver” of the screen to what this machine has: kmsdrm on a Raspberry Pi "
            "without a desktop, x11 with one.",
        )


def video_driver() -> str:
    """The name of the driver that SDL really uses; empty before a window is open."""
    module = sys.modules.get("kivy.core.window._window_sdl2")
    if module is None or module.__file__ is None:
        return ""
    # Through the handle of Kivy's module its own copy of SDL is found, not another one.
    current = ctypes.CDLL(module.__file__).SDL_GetCurrentVideoDriver
    current.restype = ctypes.c_char_p
    name: bytes | None = current()
    return (name or b"").decode()
