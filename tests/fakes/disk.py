"""A disk in memory that can lose its power before any step, with what a real one loses then.

What was written and not synced may be empty afterwards; names that were made, moved or removed in a
folder that was not synced may be as they were. They are lost from the last on, as by a journal, and
how many of them is the test's to say.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path


class PowerCut(BaseException):
    """Nothing after it happens."""


@dataclass(eq=False)
class Node:
    """A file (`content`, and what of it is on the card), a link (`target`), or a folder."""

    content: bytes | None = None
    synced: bytes = b""
    target: str | None = None


Change = Callable[[dict[Path, Node]], None]


class FakeDisk:
    """Port `Disk`. `cut_after` is how many steps are still done before the power is gone."""

    def __init__(self) -> None:
        self.cut_after: int | None = None
        self.steps = 0
        self.space = 10 << 30
        self._now: dict[Path, Node] = {}
        self._kept: dict[Path, Node] = {}
        self._pending: list[tuple[Path, Change]] = []

    def copy(self) -> FakeDisk:
        """Another one with all that is on this one's card."""
        twin = FakeDisk()
        twin._kept = {path: replace(node) for path, node in self._kept.items()}
        twin._now = dict(twin._kept)
        return twin

    # What happens to it

    def come_back(self, lost: int) -> None:
        """The power is back; so many of the unsynced changes of names are gone, the last ones."""
        for _, change in self._pending[: max(0, len(self._pending) - lost)]:
            change(self._kept)
        for node in self._kept.values():
            if node.content is not None:
                node.content = node.synced
        self._now = dict(self._kept)
        self._pending = []
        self.cut_after = None

    @property
    def unsynced(self) -> int:
        """How many changes of names are not on the card."""
        return len(self._pending)

    def _step(self) -> None:
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise PowerCut
            self.cut_after -= 1
        self.steps += 1

    def _change(self, folder: Path, change: Change) -> None:
        change(self._now)
        self._pending.append((folder, change))

    # The port

    def read(self, path: Path) -> bytes | None:
        node = self._now.get(path)
        return None if node is None else node.content

    def link(self, path: Path) -> str | None:
        node = self._now.get(path)
        return None if node is None else node.target

    def names(self, folder: Path) -> Sequence[str]:
        return sorted(path.name for path in self._now if path.parent == folder)

    def free(self, folder: Path) -> int:
        return self.space

    def write(self, path: Path, content: bytes) -> None:
        self._step()
        if self.space < len(content):
            raise OSError(errno.ENOSPC, "no space left on device")
        if path.parent not in self._now:
            raise FileNotFoundError(path)
        self._change(path.parent, _entering(path, Node(content)))

    def sync(self, path: Path) -> None:
        self._step()
        node = self._now[path]
        node.synced = node.content or b""

    def sync_folder(self, folder: Path) -> None:
        self._step()
        for where, change in self._pending:
            if where == folder:
                change(self._kept)
        self._pending = [one for one in self._pending if one[0] != folder]

    def rename(self, path: Path, to: Path) -> None:
        self._step()
        if path not in self._now:
            raise FileNotFoundError(path)
        node = self._now[path]

        def change(nodes: dict[Path, Node]) -> None:
            nodes.pop(path, None)
            nodes[to] = node

        self._change(path.parent, change)

    def symlink(self, target: str, path: Path) -> None:
        self._step()
        if path in self._now:
            raise FileExistsError(path)
        self._change(path.parent, _entering(path, Node(target=target)))

    def remove(self, path: Path) -> None:
        self._step()
        if path in self._now:
            self._change(path.parent, _leaving(path))

    def remove_tree(self, folder: Path) -> None:
        self._step()
        for path in sorted(self._now, reverse=True):
            if folder == path or folder in path.parents:
                self.remove(path)

    def make_folder(self, folder: Path) -> None:
        self._step()
        if folder not in self._now:
            self._change(folder.parent, _entering(folder, Node()))

    def settle(self) -> None:
        self._step()
        for node in self._now.values():
            if node.content is not None:
                node.synced = node.content
        self._kept, self._pending = dict(self._now), []


def _entering(path: Path, node: Node) -> Change:
    def change(nodes: dict[Path, Node]) -> None:
        nodes[path] = node

    return change


def _leaving(path: Path) -> Change:
    def change(nodes: dict[Path, Node]) -> None:
        nodes.pop(path, None)

    return change
