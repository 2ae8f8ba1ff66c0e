"""The two users of a kiosk, and the groups by which they reach its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.plans.machine import Machine
from deploy.raspberrypi.installing.layout import GROUPS, HOME, UPDATER, USER

_MEMBERS: Final = (*((USER, group) for group in GROUPS), (UPDATER, USER))


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of hardware: Raspberry Pi OS has them all, bare Debian does not have `gpio`."""

    machine: Machine
    name: str = "groups"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that are not there."""
        return [group for group in GROUPS if self.machine.gid(group) is None]

    def do(self) -> None:
        """Make those."""
        for group in self.lacks():
            self.machine.run("groupadd", "--system", group)


@dataclass(frozen=True, slots=True)
class Users:
    """One who runs the kiosk and one who unpacks updates: nobody can sign in as either."""

    machine: Machine
    name: str = "users"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Users that are not there, and groups that the kiosk's user is not in."""
        missing = [user for user in (USER, UPDATER) if self.machine.uid(user) is None]
        return missing or [
            f"{user} in {group}" for user, group in _MEMBERS if not self._is_in(user, group)
        ]

    def do(self) -> None:
        """Make them."""
        home = ("--home-dir", HOME, "--no-create-home", "--shell", "/usr/sbin/nologin")
        for user in (USER, UPDATER):
            if self.machine.uid(user) is None:
                self.machine.run("useradd", "--system", "--user-group", *home, user)
        for user, group in _MEMBERS:
            self.machine.run("usermod", "--append", "--groups", group, user)

    def _is_in(self, user: str, group: str) -> bool:
        for line in self.machine.read("/etc/group").splitlines():
            name, *_, members = line.split(":")
            if name == group:
                return user in members.split(",")
        return False
