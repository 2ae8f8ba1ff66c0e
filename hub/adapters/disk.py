"""What must be on disk before it is believed."""

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
