"""A root for arm64 whose units are run one by one: systemd itself does not run under emulation."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.parts.namespaces import unshare
from tests.pi.roots import BYTECODE

UNITS: Final = "etc/systemd/system"
INBOX: Final = "data/semblante/inbox"

_MEANWHILE: Final = 0.5
_LONGEST: Final = 300  # under emulation, on a machine that has other things to do
_POST: Final = """
import http.client, sys
port, path, body, token = sys.argv[1:]
try:
    line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    line.request("POST", path, body, {"Authorization": f"Bearer {token}"})
    sys.exit(line.getresponse().status >= 300)
except OSError:
    sys.exit(1)
"""


class Device:
    """What stands beside the till: its disk, and what runs of it."""

    def __init__(self, root: Path, near: Sequence[str] = ()) -> None:
        """`near`: words before each command, by which it sees the network of its store."""
        self.root, self._near = root, tuple(near)
        self.said: list[str] = []
        self._kiosk: subprocess.Popen[bytes] | None = None

    def put(self, path: str, raw: bytes) -> None:
        """A file of its disk."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(raw)

    def read(self, path: str) -> str:
        """What a file of its disk says; empty where there is none."""
        file = self.root / path
        return file.read_text(errors="replace") if file.exists() else ""

    @property
    def version(self) -> str:
        """Which version of the program is current."""
        return (self.root / "data/semblante/current").readlink().name

    @property
    def runs(self) -> str:
        """Which version was started last, as it said itself; empty before any was."""
        said = re.findall(r" started .* version=(\S+)", self.read("tmp/kiosk.log"))
        return said[-1] if said else ""

    def unit(self, name: str, *more: str, only: str = "") -> int:
        """Run a oneshot to its end; the exit code of the first line that failed.

        `more` are further words of each line; with `only` just the lines with that word are run.
        """
        code = 0
        for line in self._lines(name, "ExecStart"):
            if only in line:
                code = code or self._run(name, f"{line} {' '.join(more)}")
        for line in self._lines(name, "ExecStopPost"):
            self._run(name, line)
        return code

    def posts(self, path: str, body: str, token: str, port: int) -> bool:
        """Say something at the drills' door of the kiosk; whether it was taken."""
        words = (sys.executable, "-c", _POST, str(port), path, body, token)
        return subprocess.run([*self._near, *words], check=False, timeout=20).returncode == 0

    def _run(self, unit: str, line: str) -> int:
        done = subprocess.run(
            self._command(unit, line), check=False, timeout=_LONGEST,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.said += [f"{unit}: {said}" for said in done.stdout.splitlines()]
        return done.returncode

    def start(self) -> None:
        """Start the kiosk as its unit does: first whoever judges a version on trial."""
        name = "semblante-kiosk.service"
        for line in self._lines(name, "ExecStartPre"):
            self._run(name, line)
        (line,) = self._lines(name, "ExecStart")
        with (self.root / "tmp/kiosk.log").open("ab") as log:
            self._kiosk = subprocess.Popen(self._command(name, line), stdout=log, stderr=log)

    def stop(self) -> None:
        """Pull its plug: whatever runs in its namespace ends with it."""
        if self._kiosk is not None:
            self._kiosk.kill()
            self._kiosk.wait(30)
            self._kiosk = None

    def tend(self) -> None:
        """What systemd does meanwhile: units by path, and the kiosk anew where it has ended."""
        if any((self.root / INBOX / f"{name}.json").exists() for name in _UPDATES):
            self.unit("semblante-update.service")
        if self._kiosk is not None and self._kiosk.poll() is not None:
            self.said.append(f"the kiosk ended with {self._kiosk.returncode}")
            self.start()
        time.sleep(_MEANWHILE)

    def _command(self, unit: str, line: str) -> list[str]:
        """In a /proc of its own, as the user of its unit; “+” before a line is root."""
        flags = re.match("[-+]*", line)
        words = line[flags.end() :] if flags else line
        user = self._lines(unit, "User")
        if user and not (flags and "+" in flags[0]):
            groups = " ".join(self._lines(unit, "SupplementaryGroups")).split()
            user_words = f"--reuid {user[0]} --regid {user[0]} {_groups(user[0], groups)}"
            # Who changes the user is no longer told that its parent ended, unless it says so.
            words = f"setpriv --pdeathsig KILL {user_words} {words}"
        elif not (flags and "+" in flags[0]):
            words = f"{self._rights(unit)} {words}"
        env = " ".join([*self._lines(unit, "Environment"), f"PYTHONPYCACHEPREFIX={BYTECODE}"])
        mount = 'mount -t proc proc "$0/proc" && exec chroot "$0" sh -c "$1"'
        alone = unshare("--uts", "--pid", "--fork", "--kill-child")
        shell = f"umask {(self._lines(unit, 'UMask') or ['0022'])[0]}; cd /; exec env {env} {words}"
        told = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8")
        return [*self._near, *alone, *told, "sh", "-c", mount, str(self.root), shell]

    def _rights(self, unit: str) -> str:
        """The word before a line of root's by which it has no more rights than its unit says."""
        kept = self._lines(unit, "CapabilityBoundingSet")
        if not kept:
            return ""
        names = [f"+{name.removeprefix('CAP_').lower()}" for name in " ".join(kept).split()]
        return f"setpriv --bounding-set {','.join(['-all', *names])}"

    def _lines(self, unit: str, key: str) -> list[str]:
        text = (self.root / UNITS / unit).read_text()
        return re.findall(rf"^{key}=(.*)$", text, re.MULTILINE)


_UPDATES: Final = ("update", "proof", "roll_back")


def _groups(user: str, more: list[str]) -> str:
    numbers = (f",$(getent group {one} | cut -d: -f3)" for one in more)
    return f"--groups $(id -g {user}){''.join(numbers)}"
