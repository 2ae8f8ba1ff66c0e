"""The end of a first boot: the root is never written again, and this machine is a kiosk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from deploy.plans.machine import Machine, Text
from deploy.plans.steps import Step
from deploy.raspberrypi.installing.layout import HOME
from shared.errors import DeviceError

FSTAB: Final = "/etc/fstab"
NAMES: Final = "/etc/resolv.conf"
"""NetworkManager writes the name servers of every network there, unless it is a link."""

INSTALLED: Final = f"{HOME}/.installed"
CERTIFICATE: Final = f"{HOME}/identity/certificate.pem"

DATA: Final = "/data"
READ_ONLY: Final = ("/", "/boot/firmware")
IN_MEMORY: Final = {
    "/tmp": "1777",  # noqa: S108
    "/var/tmp": "1777",  # noqa: S108
    "/var/log": "755",
    "/var/lib/NetworkManager": "700",
    "/var/lib/systemd": "755",
}
"""What the system itself writes while it runs, and may forget; each with its rights, for what
lies in memory may be written by everybody where nothing is said."""

_TMPFS: Final = "nodev,nosuid,size=32M"
_NEEDLESS: Final = {"/boot/firmware": ("nofail",)}
"""Read at first boot alone: where it is damaged later, shoppers are asked nonetheless."""

STARTS_WITHOUT: Final = ("noauto", "nofail", "x-systemd.device-timeout=60s")
"""Options of the data's mount. Without the data the system starts all the same, so that the glass
can tell it and SSH is open; and whoever needs them has them mounted, for what is mounted by itself
systemd tries again whenever it starts anything, on a dead card, too. The slowest board shows the
partitions of a card within ten seconds."""


def read_only_fstab(text: str, in_memory: Iterable[str] = IN_MEMORY) -> str:
    """The table of mounts with a root that is only read, and that starts without the data; lines
    of others stay as they are.
    """
    lines = [starting_without(_read_only(line)) for line in text.splitlines()]
    known = {line.split()[1] for line in lines if len(line.split()) > 1}
    lines += [
        f"tmpfs {path} tmpfs {_TMPFS},mode={IN_MEMORY[path]} 0 0"
        for path in in_memory
        if path not in known
    ]
    return "".join(f"{line}\n" for line in lines)


def _read_only(line: str) -> str:
    fields = line.split()
    if len(fields) < 4 or fields[0].startswith("#") or fields[1] not in READ_ONLY:
        return line
    more = ("ro", *_NEEDLESS.get(fields[1], ()))
    options = [one for one in fields[3].split(",") if one not in {"rw", "defaults", *more}]
    return " ".join([*fields[:3], ",".join([*more, *options]), *fields[4:]])


def starting_without(line: str) -> str:
    """A line of the table; where it is the data's, the start does not end with them."""
    fields = line.split()
    if len(fields) < 4 or fields[0].startswith("#") or fields[1] != DATA:
        return line
    options = fields[3].split(",")
    lacking = [one for one in STARTS_WITHOUT if one not in options]
    return " ".join([*fields[:3], ",".join([*options, *lacking]), *fields[4:]]) if lacking else line


@dataclass(frozen=True, slots=True)
class ReadOnlyRoot:
    """Only where the data lie on a partition of their own: else nothing could be kept at all."""

    machine: Machine
    name: str = "the root is only read"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The table of mounts, where it lets the root be written; names, where they lie there."""
        table = self.machine.read(FSTAB)
        if not any(line.split()[1:2] == [DATA] for line in table.splitlines()):
            return []
        mounts = [FSTAB] if self._read_only(table) != table else []
        return mounts if self.machine.leads_to(NAMES) else [*mounts, NAMES]

    def do(self) -> None:
        """It takes hold with the next start."""
        self.machine.write(Text(FSTAB, self._read_only(self.machine.read(FSTAB))))
        if not self.machine.leads_to(NAMES):
            self.machine.link(NAMES, "/run/NetworkManager/resolv.conf")

    def _read_only(self, table: str) -> str:
        """A folder that is not there could not be made then, and the start would end with it."""
        there = [path for path in IN_MEMORY if self.machine.at(path).is_dir()]
        return read_only_fstab(table, there)


@dataclass(frozen=True, slots=True)
class Installed:
    """The mark that first boot has come to its end."""

    machine: Machine
    name: str = "first boot is over"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The mark."""
        return [] if self.machine.has(INSTALLED) else [INSTALLED]

    def do(self) -> None:
        """Set it, and start anew where a system runs; raises DeviceError before it has joined."""
        if not self.machine.has(CERTIFICATE):
            raise DeviceError(
                "this device has not joined its hub yet",
                hint="The glass says why; it is tried again every minute.",
                code="join",
            )
        self.machine.write(Text(INSTALLED, ""))
        if self.machine.systemd_runs:  # which this unit may not speak to: a path unit sees the file
            self.machine.write(Text(f"{HOME}/inbox/reboot", ""))


def finishing_plan(machine: Machine) -> Sequence[Step]:
    """Joined, read-only, and begun anew; nothing of it before it has joined."""
    last = Installed(machine)
    return (ReadOnlyRoot(machine), last) if machine.has(CERTIFICATE) else (last,)
