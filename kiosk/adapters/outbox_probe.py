"""Whether the outbox could be written just now, asked from beside it without writing anything."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

BUSY_SECONDS: Final = 4.0
"""A worn card stalls for seconds; a commit that takes longer than this hangs."""


def is_writable(path: Path) -> bool:
    """A lock for writing is taken and given back: a commit that hangs, a file that is gone and a
    card that the kernel made read-only are found, and the card is not worn by it."""
    where = f"{path.absolute().as_uri()}?mode=rw"
    try:
        if os.statvfs(path).f_flag & os.ST_RDONLY:
            return False
        line = sqlite3.connect(where, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        with closing(line):
            line.execute("BEGIN IMMEDIATE")
            line.execute("ROLLBACK")
    except (OSError, sqlite3.Error):
        return False
    return True
