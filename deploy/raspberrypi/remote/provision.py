"""`make provision`: a Raspberry Pi OS that runs becomes a kiosk, by the installer of the card."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.raspberrypi.installing.carrying import open_bundle
from deploy.raspberrypi.remote.ssh import Remote, put
from shared.bundles import INSTALLER, Manifest
from shared.errors import DeviceError

FOLDER: Final = "/boot/firmware/semblante"
SETTINGS: Final = "/boot/firmware/semblante.toml"
_PROGRAM: Final = "/data/semblante/current/venv/bin/semblante-kiosk"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What came of one machine."""

    name: str
    changes: int
    fault: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Provision:
    """One bundle and, unless it is a kiosk already, one settings file for one machine."""

    remote: Remote
    bundle: Path
    settings: Callable[[], str]
    say: Say

    def run(self, checking: bool = False) -> Provisioned:
        """Do what is missing; raises DeviceError. What was done stands, and twice is as once."""
        manifest = open_bundle(self.bundle).manifest
        self._check(manifest)
        if checking:
            return Provisioned(self.remote.name, self._missing(manifest))
        changes = self._carry() + self._install()
        return Provisioned(self.remote.name, changes + self._join())

    def _check(self, manifest: Manifest) -> None:
        """The machine is one for which the bundle was made; told before a byte is sent."""
        asked = "import platform as p; print(p.machine(), '.'.join(p.python_version_tuple()[:2]))"
        found = self.remote.run("python3", "-c", asked)
        if found.code or found.out.split() != [manifest.arch, manifest.python]:
            what = " and Python ".join(found.out.split()) if not found.code else found.last
            raise DeviceError(
                f"{self.remote.name} has {what}; "
                f"the bundle is for {manifest.arch} and Python {manifest.python}",
                hint="Use Raspberry Pi OS (64-bit) of Debian 13 “Trixie”.",
                code="machine",
            )

    def _missing(self, manifest: Manifest) -> int:
        """How many of the three halves are not there: the program, and the identity."""
        complete = f"/data/semblante/versions/{manifest.version}/.complete"
        places = (complete, "/data/semblante/identity/certificate.pem")
        return sum(self.remote.run("test", "-e", place).code != 0 for place in places)

    def _carry(self) -> int:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / INSTALLER
            program.write_bytes(open_bundle(self.bundle).raw(INSTALLER))
            carried = [put(self.remote, program, f"{FOLDER}/{INSTALLER}")]
        carried.append(put(self.remote, self.bundle, f"{FOLDER}/semblante-kiosk.tar"))
        return sum(carried)

    def _install(self) -> int:
        heard: list[str] = []

        def hear(line: str) -> None:
            heard.append(line)
            self.say(line)

        words = ("python3", f"{FOLDER}/{INSTALLER}", f"{FOLDER}/semblante-kiosk.tar")
        if self.remote.follow(hear, *words):
            hint = heard[-1].strip(" →") if heard and "→" in heard[-1] else ""
            what = next((line for line in heard if line.startswith("✗")), "the installer failed")
            raise DeviceError(f"{self.remote.name}: {what.strip('✗ ')}", hint=hint or None)
        return sum(line.split()[1:2] == ["+"] for line in heard)

    def _join(self) -> int:
        """The settings file goes there only where there is no identity: a code is used once."""
        if self.remote.run("test", "-e", "/data/semblante/identity/certificate.pem").code == 0:
            self.say("✓ has joined its hub")
            return 0
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "semblante.toml"
            file.write_text(self.settings())
            put(self.remote, file, SETTINGS)
        words = ("first-boot", "--settings", SETTINGS, "--data", "/data/semblante")
        ended = self.remote.run(_PROGRAM, *words, seconds=120)
        joined = self.remote.run("test", "-e", "/data/semblante/identity/certificate.pem")
        if ended.code or joined.code:
            raise DeviceError(
                f"{self.remote.name} could not join: {ended.last}",
                hint="Mend it and run the same command again: it goes on from here.",
                code="join",
            )
        self.remote.run("systemctl", "--no-block", "restart", "semblante-kiosk.service")
        self.say("+ has joined its hub")
        return 1
