"""Folders with their rights and owners, before anything is put into them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deploy.plans.machine import Machine

Rights = tuple[int, str, str]
"""Who may do what with a folder: its mode, its owner, its group."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Each is made, or gets its rights back."""

    machine: Machine
    rights: Mapping[str, Rights]
    name: str = "folders"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that are missing, or not as they should be."""
        return [path for path in self.rights if not self._is_right(path)]

    def do(self) -> None:
        """Make those."""
        for path in self.lacks():
            mode, owner, group = self.rights[path]
            folder = self.machine.at(path)
            folder.mkdir(parents=True, exist_ok=True)
            self.machine.own(folder, owner, group)
            folder.chmod(mode)

    def _is_right(self, path: str) -> bool:
        mode, owner, group = self.rights[path]
        folder = self.machine.at(path)
        if not folder.is_dir():
            return False
        state = folder.stat()
        found = (state.st_mode & 0o7777, state.st_uid, state.st_gid)
        return found == (mode, self.machine.uid(owner), self.machine.gid(group))
