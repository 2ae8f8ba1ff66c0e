"""Writing small files so that a power cut leaves the old one or the new one, and never a half."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(file: Path, data: bytes, mode: int = 0o600) -> None:
    """Put this file in place of what is there; it is on disk when this returns. Raises OSError."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=mode)
    fresh.chmod(mode)  # whatever the umask says
    _fill(fresh, data)
    fresh.replace(file)
    sync(file.parent)


def link_whole(link: Path, target: str) -> None:
    """Let `link` lead to `target`, from one instant to the next. Raises OSError."""
    fresh = link.with_name(f"{link.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
    sync(link.parent)


def overwrite(file: Path, data: bytes) -> None:
    """Write over the bytes of a file where they lie: what flash allows of forgetting."""
    with file.open("r+b") as old:
        old.write(data)
        old.flush()
        os.fsync(old.fileno())


def sync(folder: Path) -> None:
    """Put the names in a folder on disk; a name is lost in a power cut before that."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _fill(file: Path, data: bytes) -> None:
    with file.open("r+b") as writing:
        writing.write(data)
        writing.flush()
        os.fsync(writing.fileno())
