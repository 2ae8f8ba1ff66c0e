"""The latest time that this device has seen, for a machine that forgets the time with its power."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from kiosk.adapters.durable import write_whole
from shared.moments import LATEST_WALL_MS, Moment

EVERY_MS: Final = 600_000
"""Ten minutes: what a clock loses at most in a power cut, at 50,000 small writes a year."""

_MOST_DIGITS: Final = 15


class HighWater:
    """One small file beside the outbox; its own time is the mark, too, for programs without us."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._noted: int | None = None  # boot ms of the last note

    def mark(self) -> int:
        """The mark (ms since 1970); 0 where there is none that can be read."""
        try:
            text = self._file.read_bytes()[: _MOST_DIGITS + 1].strip()
        except OSError:
            return 0
        is_time = text.isdigit() and len(text) <= _MOST_DIGITS
        return min(int(text), LATEST_WALL_MS) if is_time else 0

    def note(self, now: Moment) -> bool:
        """Move the mark, where ten minutes have passed; whether it was moved.

        A clock that is right may move it back, too: one that was wrong may have set it too far.
        """
        if self._noted is not None and now.boot - self._noted < EVERY_MS:
            return False
        self._noted = now.boot
        if not now.synced and now.wall <= self.mark():
            return False
        try:
            write_whole(self._file, b"%d\n" % now.wall, 0o644)
            os.utime(self._file, ns=(now.wall * 1_000_000,) * 2)
        except OSError:
            return False  # a card that fails has alarms of its own
        return True
