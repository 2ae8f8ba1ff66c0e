"""A machine reached over SSH: programs run on it, files are put onto it, nothing is asked."""

from __future__ import annotations

import hashlib
import shlex
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from shared.errors import DeviceError

UNREACHABLE: Final = 255
"""What ssh itself ends with, where the machine was not reached."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a program said, and how it ended."""

    code: int
    out: str
    err: str = ""

    @property
    def last(self) -> str:
        """Its last line: mostly the reason."""
        lines = (self.err.strip() or self.out.strip()).splitlines()
        return lines[-1] if lines else f"ended with {self.code}"


class Remote(Protocol):
    """What is asked of a machine elsewhere."""

    @property
    def name(self) -> str: ...
    def run(self, *words: str, said: bytes = b"", seconds: float = 60) -> Said:
        """Run a program as root; raises DeviceError where the machine is not reached."""

    def follow(self, say: Callable[[str], None], *words: str) -> int:
        """Run a program as root and tell each of its lines as it comes."""


@dataclass(frozen=True, slots=True)
class Ssh:
    """By the technician's own ssh and agent; a new host is learnt, a changed one is not."""

    host: str
    options: Sequence[str] = ()

    @property
    def name(self) -> str:
        """As it was given."""
        return self.host

    def run(self, *words: str, said: bytes = b"", seconds: float = 60) -> Said:
        """Run a program as root; raises DeviceError where the machine is not reached."""
        try:
            done = subprocess.run(  # noqa: S603 - quoted word by word
                self._command(words), input=said, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired as fault:
            raise self._silent(f"no answer for {seconds:.0f} s") from fault
        except OSError as fault:
            raise DeviceError("ssh is not installed", hint="apt install openssh-client") from fault
        answer = Said(
            done.returncode, *(one.decode(errors="replace") for one in (done.stdout, done.stderr))
        )
        if answer.code == UNREACHABLE:
            raise self._silent(answer.last)
        return answer

    def follow(self, say: Callable[[str], None], *words: str) -> int:
        """Run a program as root and tell each of its lines as it comes."""
        with subprocess.Popen(  # noqa: S603 - quoted word by word
            self._command(words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running:
            for line in running.stdout or ():
                say(line.rstrip())
        if running.returncode == UNREACHABLE:
            raise self._silent("the line was cut")
        return running.returncode

    def _command(self, words: Sequence[str]) -> list[str]:
        """One shell line over there; sudo where the user is not root, and never with a question."""
        line = shlex.join(words)
        rooted = f'if [ "$(id -u)" = 0 ]; then {line}; else sudo -n {line}; fi'
        return [
            "ssh", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10",
            "-o", "StrictHostKeyChecking=accept-new", "-o", "ServerAliveInterval=15",
            *self.options, "--", self.host, rooted,
        ]  # fmt: skip

    def _silent(self, why: str) -> DeviceError:
        return DeviceError(
            f"{self.host} is not reached: {why}",
            hint=f"Try “ssh {self.host}” by hand: it must come in by key, without a question.",
            code="unreachable",
        )


def put(remote: Remote, source: Path, to: str) -> bool:
    """Put a file there unless it is there already; whole, or under its own name not at all."""
    wanted = hashlib.sha256(source.read_bytes()).hexdigest()
    found = remote.run("sha256sum", to)
    if found.code == 0 and found.out.split()[0] == wanted:
        return False
    folder, fresh = to.rpartition("/")[0], f"{to}.partial"
    remote.run("mkdir", "-p", folder)
    kept = remote.run("tee", fresh, said=source.read_bytes(), seconds=900)
    if kept.code:
        raise DeviceError(f"{remote.name}: {to} cannot be written ({kept.last})", code="put")
    found = remote.run("sha256sum", fresh, seconds=120)
    if found.out.split()[:1] != [wanted]:
        raise DeviceError(f"{remote.name}: {source.name} did not arrive whole", code="put")
    remote.run("mv", fresh, to)
    return True
