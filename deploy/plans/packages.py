"""Debian's packages: which are missing, by dpkg's own list, and apt told to install those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.plans.machine import Machine

STATUS: Final = "/var/lib/dpkg/status"

_PATIENT: Final = ("-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0")
"""A new machine looks for its own updates in its first minutes, and holds the lock."""


def installed_packages(status: str) -> set[str]:
    """The names in dpkg's list that are installed, and not merely known."""
    return {
        entry.partition("\n")[0]
        for entry in f"\n\n{status}".split("\n\nPackage: ")
        if "\nStatus: install ok installed\n" in f"{entry}\n"
    }


def missing_packages(machine: Machine, wanted: Sequence[str]) -> list[str]:
    """Those of them that are not installed."""
    installed = installed_packages(machine.read(STATUS))
    return [package for package in wanted if package not in installed]


def end_interrupted(machine: Machine) -> None:
    """What an earlier try left half done comes to its end first: apt would refuse to go on."""
    machine.run("dpkg", "--configure", "-a")


def install_by_apt(machine: Machine, packages: Sequence[str]) -> None:
    """From the network, without what they merely recommend."""
    machine.run("apt-get", *_PATIENT, "--quiet", "update")
    words = ("--quiet", "--yes", "--no-install-recommends", "install")
    machine.run("apt-get", *_PATIENT, *words, *packages)


@dataclass(frozen=True, slots=True)
class Packages:
    """Installed by apt."""

    machine: Machine
    wanted: Sequence[str]
    name: str = "Debian's packages"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that are not installed."""
        return missing_packages(self.machine, self.wanted)

    def do(self) -> None:
        """Install them."""
        end_interrupted(self.machine)
        install_by_apt(self.machine, self.lacks())
