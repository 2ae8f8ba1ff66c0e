"""What is painted when: a frame counts from the moment at which it has been flipped."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from kiosk.core.effects import Page

PATIENCE_S: Final = 20.0
"""More than any page takes on a machine that is busy with something else."""

REMEMBERED: Final = 1_000
"""Frames, no more of them: in a soak we must not be what grows."""


class Frames:
    """Notes every frame of the window with the page that the stage then shows."""

    def __init__(self, window: Any, stage: Any) -> None:
        self._flip, self._stage = window.flip, stage
        self._news = threading.Condition()
        self._page: Page | None = None
        self._times: deque[float] = deque(maxlen=REMEMBERED)
        window.flip = self._flip_and_note

    def wait_for(self, wanted: Callable[[Page], bool]) -> float:
        """Return when such a page is on the glass: the moment of the newest frame."""
        with self._news:
            if not self._news.wait_for(lambda: self._shows(wanted), PATIENCE_S):
                raise TimeoutError(f"the page did not come; on the glass is {self._page}")
            return self._times[-1]

    def gaps(self, since: float, until: float) -> list[float]:
        """Seconds from frame to frame in that time, if it is not long ago."""
        with self._news:
            times = [since, *(at for at in self._times if since <= at <= until), until]
        return [after - before for before, after in pairwise(times)]

    def _shows(self, wanted: Callable[[Page], bool]) -> bool:
        return self._page is not None and wanted(self._page)

    def _flip_and_note(self) -> None:
        self._flip()
        with self._news:
            self._times.append(time.perf_counter())
            self._page = self._stage.page
            self._news.notify_all()
