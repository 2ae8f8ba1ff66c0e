"""A card: what was asked of it, what it must still hold after a cut, and what it may hold.

Laws
1. Synced is kept. Nothing else has to be: of each write that was not synced, any sector may be
   there or not, whatever became of the others; a length may be there without its content.
2. Names are kept once the folder was synced; before, any of their changes may be missing.
3. What a failed sync was to keep is read until it is let go of, and never kept by a later sync.
4. A sector is the old one or the new one, or (a worse card) rubbish, where it was
   written to or (`Spoiled`) as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from tests.drills.power.operations import (
    Change,
    File,
    Files,
    FolderSynced,
    LetGo,
    Made,
    Naming,
    Operation,
    Promised,
    Removed,
    Renamed,
    Resized,
    Synced,
    SyncFailed,
    Written,
)


@dataclass(frozen=True, slots=True)
class Grown:
    """The length was kept, and what was written there was not: it reads as zeros."""

    file: File
    size: int


Kept = Change | Grown


class Fate(Protocol):
    """What becomes of that which was not synced."""

    def changes(self, pending: Sequence[Change], last: Change | None) -> Sequence[Kept]:
        """What is kept of these; `last` was under way when the plug was pulled."""

    def names(self, pending: Sequence[Naming]) -> Sequence[Naming]:
        """Which of these are kept."""


@dataclass(slots=True)
class _Content:
    kept: bytearray = field(default_factory=bytearray)
    pending: list[Change] = field(default_factory=list)
    doubtful: list[Change] = field(default_factory=list)  # a sync of these failed


class Card:
    """Follows a trace, one operation at a time."""

    def __init__(self, files: Files | None = None) -> None:
        """`files` lie on it from the beginning, synced."""
        self._contents: dict[File, _Content] = {}
        self._names: dict[str, File] = {}  # as kept
        self._renamed: list[Naming] = []
        self._last: Change | None = None
        for number, (name, data) in enumerate(sorted((files or {}).items()), 1):
            self._names[name] = -number  # below all numbers that a recorder gives
            self._contents[-number] = _Content(bytearray(data))

    def follow(self, operation: Operation) -> None:
        """One more was asked for."""
        self._last = None
        match operation:
            case Made() | Removed() | Renamed():
                if isinstance(operation, Made):
                    self._contents[operation.file] = _Content()
                self._renamed.append(operation)
            case Written() | Resized():
                self._contents[operation.file].pending.append(operation)
                self._last = operation
            case Synced(file):
                content = self._contents[file]
                for change in content.pending:
                    _apply(change, content.kept)
                content.pending.clear()
            case SyncFailed(file):
                content = self._contents[file]
                content.doubtful += content.pending
                content.pending.clear()
            case LetGo(file):
                self._contents[file].doubtful.clear()
            case FolderSynced():
                _rename(self._renamed, self._names)
                self._renamed.clear()
            case Promised():
                pass

    def read_anew(self, file: File) -> bytes:
        """What is read of it once it was let go of."""
        content = self._contents[file]
        found = bytearray(content.kept)
        for change in content.pending:
            _apply(change, found)
        return bytes(found)

    def after(self, fate: Fate) -> Files:
        """What lies on it if the plug is pulled now."""
        names = dict(self._names)
        _rename(fate.names(self._renamed), names)
        return {name: self._content(file, fate) for name, file in names.items()}

    def _content(self, file: File, fate: Fate) -> bytes:
        content = self._contents[file]
        pending = [*content.doubtful, *content.pending]
        found = bytearray(content.kept)
        for change in fate.changes(pending, self._last) if pending else ():
            _apply(change, found)
        return bytes(found)


def _apply(change: Kept, content: bytearray) -> None:
    match change:
        case Written(_, at, data):
            _grow(content, at)
            content[at : at + len(data)] = data
        case Resized(_, size):
            _grow(content, size)
            del content[size:]
        case Grown(_, size):
            _grow(content, size)


def _grow(content: bytearray, size: int) -> None:
    content.extend(bytes(max(0, size - len(content))))


def _rename(changes: Sequence[Naming], names: dict[str, File]) -> None:
    for change in changes:
        match change:
            case Made(name, file):
                names[name] = file
            case Removed(name):
                names.pop(name, None)
            case Renamed(name, to):
                if name in names:  # else its making was lost, and with it all that followed
                    names[to] = names.pop(name)
