"""A volume as a real file system: the kernel's own FUSE protocol, spoken without a library.

Writes go through (nothing waits in the kernel but what is mapped), so the trace is what programs
asked of the kernel, in the order in which they did. Locks and shared memory are the kernel's.
Needs /dev/fuse and the right to mount; `can_mount` says whether both are there.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.drills.power.volume import Node, Volume

_HEADER = struct.Struct("<IIQQIIII")
_ANSWER = struct.Struct("<IiQ")
_ATTRIBUTES = struct.Struct("<6Q10I")
_ENTRY = struct.Struct("<4Q2I")
_OPENED = struct.Struct("<QII")
_INIT = struct.Struct("<IIIIHHIIHHI28x")

_ROOT: Final = 1
_FOR_EVER: Final = 3_600
"""Seconds for which the kernel may believe what it was told: nobody else changes anything."""

_LONGEST: Final = 128 * 1024
"""Bytes in one write; nothing that is drilled writes more at once."""

_BIG_WRITES: Final = 1 << 5
_DETACH: Final = 2
_PATIENCE: Final = 10.0


class Fuse:
    """Answers the kernel for one mounted volume, in a thread of its own."""

    def __init__(self, volume: Volume, device: int) -> None:
        self._volume, self._device = volume, device
        self._nodes: dict[int, Node] = {}
        self._numbers: dict[int, int] = {}  # by id of the node
        self._answers: dict[int, Callable[[int, bytes], bytes]] = {
            1: self._lookup, 3: self._attributes, 4: self._set, 9: _refused, 10: self._unlink,
            12: self._rename, 14: self._open, 15: self._read, 16: self._write, 17: _room,
            18: _nothing, 20: self._sync, 25: _nothing, 26: _init, 27: self._open, 28: self._list,
            29: _nothing, 30: self._sync_folder, 34: _nothing, 35: self._create,
            45: self._rename_with_flags,
        }  # fmt: skip

    def serve(self) -> None:
        """Until it is unmounted."""
        while True:
            try:
                request = os.read(self._device, _LONGEST + 4_096)
            except OSError as fault:
                if fault.errno in (errno.EINTR, errno.EAGAIN, errno.ENOENT):
                    continue
                return  # ENODEV: unmounted
            self._respond(request)

    def _respond(self, request: bytes) -> None:
        _, code, unique, node, *_ = _HEADER.unpack_from(request)
        if code in (2, 36, 42):  # forget, interrupt: nothing is expected
            return
        answer = self._answers.get(code)
        try:
            if answer is None:
                raise OSError(errno.ENOSYS, "not spoken here")
            body, error = answer(node, request[_HEADER.size :]), 0
        except OSError as fault:
            body, error = b"", -(fault.errno or errno.EIO)
        try:
            os.write(self._device, _ANSWER.pack(_ANSWER.size + len(body), error, unique) + body)
        except OSError as fault:
            if fault.errno != errno.ENOENT:  # whoever asked was killed
                raise

    # Names

    def _lookup(self, _: int, body: bytes) -> bytes:
        return self._entry(self._volume.find(_name(body)))

    def _create(self, _: int, body: bytes) -> bytes:
        return self._entry(self._volume.make(_name(body[16:]))) + _OPENED.pack(0, 0, 0)

    def _unlink(self, _: int, body: bytes) -> bytes:
        self._volume.remove(_name(body))
        return b""

    def _rename(self, _: int, body: bytes) -> bytes:
        return self._renamed(body[8:])

    def _rename_with_flags(self, _: int, body: bytes) -> bytes:
        if struct.unpack_from("<I", body, 8)[0]:
            raise OSError(errno.EINVAL, "no flags")
        return self._renamed(body[16:])

    def _renamed(self, names: bytes) -> bytes:
        source, target, _ = names.split(b"\0", 2)
        self._volume.rename(source.decode(), target.decode())
        return b""

    def _list(self, _: int, body: bytes) -> bytes:
        at, size = struct.unpack_from("<8xQI", body)
        found = b""
        for number, name in enumerate(self._volume.names()[at:], at + 1):
            raw = name.encode()
            line = struct.pack("<QQII", number + 1, number, len(raw), stat.S_IFREG >> 12) + raw
            line += bytes(-len(line) % 8)
            if len(found) + len(line) > size:
                break
            found += line
        return found

    def _sync_folder(self, _: int, body: bytes) -> bytes:
        self._volume.sync_folder()
        return b""

    # Files

    def _attributes(self, number: int, _: bytes) -> bytes:
        return struct.pack("<QII", _FOR_EVER, 0, 0) + self._described(number)

    def _set(self, number: int, body: bytes) -> bytes:
        valid, size = struct.unpack_from("<I12xQ", body)
        if valid & 1 << 3:
            self._volume.resize(self._nodes[number], size)
        return self._attributes(number, b"")

    def _open(self, _: int, body: bytes) -> bytes:
        return _OPENED.pack(0, 0, 0)

    def _read(self, number: int, body: bytes) -> bytes:
        at, size = struct.unpack_from("<8xQI", body)
        return bytes(self._nodes[number].content[at : at + size])

    def _write(self, number: int, body: bytes) -> bytes:
        at, size = struct.unpack_from("<8xQI", body)
        self._volume.write(self._nodes[number], at, body[40 : 40 + size])
        return struct.pack("<II", size, 0)

    def _sync(self, number: int, body: bytes) -> bytes:
        self._volume.sync(self._nodes[number])
        return b""

    def _entry(self, node: Node) -> bytes:
        number = self._numbers.setdefault(id(node), len(self._numbers) + _ROOT + 1)
        self._nodes[number] = node
        return _ENTRY.pack(number, 0, _FOR_EVER, _FOR_EVER, 0, 0) + self._described(number)

    def _described(self, number: int) -> bytes:
        folder = number == _ROOT
        size = 0 if folder else len(self._nodes[number].content)
        mode = stat.S_IFDIR | 0o777 if folder else stat.S_IFREG | 0o600
        who = os.getuid(), os.getgid()
        return _ATTRIBUTES.pack(
            number, size, -(-size // 512), 0, 0, 0, 0, 0, 0, mode, 1, *who, 0, 4_096, 0
        )


def _nothing(_: int, body: bytes) -> bytes:
    return b""


def _refused(_: int, body: bytes) -> bytes:
    raise OSError(errno.EPERM, "no folders in this folder")


def _room(_: int, body: bytes) -> bytes:
    free = 1 << 20
    return struct.pack("<5Q4I24x", free, free, free, free, free, 4_096, 255, 4_096, 0)


def _init(_: int, body: bytes) -> bytes:
    _, minor, ahead, _ = struct.unpack_from("<4I", body)
    return _INIT.pack(7, min(minor, 31), ahead, _BIG_WRITES, 16, 12, _LONGEST, 1, 0, 0, 0)


def _name(body: bytes) -> str:
    return body.split(b"\0", 1)[0].decode()


@contextmanager
def mounted(volume: Volume, folder: Path) -> Iterator[None]:
    """The volume at this folder; whoever works there must be another process, and gone at the end.

    (In this process a page that is missing could be waited for with the interpreter's lock held.)
    """
    libc = ctypes.CDLL(None, use_errno=True)
    device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
    try:
        options = f"fd={device},rootmode=40000,user_id={os.getuid()},group_id={os.getgid()}"
        where = os.fsencode(folder)
        if libc.mount(b"semblante", where, b"fuse", 0, f"{options},allow_other".encode()):
            raise OSError(ctypes.get_errno(), f"{folder} cannot be mounted")
        server = threading.Thread(target=Fuse(volume, device).serve, daemon=True)
        server.start()
        try:
            yield
        finally:
            libc.umount2(where, _DETACH)
            server.join(_PATIENCE)
            assert not server.is_alive(), "somebody still works there"
    finally:
        os.close(device)


def can_mount(folder: Path) -> str | None:
    """None where a volume can be mounted here, else why it cannot."""
    try:
        with mounted(Volume(), folder):
            return None
    except OSError as fault:
        return str(fault)
