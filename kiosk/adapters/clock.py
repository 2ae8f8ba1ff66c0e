"""The machine's clocks, and whether the kernel says that the wall clock is synchronised."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path
from typing import Final

from shared.moments import LATEST_WALL_MS, Moment, check_boot_id

BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")

FRESH_MS: Final = 1_000
"""Synchronisation comes and goes over minutes: asking once a second is enough."""

TIMESYNC: Final = Path("/run/systemd/timesync/synchronized")
"""There as soon as systemd-timesyncd has set the clock: asked where the kernel may not be."""

TIME_ERROR: Final = 5
STA_UNSYNC: Final = 0x0040


class _Timex(ctypes.Structure):
    """struct timex of adjtimex(2) as 64-bit Linux has it; with `modes` 0 it only reads."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),  # more than is left of it: the kernel writes 160 bytes
    )


class SystemClock:
    """Port `Clock` on Linux.

    `mark` is the latest time that was seen before this start (ms): while the clock is not
    synchronised, it goes on from there at least.
    """

    def __init__(self, boot_id: Path = BOOT_ID, *, mark: int = 0) -> None:
        text = boot_id.read_text(encoding="ascii").strip().replace("-", "")
        self._boot_id = check_boot_id(text)
        self._adjtimex = ctypes.CDLL(None, use_errno=True).adjtimex
        self._asked: int | None = None
        self._synced = False
        self._behind = max(0, mark - time.time_ns() // 1_000_000)

    @property
    def boot_id(self) -> str:
        """32 hexadecimal digits that change with every start of the machine."""
        return self._boot_id

    def now(self) -> Moment:
        """This instant."""
        boot = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
        wall = time.time_ns() // 1_000_000
        within = min(max(wall, 0), LATEST_WALL_MS)
        if within == wall and self._is_synced(boot):
            self._behind = 0
            return Moment(wall, boot, True)
        return Moment(min(within + self._behind, LATEST_WALL_MS), boot, False)

    def _is_synced(self, boot: int) -> bool:
        if self._asked is None or boot - self._asked >= FRESH_MS:
            self._synced = self._ask_kernel()
            self._asked = boot
        return self._synced

    def _ask_kernel(self) -> bool:
        answer = _Timex()
        state = self._adjtimex(ctypes.byref(answer))
        if state == -1:
            return TIMESYNC.exists()
        return state != TIME_ERROR and not answer.status & STA_UNSYNC
