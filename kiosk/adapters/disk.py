"""A folder of the card, step by step: each method is what a power cut can come before or after."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

LONGEST: Final = 1 << 20
"""Bytes of a file that is read: four times the longest manifest."""

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
        """Make the file anew, and write; after a power cut it may be empty or torn."""

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
    """Port `Disk` on a real file system.

    In some of its folders another user may write, who may have been taken over: no link is
    followed, nothing but a plain file is read, and what is written is a file of our own.
    """

    def read(self, path: Path) -> bytes | None:
        """The bytes of a file, as far as anything of ours may be long."""
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as fault:
            if fault.errno == errno.ELOOP:  # a link
                return None
            raise
        try:
            return os.read(handle, LONGEST) if stat.S_ISREG(os.fstat(handle).st_mode) else None
        finally:
            os.close(handle)

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
        """Make the file anew, and write. Anybody may read it, whatever the umask says: the guard
        writes it with that of the kiosk's unit, and the kiosk, another user, has to read it."""
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            os.fchmod(handle, 0o644)
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)

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
