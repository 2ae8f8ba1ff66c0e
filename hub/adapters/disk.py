"""What must be on disk before it is believed.

Where an fsync failed, what it should have kept is still read, as if it were on the disk; no later
fsync keeps it, and at the next power cut it is gone, with all that followed it in a log. So before
SQLite opens a log that may have been left behind so, it is let go of, and read from the disk.
"""

from __future__ import annotations

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Put it on disk: a file's bytes, or a folder's names."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def read_anew(database: Path) -> None:
    """Let the log of this SQLite file, if there is one, be read from the disk; raises OSError.

    Nothing is written: neither a log that is whole is harmed by it, nor who is using it.
    """
    try:
        log = os.open(database.with_name(f"{database.name}-wal"), os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(log)
        os.posix_fadvise(log, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(log)
