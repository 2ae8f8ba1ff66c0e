"""One flat folder in memory that writes down what is asked of it, and can be made to fail."""

from __future__ import annotations

import errno
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass

from tests.drills.power.card import Card
from tests.drills.power.operations import (
    File,
    Files,
    FolderSynced,
    LetGo,
    Made,
    Operation,
    Promised,
    Removed,
    Renamed,
    Resized,
    Synced,
    SyncFailed,
    Trace,
    Written,
)

PROMISES = ".promises"
"""Whoever works here writes into it what is promised: so it stands in the trace, in its place."""

Fails = Callable[[Operation], int]
"""Told what is about to happen; answers 0 to let it, else the error with which it fails."""


@dataclass(slots=True)
class Node:
    """One file, as it looks to the programs that run."""

    file: File
    content: bytearray
    recorded: bool = True


class Volume:
    """What a file system server asks; raises OSError. One request at a time."""

    def __init__(self, files: Files | None = None, fails: Fails = lambda _: 0) -> None:
        self.trace: Trace = []
        self.fails = fails
        self.changed = threading.Condition()
        self._files = dict(files or {})
        self._names: dict[str, Node] = {}
        self._numbers = itertools.count(1)
        for number, (name, data) in enumerate(sorted((files or {}).items()), 1):
            self._names[name] = Node(-number, bytearray(data))

    def find(self, name: str) -> Node:
        """The file of this name."""
        try:
            return self._names[name]
        except KeyError:
            raise OSError(errno.ENOENT, name) from None

    def names(self) -> list[str]:
        """All there are."""
        return sorted(self._names)

    def make(self, name: str) -> Node:
        """A new, empty one."""
        recorded = not name.endswith("-shm") and name != PROMISES
        number = next(self._numbers) if recorded else 0
        if recorded:
            self._note(Made(name, number))
        node = self._names[name] = Node(number, bytearray(), recorded)
        return node

    def remove(self, name: str) -> None:
        """The name is gone; who has it open goes on."""
        if self.find(name).recorded:
            self._note(Removed(name))
        del self._names[name]

    def rename(self, name: str, to: str) -> None:
        """What had the other name is gone."""
        if self.find(name).recorded:
            self._note(Renamed(name, to))
        self._names[to] = self._names.pop(name)

    def write(self, node: Node, at: int, data: bytes) -> None:
        """Bytes at a place."""
        if node is self._names.get(PROMISES):
            self._promised(data)
            return
        if node.recorded:
            self._note(Written(node.file, at, data))
        node.content.extend(bytes(max(0, at - len(node.content))))
        node.content[at : at + len(data)] = data

    def resize(self, node: Node, size: int) -> None:
        """Cut, or grown by zeros."""
        if node.recorded:
            self._note(Resized(node.file, size))
        node.content.extend(bytes(max(0, size - len(node.content))))
        del node.content[size:]

    def sync(self, node: Node) -> None:
        """Synced is kept."""
        if not node.recorded:
            return
        try:
            self._note(Synced(node.file))
        except OSError:
            self._forget_unsynced(node)
            raise

    def _forget_unsynced(self, node: Node) -> None:
        """The kernel goes on reading it from memory, until somebody lets go of that."""
        card = Card(self._files)
        for operation in (*self.trace, SyncFailed(node.file), LetGo(node.file)):
            card.follow(operation)
        node.content[:] = card.read_anew(node.file)
        self.trace += [SyncFailed(node.file), LetGo(node.file)]

    def sync_folder(self) -> None:
        """And so are names."""
        self._note(FolderSynced())

    def _promised(self, data: bytes) -> None:
        for line in data.split(b"\n"):
            if line:
                self._note(Promised(int(line[1:]), begun=line[:1] == b"<"))

    def _note(self, operation: Operation) -> None:
        number = self.fails(operation)
        if number:
            raise OSError(number, "the drill wants it so")
        with self.changed:
            self.trace.append(operation)
            self.changed.notify_all()


def line_of(step: int, begun: bool) -> bytes:
    """What is written into PROMISES."""
    return b"%s%d\n" % (b"<" if begun else b">", step)
