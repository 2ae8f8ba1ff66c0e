"""What the kernel says of a process: its memory and the time it has had of a core."""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path


def memory_mb(pid: int | str) -> float:
    """Resident memory; `self` is this process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def cpu_seconds(pid: int) -> float:
    """User and system time so far, finer than the 10 ms ticks of /proc/PID/stat."""
    clock = ctypes.c_int()
    if ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock)) != 0:
        raise ProcessLookupError(pid)
    return time.clock_gettime(clock.value)
