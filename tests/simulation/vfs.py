"""SQLite's own operations on files, passed through a hand that may make any of them fail.

SQLite lets a program register a file system of its own. This one is the machine's, but asks before
each sync and each write; so the real outbox and the real archive meet an fsync that fails, on any
file system and without a kernel's help.
"""

from __future__ import annotations

import ctypes
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

Ask = Callable[[str], int]
"""Told “sync” or “write”; answers 0 to let it happen, else the code with which it fails."""

SYNC_FAILS = sqlite3.SQLITE_IOERR_FSYNC
WRITE_FAILS = sqlite3.SQLITE_IOERR_WRITE
CODES = {"sync": SYNC_FAILS, "write": WRITE_FAILS}

POINTER = ctypes.c_void_p
_METHODS = (
    "xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock",
    "xCheckReservedLock", "xFileControl", "xSectorSize", "xDeviceCharacteristics", "xShmMap",
    "xShmLock", "xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch",
)  # fmt: skip
_REST = (
    "xDelete", "xAccess", "xFullPathname", "xDlOpen", "xDlError", "xDlSym", "xDlClose",
    "xRandomness", "xSleep", "xCurrentTime", "xGetLastError", "xCurrentTimeInt64",
    "xSetSystemCall", "xGetSystemCall", "xNextSystemCall",
)  # fmt: skip


def failing(operation: str, nth: int, times: int) -> tuple[Callable[[str], int], list[int]]:
    """Lets the nth operation of this kind fail, so many in a row; and the numbers of those met."""
    met: list[int] = []
    numbers = itertools.count(1)

    def ask(what: str) -> int:
        if what != operation:
            return 0
        number = next(numbers)
        if not nth <= number < nth + times:
            return 0
        met.append(number)
        return CODES[what]

    return ask, met


class Methods(ctypes.Structure):
    """What SQLite does to one open file."""

    _fields_ = [("iVersion", ctypes.c_int), *((name, POINTER) for name in _METHODS)]


class _File(ctypes.Structure):
    _fields_ = [("methods", ctypes.POINTER(Methods))]


_FILE = ctypes.POINTER(_File)
OPEN = ctypes.CFUNCTYPE(
    # The name stays a pointer: SQLite keeps parameters behind it, which a copy would lose.
    ctypes.c_int,
    POINTER,
    POINTER,
    _FILE,
    ctypes.c_int,
    ctypes.POINTER(ctypes.c_int),
)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, ctypes.c_int)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, _FILE, POINTER, ctypes.c_int, ctypes.c_int64)


class Vfs(ctypes.Structure):
    """A file system, as SQLite knows it."""

    _fields_ = [
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", POINTER),
        ("zName", ctypes.c_char_p),
        ("pAppData", POINTER),
        ("xOpen", OPEN),
        *((name, POINTER) for name in _REST),
    ]


@contextmanager
def asked_files(ask: Ask) -> Iterator[None]:
    """All files that SQLite opens within the block are asked about, until it ends."""
    files = _files()
    files.ask = ask
    files.begin()
    try:
        yield
    finally:
        files.end()
        files.ask = _pass


class _Files:
    """The asking file system; made once and never freed: a connection may outlive every block."""

    def __init__(self) -> None:
        self.ask: Ask = _pass
        self._library = library()
        self._library.sqlite3_vfs_find.restype = ctypes.POINTER(Vfs)
        self._usual = self._library.sqlite3_vfs_find(None)
        self._asked = Vfs.from_buffer_copy(self._usual.contents)
        self._asked.zName, self._asked.pNext = b"asked", None
        self._asked.xOpen = OPEN(self._opened)
        self._open = self._usual.contents.xOpen
        self._methods: dict[int, tuple[Any, ...]] = {}

    def begin(self) -> None:
        """Files are opened here from now on."""
        self._library.sqlite3_vfs_register(ctypes.byref(self._asked), 1)

    def end(self) -> None:
        """And from now on no more."""
        self._library.sqlite3_vfs_unregister(ctypes.byref(self._asked))
        self._library.sqlite3_vfs_register(self._usual, 1)

    def _asks(self, what: str) -> int:
        return self.ask(what)  # of whichever block is entered just then

    def _opened(self, vfs: int, name: int, file: Any, flags: int, told: Any) -> int:
        usual = ctypes.addressof(self._usual.contents)
        code = int(self._open(usual, name, file, flags, told))
        methods = file.contents.methods
        if code == 0 and methods:
            place = ctypes.addressof(methods.contents)
            if place not in self._methods:
                self._methods[place] = _asking(methods.contents, self._asks)
            file.contents.methods = ctypes.pointer(self._methods[place][0])
        return code


@cache
def _files() -> _Files:
    return _Files()


def _pass(what: str) -> int:
    return 0


def _asking(usual: Methods, ask: Ask) -> tuple[Any, ...]:
    methods = Methods.from_buffer_copy(usual)
    sync, write = _SYNC(usual.xSync), _WRITE(usual.xWrite)
    asked_sync = _SYNC(lambda file, flags: ask("sync") or sync(file, flags))
    asked_write = _WRITE(lambda file, data, n, at: ask("write") or write(file, data, n, at))
    methods.xSync = ctypes.cast(asked_sync, POINTER)
    methods.xWrite = ctypes.cast(asked_write, POINTER)
    return methods, asked_sync, asked_write


def library() -> ctypes.CDLL:
    """The very SQLite that Python uses."""
    sqlite3.connect(":memory:").close()
    mapped = Path("/proc/self/maps").read_text().splitlines()
    name = next(line.split()[-1] for line in mapped if "libsqlite3" in line)
    return ctypes.CDLL(name)
