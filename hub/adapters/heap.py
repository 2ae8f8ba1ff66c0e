"""Gives the machine back, once a minute, what is free within this program's memory.

Records come and go by the thousand, and what outlives its neighbours leaves holes. Garbage that
Python finds by walking alone would lie for hours where little happens (wiring.garbage lets it look
seldom), and whatever lies makes the next holes: at rest, a walk over it takes some milliseconds.
"""

from __future__ import annotations

import ctypes
import gc
import threading
from typing import Final

EVERY_S: Final = 60.0


class Heap:
    """A thread of its own that does it; without glibc there is nothing to do."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heap", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; safe to call twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(1)

    def _run(self) -> None:
        while not self._stopping.wait(self._every_s):
            give_back()


def give_back() -> bool:
    """Look for garbage, then let go of every page that holds nothing; whether there was one."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(0))
