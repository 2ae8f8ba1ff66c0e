"""Writing small files so that a power cut leaves the old one or the new one, and never a half."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(file: Path, text: str, mode: int = 0o600) -> None:
    """Put this file in place of what is there; it is on disk when this returns. Raises OSError."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    with fresh.open("w") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())
    fresh.chmod(mode)  # whatever the umask says
    fresh.replace(file)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    """Put the names in a folder on disk: a power cut before that brings back the old one."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
