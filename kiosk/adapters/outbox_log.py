"""Lets go of what memory says of the outbox's log, so that only what the card holds is believed.

Where an fsync failed, what it should have kept is still read, as if it were on the card; no later
fsync keeps it, and at the next power cut it is gone, with all that followed it in the log. So
before SQLite opens a log, what is waiting is synced and what is remembered is dropped: it is read
from the card. Nothing is written: a log that is whole cannot be harmed by it.
"""

from __future__ import annotations

import os
from pathlib import Path


def read_anew(path: Path) -> None:
    """Let the log of this file, if there is one, be read from the card; raises OSError."""
    try:
        log = os.open(path.with_name(f"{path.name}-wal"), os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(log)
        os.posix_fadvise(log, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(log)
