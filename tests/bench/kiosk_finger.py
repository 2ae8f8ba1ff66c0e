"""A finger whose touches come in where a real one's do: through SDL's own queue of events."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_DOWN: Final = 0x401  # SDL_MOUSEBUTTONDOWN
_UP: Final = 0x402  # SDL_MOUSEBUTTONUP
_LEFT: Final = 1


class _ButtonEvent(ctypes.Structure):
    """SDL_MouseButtonEvent, as long as the union SDL_Event that it is a part of (56 bytes)."""

    _fields_ = (
        ("type", ctypes.c_uint32),
        ("timestamp", ctypes.c_uint32),
        ("window", ctypes.c_uint32),
        ("which", ctypes.c_uint32),
        ("button", ctypes.c_uint8),
        ("state", ctypes.c_uint8),
        ("clicks", ctypes.c_uint8),
        ("padding", ctypes.c_uint8),
        ("x", ctypes.c_int32),
        ("y", ctypes.c_int32),
        ("rest", ctypes.c_uint8 * 28),
    )


class Finger:
    """Lands and lifts, from any thread; the window polls it from the queue at its own pace."""

    def __init__(self) -> None:
        """Only once the window is open: through Kivy's module its own copy of SDL is found."""
        module = sys.modules["kivy.core.window._window_sdl2"]
        self._push = ctypes.CDLL(module.__file__).SDL_PushEvent

    def land(self, x: float, y: float) -> None:
        """Touch the glass at that place, counted from the upper left corner."""
        self._say(_DOWN, x, y)

    def lift(self, x: float, y: float) -> None:
        """Let go."""
        self._say(_UP, x, y)

    def _say(self, what: int, x: float, y: float) -> None:
        event = _ButtonEvent(
            type=what, button=_LEFT, state=int(what == _DOWN), clicks=1, x=round(x), y=round(y)
        )
        if self._push(ctypes.byref(event)) != 1:
            raise RuntimeError("SDL did not take the touch")
