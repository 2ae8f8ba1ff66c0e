"""Our program: a virtual environment a version from the locked list, and one link to the current.

An update is the same as the first time: another version beside the one that runs, then the link
is turned at once. The version before stays until the one after: that is the way back.
"""

from __future__ import annotations

import hashlib
import shutil
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.plans.machine import Machine, Text

HOME: Final = "/opt/semblante"
CURRENT: Final = f"{HOME}/current"
LOCK: Final = Path("deploy/hub/requirements.txt")
_PACKAGES: Final = ("hub", "kiosk", "shared")
_BESIDE: Final = ("pyproject.toml", "README.md", "LICENSE", str(LOCK))


@dataclass(frozen=True, slots=True)
class Source:
    """What is installed: the checkout from which this is run."""

    folder: Path

    def files(self) -> Iterator[Path]:
        """All that the installed program is made of, in a fixed order; relative to the folder."""
        for name in _BESIDE:
            yield Path(name)
        for package in _PACKAGES:
            found = (self.folder / package).rglob("*")
            inside = (path.relative_to(self.folder) for path in found if path.is_file())
            yield from sorted(path for path in inside if "__pycache__" not in path.parts)

    def version(self) -> str:
        """The version of pyproject.toml, and eight digits of everything: any change is another."""
        told = tomllib.loads((self.folder / "pyproject.toml").read_text())["project"]["version"]
        digest = hashlib.sha256()
        for path in self.files():
            body = (self.folder / path).read_bytes()
            digest.update(f"{path}\n{len(body)}\n".encode() + body)
        return f"{told}-{digest.hexdigest()[:8]}"

    def copy(self, to: Path) -> None:
        """Put a copy elsewhere: what is built there leaves no trace in the checkout."""
        for path in self.files():
            (to / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.folder / path, to / path)


@dataclass(frozen=True, slots=True)
class Program:
    """One version, in a folder of its own; it counts only once its last file is written."""

    machine: Machine
    source: Source
    version: str
    wheels: Path | None = None
    name: str = "the program"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """This version, where it is not whole."""
        return [] if self.machine.has(f"{self._home}/.complete") else [self.version]

    def do(self) -> None:
        """Build it anew: what an interruption left is thrown away."""
        self.machine.remove(self._home)
        self.source.copy(self.machine.at(f"{self._home}/source"))
        self.machine.run("python3", "-m", "venv", self._home)
        lock = f"{self._home}/source/{LOCK}"
        self._pip("--require-hashes", "--requirement", lock, *self._from_wheels())
        self._pip("--no-deps", "--no-build-isolation", "--no-index", f"{self._home}/source")
        self.machine.remove(f"{self._home}/source")
        self.machine.remove(f"{self._home}/wheels")
        self.machine.write(Text(f"{self._home}/.complete", f"{self.version}\n"))

    def _pip(self, *words: str) -> None:
        quiet = ("--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir")
        self.machine.run(f"{self._home}/bin/pip", "install", *quiet, *words)

    def _from_wheels(self) -> Sequence[str]:
        """Where a folder of wheels came along nothing is asked of the network."""
        if self.wheels is None:
            return ()
        inside = f"{self._home}/wheels"
        shutil.copytree(self.wheels, self.machine.at(inside))
        return ("--no-index", "--find-links", inside)

    @property
    def _home(self) -> str:
        return f"{HOME}/{self.version}"


@dataclass(frozen=True, slots=True)
class Current:
    """The link by which services find the program."""

    machine: Machine
    version: str
    name: str = "the current version"
    needs_systemd: bool = False

    def lacks(self) -> Sequence[str]:
        """The version, where the link leads to another."""
        return [] if self.machine.leads_to(CURRENT) == self.version else [self.version]

    def do(self) -> None:
        """Keep where it led as `previous`, and turn it; older versions go."""
        before = self.machine.leads_to(CURRENT)
        if before:
            self.machine.link(f"{HOME}/previous", before)
        self.machine.link(CURRENT, self.version)
        kept = {before, self.version}
        for folder in self.machine.at(HOME).iterdir():
            if folder.is_dir() and not folder.is_symlink() and folder.name not in kept:
                self.machine.remove(f"{HOME}/{folder.name}")
