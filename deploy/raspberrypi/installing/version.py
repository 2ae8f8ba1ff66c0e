"""One version of the program, in a folder of its own: whole, or worth nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass

from deploy.plans.machine import Machine
from deploy.raspberrypi.installing.carrying import Bundle
from deploy.raspberrypi.installing.layout import (
    COMPLETE,
    CURRENT,
    HOME,
    PREVIOUS,
    UPDATER,
    VERSIONS,
    version_folder,
)
from deploy.raspberrypi.installing.wheels import lay_out, write_program
from shared.bundles import MANIFEST, read_manifest
from shared.errors import DeviceError

_ROOM = 5
"""Times the bundle's size: wheels are packed to a third, and lie beside what comes out of them."""


@dataclass(frozen=True, slots=True)
class Version:
    """The bundle unpacked and laid out, without network. Its `bytecode` is made here, because the
    kiosk may write nothing of its program: without it every start takes seconds longer.
    """

    machine: Machine
    bundle: Bundle
    bytecode: bool = True
    name: str = "the program"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The version, unless it stands there to the last byte of its manifest."""
        manifest = self.bundle.manifest
        return [] if self._stands() else [f"version {manifest.version}"]

    def _stands(self) -> bool:
        folder = self.machine.at(self._folder)
        if not (folder / COMPLETE).exists():
            return False
        return read_manifest((folder / MANIFEST).read_bytes()) == self.bundle.manifest

    def do(self) -> None:
        """Make it; what is left of a try that was cut short is thrown away first."""
        folder = self.machine.at(self._folder)
        if folder.exists() and self._is_in_use():
            raise DeviceError(
                f"another build of version {self.bundle.manifest.version} runs here",
                hint="Give the new build another version: “make bundle VERSION=…”.",
                code="version",
            )
        self._check_machine()
        (folder / COMPLETE).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        self.bundle.unpack(folder)
        self._install()
        shutil.rmtree(folder / "wheels")
        self._hand_over()
        os.sync()  # so that the mark is not on the card before what it stands for
        (folder / COMPLETE).write_bytes(b"")
        os.sync()

    @property
    def _folder(self) -> str:
        return version_folder(self.bundle.manifest.version)

    def _is_in_use(self) -> bool:
        used = {self.machine.leads_to(link) for link in (CURRENT, PREVIOUS)}
        return (
            f"versions/{self.bundle.manifest.version}" in used
            and (self.machine.at(self._folder) / COMPLETE).exists()
        )

    def _check_machine(self) -> None:
        """It must be the Python and the processor that the wheels were made for."""
        manifest = self.bundle.manifest
        asked = "import platform as p; print(p.machine(), '.'.join(p.python_version_tuple()[:2]))"
        found = self.machine.run("python3", "-c", asked).split()
        if found != [manifest.arch, manifest.python]:
            raise DeviceError(
                f"this machine has {' and Python '.join(found)}; "
                f"the bundle is for {manifest.arch} and Python {manifest.python}",
                hint="Use Raspberry Pi OS (64-bit) of Debian 13 “Trixie”.",
                code="machine",
            )
        room = shutil.disk_usage(self.machine.at(VERSIONS)).free
        if room < _ROOM * self.bundle.path.stat().st_size:
            raise DeviceError(
                f"only {room // 1_000_000} MB are free for another version",
                hint="Remove versions that are neither current nor previous, or use a larger card.",
                code="room",
            )

    def _install(self) -> None:
        venv, manifest = f"{self._folder}/venv", self.bundle.manifest
        site = f"{venv}/lib/python{manifest.python}/site-packages"
        self.machine.run("python3", "-m", "venv", "--without-pip", "--system-site-packages", venv)
        wheels = sorted((self.machine.at(self._folder) / "wheels").glob("*.whl"))
        lay_out(wheels, self.machine.at(site))
        write_program(self.machine.at(venv), f"{venv}/bin/python")
        if self.bytecode:
            self.machine.run(f"{venv}/bin/python", "-m", "compileall", "-q", site)

    def _hand_over(self) -> None:
        """To the user who unpacks updates: the one who runs the kiosk may not change it."""
        if self.machine.uid(UPDATER) is None or os.geteuid() != 0:
            return
        folder = self.machine.at(self._folder)
        for path in (folder, *folder.rglob("*")):
            self.machine.own(path, UPDATER, UPDATER)


def is_compiled(machine: Machine) -> bool:
    """Whether the version that runs has bytecode, so that the next one is made like it; and yes
    where none runs yet. (Under emulation, where compiling takes many minutes, none has.)
    """
    running = machine.leads_to(CURRENT)
    lib = machine.at(f"{HOME}/{running}/venv/lib")
    return not running or any(True for _ in lib.rglob("*.pyc"))


@dataclass(frozen=True, slots=True)
class Current:
    """Which version runs: a link, set in one move once the version is complete."""

    machine: Machine
    version: str
    name: str = "the version that runs"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The version, where another one runs."""
        return [] if self.machine.leads_to(CURRENT) == self._target else [self.version]

    def do(self) -> None:
        """Remember the one before, then let the link lead here."""
        before = self.machine.leads_to(CURRENT)
        if before:
            self._link(PREVIOUS, before)
        self._link(CURRENT, self._target)

    def _link(self, path: str, to: str) -> None:
        self.machine.link(path, to)
        self.machine.own(self.machine.at(path), UPDATER, UPDATER)  # who sets it at updates

    @property
    def _target(self) -> str:
        return f"versions/{self.version}"
