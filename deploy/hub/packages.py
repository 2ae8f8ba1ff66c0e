"""Debian's packages: which are needed, which are missing, and apt told to install those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.hub.machine import Machine
from deploy.hub.wishes import Database, Tls, Web, Wishes

ALWAYS: Final = (
    "ca-certificates",
    "mosquitto",
    "python3",
    "python3-venv",
    "systemd",
    "tar",
)
BY_DATABASE: Final = {
    Database.SQLITE: (),
    Database.POSTGRESQL: ("postgresql", "postgresql-client"),  # backups need the client's programs
    Database.ELSEWHERE: ("postgresql-client",),
}
BY_WEB: Final = {Web.NGINX: ("nginx",), Web.CADDY: ("caddy",)}

_PATIENT: Final = ("-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0")
"""A new server often updates itself in its first minutes, and holds the lock."""


def wanted(wishes: Wishes) -> tuple[str, ...]:
    """All packages that this server needs."""
    certbot = wishes.tls is Tls.ACME and wishes.web is Web.NGINX  # caddy speaks ACME by itself
    return (
        *ALWAYS,
        *BY_DATABASE[wishes.database],
        *BY_WEB[wishes.web],
        *(("certbot",) if certbot else ()),
    )


@dataclass(frozen=True, slots=True)
class Packages:
    """Installed by apt, without what it merely recommends."""

    machine: Machine
    wanted: Sequence[str]
    name: str = "Debian's packages"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """Those that are not installed."""
        status = self.machine.read("/var/lib/dpkg/status")
        installed = {
            entry.partition("\n")[0]
            for entry in f"\n\n{status}".split("\n\nPackage: ")
            if "\nStatus: install ok installed\n" in f"{entry}\n"
        }
        return [package for package in self.wanted if package not in installed]

    def do(self) -> None:
        """Install them; what an interruption left half done is ended first."""
        self.machine.run("dpkg", "--configure", "-a")
        self.machine.run("apt-get", *_PATIENT, "--quiet", "update")
        words = ("--quiet", "--yes", "--no-install-recommends", "install")
        self.machine.run("apt-get", *_PATIENT, *words, *self.lacks())
