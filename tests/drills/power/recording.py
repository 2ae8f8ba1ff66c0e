"""Writes down what SQLite and the program ask of the files in one folder: without any privilege.

SQLite lets a program put a file system of its own in place of the machine's. This one is the
machine's, and notes each operation that succeeded. Which names SQLite syncs is known from its
sources: the folder with a handle's first sync of a journal or log, and where a removal asks for it.
What it notes is compared with what a real file system sees wherever there is one (`lossy`).
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.drills.power.card import Card
from tests.drills.power.operations import (
    File,
    FolderSynced,
    LetGo,
    Made,
    Promised,
    Removed,
    Renamed,
    Resized,
    Synced,
    SyncFailed,
    Trace,
    Written,
)
from tests.simulation.vfs import OPEN, POINTER, Ask, Methods, Vfs, library

_SIZE_HINT = 5
"""SQLITE_FCNTL_SIZE_HINT: with mapped memory the file grows to that size at once."""

_CREATE = 0x0000_0004
_JOURNALS = 0x0000_0800 | 0x0008_0000
"""SQLITE_OPEN_CREATE, and SQLITE_OPEN_MAIN_JOURNAL or SQLITE_OPEN_WAL."""

_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, POINTER, ctypes.c_int, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, ctypes.c_int64)
_CONTROL = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, ctypes.c_int, POINTER)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, ctypes.c_int)
_DELETE = ctypes.CFUNCTYPE(ctypes.c_int, POINTER, ctypes.c_char_p, ctypes.c_int)


class Recorder:
    """The trace of one folder; only what lies directly in it, and no shared memory."""

    def __init__(self, folder: Path) -> None:
        self.trace: Trace = []
        self.ask: Ask = lambda _: 0  # may let a sync or a write fail
        self.behind: object = None  # must live as long as any connection that was made through it
        self._folder = folder
        self._numbers = itertools.count(1)
        self.files = {path.name: path.read_bytes() for path in folder.iterdir()}
        self._files: dict[str, File] = {}  # by name
        for number, name in enumerate(sorted(self.files), 1):
            self._files[name] = -number

    def promise(self, step: int, begun: bool) -> None:
        """The program goes on."""
        self.trace.append(Promised(step, begun))

    def opened(self, path: str) -> File | None:
        """SQLite has it open; None where it is none of ours."""
        if not self._ours(path):
            return None
        name = Path(path).name
        if name not in self._files:
            self.made(name)
        return self._files[name]

    def made(self, name: str) -> None:
        """There is a new file."""
        file = self._files[name] = next(self._numbers)
        self.trace.append(Made(name, file))

    def written(self, file: File, at: int, data: bytes) -> None:
        """Bytes at a place."""
        self.trace.append(Written(file, at, data))

    def resized(self, file: File, size: int) -> None:
        """Cut, or grown."""
        self.trace.append(Resized(file, size))

    def of_descriptor(self, number: int) -> File | None:
        """Which file the program has open there; None where it is none of ours."""
        path = str(Path(f"/proc/self/fd/{number}").readlink())
        return self._files.get(Path(path).name) if self._ours(path) else None

    def size(self, file: File) -> int:
        """How long it is."""
        name = next(name for name, one in self._files.items() if one == file)
        return (self._folder / name).stat().st_size

    def synced(self, file: File, *, folder_too: bool) -> None:
        """On the card."""
        self.trace.append(Synced(file))
        if folder_too:
            self.trace.append(FolderSynced())

    def removed(self, path: str, *, folder_too: bool) -> None:
        """Gone."""
        name = Path(path).name
        if self._ours(path) and self._files.pop(name, None) is not None:
            self.trace.append(Removed(name))
            if folder_too:
                self.trace.append(FolderSynced())

    def renamed(self, source: Path, target: Path) -> None:
        """Called otherwise."""
        if source.name in self._files:
            self._files[target.name] = self._files.pop(source.name)
            self.trace.append(Renamed(source.name, target.name))

    def _ours(self, path: str) -> bool:
        return Path(path).parent == self._folder and not path.endswith("-shm")


@contextmanager
def recording(folder: Path) -> Iterator[Recorder]:
    """Whatever is opened in this folder within the block is written down."""
    recorder = Recorder(folder)
    files = recorder.behind = _Files(recorder)
    rename, touch = os.rename, Path.touch

    def renamed(source: Any, target: Any, **more: Any) -> None:
        rename(source, target, **more)
        recorder.renamed(Path(source), Path(target))

    def touched(path: Path, mode: int = 0o666, exist_ok: bool = True) -> None:
        fresh = not path.exists()
        touch(path, mode, exist_ok)
        if fresh and path.parent == folder:
            recorder.made(path.name)

    with (
        files.noted(),
        patch.object(os, "rename", renamed),
        patch.object(Path, "touch", touched),
        patch.object(os, "fsync", partial(_fsync, recorder, os.fsync)),
        patch.object(os, "posix_fadvise", partial(_let_go, recorder)),
    ):
        yield recorder


def _fsync(recorder: Recorder, fsync: Callable[[int], None], file: int) -> None:
    found = recorder.of_descriptor(file)
    if found is not None and recorder.ask("sync"):
        recorder.trace.append(SyncFailed(found))
        raise OSError(errno.EIO, "the drill wants it so")
    fsync(file)
    if found is not None:
        recorder.synced(found, folder_too=False)


def _let_go(recorder: Recorder, file: int, at: int, length: int, advice: int) -> None:
    """What no card would hold is no longer read."""
    found = recorder.of_descriptor(file)
    if found is None:
        return
    recorder.trace.append(LetGo(found))
    card = Card(recorder.files)
    for operation in recorder.trace:
        card.follow(operation)
    Path(f"/proc/self/fd/{file}").readlink().write_bytes(card.read_anew(found))


class _Files:
    """SQLite's file system, that notes; kept alive by the connections' methods."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._library = library()
        self._library.sqlite3_vfs_find.restype = ctypes.POINTER(Vfs)
        self._usual = self._library.sqlite3_vfs_find(None)
        self._noting = Vfs.from_buffer_copy(self._usual.contents)
        self._noting.zName, self._noting.pNext = b"noting", None
        self._noting.xOpen = OPEN(self._opened)
        self._delete = _DELETE(self._usual.contents.xDelete)
        self._deleted = _DELETE(self._removed)
        self._noting.xDelete = ctypes.cast(self._deleted, POINTER)
        self._open = self._usual.contents.xOpen
        self._names: dict[int, File] = {}  # by the place of SQLite's handle
        self._fresh: set[int] = set()  # those with whose first sync the folder is synced
        self._methods: dict[int, tuple[Any, ...]] = {}

    @contextmanager
    def noted(self) -> Iterator[None]:
        """SQLite opens its files here."""
        self._library.sqlite3_vfs_register(ctypes.byref(self._noting), 1)
        try:
            yield
        finally:
            self._library.sqlite3_vfs_unregister(ctypes.byref(self._noting))
            self._library.sqlite3_vfs_register(self._usual, 1)

    def _opened(self, vfs: int, name: int, file: Any, flags: int, told: Any) -> int:
        usual = ctypes.addressof(self._usual.contents)
        code = int(self._open(usual, name, file, flags, told))
        methods = file.contents.methods
        if code or not methods or not name:
            return code
        path = os.fsdecode(ctypes.string_at(name))
        found = self._recorder.opened(path)
        if found is not None:
            handle = ctypes.addressof(file.contents)
            self._names[handle] = found
            if flags & _JOURNALS and flags & _CREATE:
                self._fresh.add(handle)
            place = ctypes.addressof(methods.contents)
            if place not in self._methods:
                self._methods[place] = self._noted(methods.contents)
            file.contents.methods = ctypes.pointer(self._methods[place][0])
        return code

    def _removed(self, vfs: int, name: bytes, folder_too: int) -> int:
        code = int(self._delete(ctypes.addressof(self._usual.contents), name, folder_too))
        if code == 0:
            self._recorder.removed(os.fsdecode(name), folder_too=bool(folder_too))
        return code

    def _noted(self, usual: Methods) -> tuple[Any, ...]:
        write, truncate = _WRITE(usual.xWrite), _TRUNCATE(usual.xTruncate)
        sync, control = _SYNC(usual.xSync), _CONTROL(usual.xFileControl)
        recorder = self._recorder
        names, fresh = self._names, self._fresh

        def wrote(file: int, data: int, length: int, at: int) -> int:
            code = recorder.ask("write") or int(write(file, data, length, at))
            if code == 0:
                recorder.written(names[file], at, ctypes.string_at(data, length))
            return code

        def truncated(file: int, size: int) -> int:
            code = int(truncate(file, size))
            if code == 0:
                recorder.resized(names[file], size)
            return code

        def told(file: int, what: int, size: int) -> int:
            before = recorder.size(names[file]) if what == _SIZE_HINT else 0
            code = int(control(file, what, size))
            if what == _SIZE_HINT and recorder.size(names[file]) != before:
                recorder.resized(names[file], recorder.size(names[file]))
            return code

        def synced(file: int, flags: int) -> int:
            code = recorder.ask("sync") or int(sync(file, flags))
            if code:
                recorder.trace.append(SyncFailed(names[file]))
            else:
                recorder.synced(names[file], folder_too=file in fresh)
                fresh.discard(file)
            return code

        methods = Methods.from_buffer_copy(usual)
        calls = _WRITE(wrote), _TRUNCATE(truncated), _SYNC(synced), _CONTROL(told)
        methods.xWrite, methods.xTruncate, methods.xSync, methods.xFileControl = (
            ctypes.cast(one, POINTER) for one in calls
        )
        return methods, *calls
