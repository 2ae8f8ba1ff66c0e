"""The one system user under which hub and broker run, and the folders that are theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from deploy.plans.folders import Rights
from deploy.plans.machine import Machine

USER: Final = "semblante"
"""Hub and broker share it: the hub tells the broker by a signal that there are new rights."""

FOLDERS: Final[Mapping[str, Rights]] = {
    "/etc/semblante": (0o755, "root", "root"),
    "/etc/semblante/tls": (0o755, "root", "root"),
    "/opt/semblante": (0o755, "root", "root"),
    "/var/lib/semblante": (0o750, USER, USER),
    "/var/lib/semblante/authority": (0o700, USER, USER),
    "/var/lib/semblante/bundles": (0o750, USER, USER),
    "/var/lib/semblante/data": (0o700, USER, USER),
    "/var/lib/semblante-setup": (0o755, "root", "root"),
    "/var/backups/semblante": (0o700, USER, USER),
}


@dataclass(frozen=True, slots=True)
class People:
    """The user: nobody can sign in as it."""

    machine: Machine
    name: str = "the user semblante"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The user, where it is not there."""
        return [] if self.machine.uid(USER) is not None else [USER]

    def do(self) -> None:
        """Make it, with a group of its own."""
        home = ("--home-dir", "/var/lib/semblante", "--shell", "/usr/sbin/nologin")
        self.machine.run("useradd", "--system", "--user-group", *home, USER)
