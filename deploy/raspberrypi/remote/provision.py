"""`make provision`: a Raspberry Pi OS that runs becomes a kiosk, by the installer of the card."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.raspberrypi.cards.steps import kiosk_cmdline, kiosk_config
from deploy.raspberrypi.installing.carrying import open_bundle
from deploy.raspberrypi.installing.finishing import CERTIFICATE, INSTALLED
from deploy.raspberrypi.installing.layout import COMPLETE, CURRENT, HOME, version_folder
from deploy.raspberrypi.remote.ssh import CUT, Progress, Remote, come_in, is_there, put
from shared.bundles import INSTALLER, Manifest
from shared.errors import DeviceError

BOOT: Final = "/boot/firmware"
FOLDER: Final = f"{BOOT}/semblante"
SETTINGS: Final = f"{BOOT}/semblante.toml"
BUNDLE: Final = f"{FOLDER}/semblante-kiosk.tar"
_PROGRAM: Final = f"{CURRENT}/venv/bin/semblante-kiosk"
_INSTALL: Final = ("python3", f"{FOLDER}/{INSTALLER}")

_LOCK: Final = "/run/lock/semblante-install"
_ONE: Final = ("flock", "--wait=1800", _LOCK)
"""An installer whose line was cut goes on alone for a while: two of them would undo each other."""

_FIRMWARE: Final = {"config.txt": kiosk_config, "cmdline.txt": kiosk_cmdline}
"""What the firmware and the kernel are told, as on a card."""

_OTHERS_FIRST_BOOT: Final = "/etc/cloud/cloud-init.disabled"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What came of one machine, or (`checked`) what would be done."""

    name: str
    changes: int
    fault: str = ""
    hint: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Provision:
    """One bundle and, unless it is a kiosk already, one settings file for one machine."""

    remote: Remote
    bundle: Path
    settings: Callable[[], str]
    say: Say
    progress: Progress = lambda _at, _of: None

    def run(self, checking: bool = False) -> Provisioned:
        """Do what is missing; raises DeviceError. What was done stands, and twice is as once."""
        come_in(self.remote)
        manifest = open_bundle(self.bundle).manifest
        self._check(manifest)
        if checking:
            lacks = self._lacks(manifest)
            for one in lacks:
                self.say(f"~ {one}")
            return Provisioned(self.remote.name, len(lacks), checked=True)
        # The hub is asked before the work: a name that it does not know is told at once.
        settings = "" if self._has(CERTIFICATE) else self.settings()
        changes = self._carry() + self._install() + self._tell_firmware()
        return Provisioned(self.remote.name, changes + self._join(settings) + self._finish())

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

    def _has(self, place: str) -> bool:
        return self.remote.run("test", "-e", place).code == 0

    def _lacks(self, manifest: Manifest) -> Sequence[str]:
        """What would be done, by name; the installer there is asked, where it is there already."""
        with self._carried() as files:
            lacks = [source.name for source, to in files if not is_there(self.remote, source, to)]
        if not lacks:
            said: list[str] = []
            self.remote.follow(said.append, *_INSTALL, BUNDLE, "--check")
            lacks = [line.partition("~ ")[2] for line in said if line.split()[1:2] == ["~"]]
        elif not self._has(f"{version_folder(manifest.version)}/{COMPLETE}"):
            lacks.append(f"the program, version {manifest.version}")
        lacks += [f"the firmware's {name}" for name, _ in self._firmware()]
        lacks += ["cloud-init, which would rest"] if self._is_begun_by_others() else []
        marks = ((CERTIFICATE, "it joins its hub"), (INSTALLED, "first boot is over"))
        return [*lacks, *(what for mark, what in marks if not self._has(mark))]

    @contextmanager
    def _carried(self) -> Iterator[Sequence[tuple[Path, str]]]:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / INSTALLER
            program.write_bytes(open_bundle(self.bundle).raw(INSTALLER))
            yield ((program, f"{FOLDER}/{INSTALLER}"), (self.bundle, BUNDLE))

    def _carry(self) -> int:
        changes = 0
        with self._carried() as files:
            for source, to in files:
                done = put(self.remote, source, to, self.progress)
                self.say(f"{'+' if done else '✓'} {source.name} is there")
                changes += done
        return changes

    def _install(self) -> int:
        if self.remote.run("flock", "--nonblock", _LOCK, "true").code:
            self.say("… an installer from before still works there; it is waited for")
        heard = self._followed(*_ONE, *_INSTALL, BUNDLE)
        return sum(line.split()[1:2] == ["+"] for line in heard)

    def _followed(self, *words: str) -> Sequence[str]:
        heard: list[str] = []

        def hear(line: str) -> None:
            heard.append(line)
            self.say(line)

        if self.remote.follow(hear, *words):
            raise DeviceError(f"{self.remote.name}: {_fault(heard)}", hint=_hint(heard))
        return heard

    def _firmware(self) -> Iterator[tuple[str, bytes]]:
        """The files on the boot partition that are not as on a card, as they should be."""
        for name, as_on_a_card in _FIRMWARE.items():
            found = self.remote.run("cat", f"{BOOT}/{name}")
            if found.code == 0 and found.out.strip():
                wanted = as_on_a_card(found.out)
                if wanted != found.out:
                    yield name, wanted.encode()

    def _tell_firmware(self) -> int:
        changes = 0
        for name, wanted in self._firmware():
            self._write(wanted, f"{BOOT}/{name}")
            self.say(f"+ {name}, as on a card")
            changes += 1
        if self._is_begun_by_others():
            self.remote.run("touch", _OTHERS_FIRST_BOOT)
            self.say("+ cloud-init rests from now on")
            changes += 1
        return changes

    def _is_begun_by_others(self) -> bool:
        return self._has("/etc/cloud") and not self._has(_OTHERS_FIRST_BOOT)

    def _write(self, contents: bytes, to: str) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / to.rpartition("/")[2]
            file.write_bytes(contents)
            put(self.remote, file, to)

    def _join(self, settings: str) -> int:
        """The settings file goes there only where there is no identity: a code is used once."""
        if not settings:
            self.say("✓ has joined its hub")
            return 0
        self._write(settings.encode(), SETTINGS)
        words = ("first-boot", "--settings", SETTINGS, "--data", HOME)
        ended = self.remote.run(_PROGRAM, *words, seconds=120)
        if ended.code or not self._has(CERTIFICATE):
            said = (ended.out.strip() or ended.err.strip()).splitlines()
            raise DeviceError(
                f"{self.remote.name} could not join: {_fault(said)}", hint=_hint(said), code="join"
            )
        self.say("+ has joined its hub")
        return 1

    def _finish(self) -> int:
        """The end of a first boot: read-only where it can be, and begun anew once."""
        if self._has(INSTALLED):
            return 0
        self._followed(*_ONE, *_INSTALL, "--finish")
        self.say("+ it starts anew now, and is a kiosk")
        return 1


def _fault(said: Sequence[str]) -> str:
    """What a program over there said was wrong, in one line."""
    faults = [line.strip("✗ ") for line in said if line.startswith("✗")]
    return "; ".join(faults) or (said[-1].strip() if said else CUT)


def _hint(said: Sequence[str]) -> str | None:
    hints = [line.strip(" →") for line in said if line.strip().startswith("→")]
    return hints[-1] if hints else "Mend it and run the same command again: it goes on from here."
