"""Makes sure of what the outbox's log holds before anybody believes it.

Where an fsync failed, what it should have kept is still read, as if it were on the card; no later
fsync keeps it, and at the next power cut it is gone, with all that followed it in the log. So what
is found in a log is written once more and synced, before SQLite opens it: were it open, closing it
after another failure would carry half of the truth over into the file.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_WRITE_LOCK: Final = 120
"""The byte of SQLite's shared memory that a writer holds."""


def make_sure(path: Path) -> None:
    """Write the log of this file once more and sync it, if there is one; raises OSError."""
    log = path.with_name(f"{path.name}-wal")
    if not log.exists():
        return
    with _nobody_writes(path), _opened(log) as file:
        found = os.pread(file, os.fstat(file).st_size, 0)
        if os.pwrite(file, found, 0) != len(found):
            raise OSError(errno.EIO, "cannot be written whole", str(log))
        os.fsync(file)


@contextmanager
def _nobody_writes(path: Path) -> Iterator[None]:
    """A second program may have it open; raises OSError while that one is writing."""
    shared = path.with_name(f"{path.name}-shm")
    if not shared.exists():
        yield
        return
    with _opened(shared) as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _WRITE_LOCK)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_RDWR)
    try:
        yield file
    finally:
        os.close(file)
