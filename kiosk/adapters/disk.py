"""A folder of the card, step by step: each method is what a power cut can come before or after."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

BESIDE: Final = ".new"
"""What is made beside a name before it takes its place."""


class Disk(Protocol):
    """What stands there, by paths; `None` and `()` where nothing does. May raise OSError."""

    def read(self, path: Path) -> bytes | None:
        """The bytes of a file."""

    def link(self, path: Path) -> str | None:
        """Where a symbolic link points."""

    def names(self, folder: Path) -> Sequence[str]:
        """What lies in a folder, sorted."""

    def free(self, folder: Path) -> int:
        """How many bytes more fit."""

    def write(self, path: Path, content: bytes) -> None:
        """Make the file, or empty it, and write; after a power cut it may be empty or torn."""

    def sync(self, path: Path) -> None:
        """Return when the bytes of this file are on the card."""

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in this folder are on the card."""

    def rename(self, path: Path, to: Path) -> None:
        """Let it take the place of what is there, at once."""

    def symlink(self, target: str, path: Path) -> None:
        """Make a symbolic link where nothing is."""

    def remove(self, path: Path) -> None:
        """Remove a file or a link; nothing happens where there is none."""

    def remove_tree(self, folder: Path) -> None:
        """Remove a folder with all that is in it, in any order."""

    def make_folder(self, folder: Path) -> None:
        """Make it, unless it is there."""

    def settle(self) -> None:
        """Return when everything that was written anywhere is on the card."""


class Card:
    """Port `Disk` on a real file system."""

    def read(self, path: Path) -> bytes | None:
        """The bytes of a file."""
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return path.read_bytes()
        return None

    def link(self, path: Path) -> str | None:
        """Where a symbolic link points."""
        return str(path.readlink()) if path.is_symlink() else None

    def names(self, folder: Path) -> Sequence[str]:
        """What lies in a folder, sorted."""
        with suppress(FileNotFoundError, NotADirectoryError):
            return sorted(one.name for one in folder.iterdir())
        return ()

    def free(self, folder: Path) -> int:
        """How many bytes more fit."""
        return shutil.disk_usage(folder).free

    def write(self, path: Path, content: bytes) -> None:
        """Make the file, or empty it, and write."""
        path.write_bytes(content)

    def sync(self, path: Path) -> None:
        """Return when the bytes of this file are on the card."""
        self._fsync(path, os.O_RDONLY)

    def sync_folder(self, folder: Path) -> None:
        """Return when the names in this folder are on the card."""
        self._fsync(folder, os.O_RDONLY | os.O_DIRECTORY)

    def rename(self, path: Path, to: Path) -> None:
        """Let it take the place of what is there, at once."""
        path.rename(to)

    def symlink(self, target: str, path: Path) -> None:
        """Make a symbolic link where nothing is."""
        path.symlink_to(target)

    def remove(self, path: Path) -> None:
        """Remove a file or a link."""
        path.unlink(missing_ok=True)

    def remove_tree(self, folder: Path) -> None:
        """Remove a folder with all that is in it."""
        if folder.exists():
            shutil.rmtree(folder)

    def make_folder(self, folder: Path) -> None:
        """Make it, unless it is there."""
        folder.mkdir(exist_ok=True)

    def settle(self) -> None:
        """Return when everything is on the card."""
        os.sync()

    def _fsync(self, path: Path, flags: int) -> None:
        handle = os.open(path, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def put(disk: Disk, path: Path, content: bytes) -> None:
    """Let a file hold these bytes: after a power cut it is the one before or this one, whole."""
    beside = path.with_name(path.name + BESIDE)
    disk.write(beside, content)
    disk.sync(beside)
    disk.rename(beside, path)
    disk.sync_folder(path.parent)


def point(disk: Disk, path: Path, target: str) -> None:
    """Let a symbolic link point there: after a power cut it is the one before or this one."""
    if disk.link(path) == target:
        disk.sync_folder(path.parent)  # it may have been renamed and not be on the card yet
        return
    beside = path.with_name(path.name + BESIDE)
    disk.remove(beside)
    disk.symlink(target, beside)
    disk.rename(beside, path)
    disk.sync_folder(path.parent)


def drop(disk: Disk, path: Path) -> None:
    """Remove a file, so that it stays away."""
    disk.remove(path)
    disk.sync_folder(path.parent)
