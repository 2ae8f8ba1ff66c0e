"""The real kiosk program, which says what it had loaded when its window first showed something.

`python -m tests.screen.greeted CONFIG` writes `painted COLOURS MODULES` at the first frame, then
`served` when the window is, and ends as by a signal.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any
from unittest.mock import patch

from kiosk.__main__ import main
from kiosk.screen import glass

HEAVY = frozenset({"sqlalchemy", "paho", "kiosk.loop"})

_open_window = glass.open_window


def _open_and_watch(*size: tuple[int, int], **wishes: Any) -> Any:
    window = _open_window(*size, **wishes)
    window.bind(on_flip=_say)
    return window


def _say(window: Any) -> None:
    from kivy.clock import Clock  # noqa: PLC0415 the window comes first

    window.unbind(on_flip=_say)
    pixels = window.children[0].export_as_image().texture.pixels
    colours = {pixels[at : at + 3] for at in range(0, len(pixels), 4)}
    print("painted", len(colours), *sorted(HEAVY & set(sys.modules)), flush=True)
    Clock.schedule_once(_end, 0)  # which comes as soon as somebody turns the crank again


def _end(_dt: float) -> None:
    print("served", *sorted(HEAVY & set(sys.modules)), flush=True)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    with patch.object(glass, "open_window", _open_and_watch):
        sys.exit(main(["run", "--config", sys.argv[1]]))
