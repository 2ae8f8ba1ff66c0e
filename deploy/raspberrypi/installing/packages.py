"""Debian's packages of a kiosk: from the folder that travels along, else from the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.plans.machine import Machine
from deploy.plans.packages import end_interrupted, install_by_apt, missing_packages
from shared.errors import DeviceError


def wanted_packages(text: str) -> tuple[str, ...]:
    """The names in packages.txt."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)


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
        return missing_packages(self.machine, self.wanted)

    def do(self) -> None:
        """Install them; raises DeviceError where one of them did not travel along."""
        end_interrupted(self.machine)
        carried = sorted(str(deb) for deb in self.carried.glob("*.deb"))
        if carried:
            self.machine.run("dpkg", "--install", "--skip-same-version", *carried)
        else:
            install_by_apt(self.machine, self.lacks())
        if missing := self.lacks():
            raise DeviceError(
                f"these packages did not travel along: {', '.join(missing)}",
                hint="Make the card anew where there is internet: “make card” takes them along.",
                code="packages",
            )
