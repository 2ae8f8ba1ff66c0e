"""Debian's packages of a kiosk: from the folder that travels along, else from the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.hub.machine import Machine
from shared.errors import DeviceError

_PATIENT = ("-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0")
"""A new Pi looks for its own updates in its first minutes, and holds the lock."""


def wanted_packages(text: str) -> tuple[str, ...]:
    """The names in packages.txt."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


def installed_packages(status: str) -> set[str]:
    """The names in dpkg's list that are installed, and not merely known."""
    return {
        entry.partition("\n")[0]
        for entry in f"\n\n{status}".split("\n\nPackage: ")
        if "\nStatus: install ok installed\n" in f"{entry}\n"
    }


@dataclass(frozen=True, slots=True)
class Packages:
    """Installed without what they merely recommend; `carried` is a folder of .deb files."""

    machine: Machine
    wanted: Sequence[str]
    carried: Path
    name: str = "Debian's packages"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that are not installed."""
        installed = installed_packages(self.machine.read("/var/lib/dpkg/status"))
        return [package for package in self.wanted if package not in installed]

    def do(self) -> None:
        """Install them; what an interruption left half done is ended first."""
        self.machine.run("dpkg", "--configure", "-a")
        carried = sorted(str(deb) for deb in self.carried.glob("*.deb"))
        if carried:
            self.machine.run("dpkg", "--install", "--skip-same-version", *carried)
        else:
            self._fetch()
        if missing := self.lacks():
            raise DeviceError(
                f"these packages did not travel along: {', '.join(missing)}",
                hint="Make the card anew where there is internet: “make card” takes them along.",
                code="packages",
            )

    def _fetch(self) -> None:
        self.machine.run("apt-get", *_PATIENT, "--quiet", "update")
        words = ("--quiet", "--yes", "--no-install-recommends", "install")
        self.machine.run("apt-get", *_PATIENT, *words, *self.lacks())
