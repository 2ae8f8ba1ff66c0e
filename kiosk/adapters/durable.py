"""Writing small files so that a power cut leaves the old one or the new one, and never a half."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(file: Path, data: bytes, mode: int | None = 0o600) -> None:
    """Put this file in place of what is there; it is on disk when this returns. Raises OSError.

    `mode` is None on a boot partition, whose FAT has none.
    """
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    if mode is not None:
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


def empty_out(file: Path, data: bytes) -> None:
    """Put this into a file, and blot what stood there, as far as flash allows of forgetting.

    The new one is there before the old bytes go: a power cut between them leaves a whole file.
    """
    with file.open("r+b") as old:
        size = file.stat().st_size
        write_whole(file, data, None)
        old.write(b"#" * size)
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
