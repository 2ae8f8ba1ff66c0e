"""A machine reached over SSH: programs run on it, files are put onto it, nothing is asked."""

from __future__ import annotations

import hashlib
import re
import shlex
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from shared.errors import DeviceError

UNREACHABLE: Final = 255
"""What ssh itself ends with, where the machine was not reached."""

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are there."""

_PIECE: Final = 4 << 20
"""Bytes: a slow line takes one in a minute, and no more than that is sent again if it is cut."""

CUT: Final = "the line was cut"
_OWN_WORDS: Final = re.compile(r"ssh: |Host key |Connection |client_loop|.*Permission denied \(")
"""How ssh itself begins to speak; all else was said over there."""

_HINTS: Final = {
    CUT: "Run the same again: it goes on from here.",
    "Permission denied": "It must let you in by key: “ssh-copy-id {host}” lays yours there.",
    "Host key verification failed": "Another machine answers, or its card is new: “ssh-keygen -R "
    "{name}” forgets the one before.",
    "Could not resolve": "No machine is called so here: mend the name, or say its address.",
    "Connection refused": "It is there, and does not listen: is SSH switched on (raspi-config)?",
}
"""By what ssh says; of anything else: try it by hand."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a program said, and how it ended."""

    code: int
    out: str = ""
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
        if answer.code == UNREACHABLE or answer.code < 0:
            raise self._silent(answer.last if answer.code > 0 else CUT)
        return answer

    def follow(self, say: Callable[[str], None], *words: str) -> int:
        """Run a program as root and tell each of its lines as it comes."""
        last = ""
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
                last = line.strip() or last
        if running.returncode == UNREACHABLE or running.returncode < 0:
            raise self._silent(last if _OWN_WORDS.match(last) else CUT)
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
        name = self.host.removeprefix("ssh://").rpartition("@")[2]
        told = (hint for word, hint in _HINTS.items() if word in why)
        by_hand = "Try “ssh {host}” by hand: it must come in by key, without a question."
        return DeviceError(
            f"{self.host} is not reached: {why}",
            hint=next(told, by_hand).format(host=self.host, name=name),
            code="unreachable",
        )


def come_in(remote: Remote) -> None:
    """Raises DeviceError unless programs run there, and as root."""
    said = remote.run("id", "-u")
    if said.code or said.out.split() != ["0"]:
        raise DeviceError(
            f"{remote.name} lets nobody work as root ({said.last})",
            hint="Come in as root, or as a user for whom sudo asks no password "
            "(“pi ALL=(ALL) NOPASSWD: ALL” in /etc/sudoers.d/).",
            code="sudo",
        )


def is_there(remote: Remote, source: Path, to: str) -> bool:
    """Whether this very file lies there."""
    return _sum(remote, to) == hashlib.sha256(source.read_bytes()).hexdigest()


def put(remote: Remote, source: Path, to: str, told: Progress = lambda _at, _of: None) -> bool:
    """Put a file there unless it is there already; whole, or under its own name not at all. What
    arrived of it before the line was cut is not sent again.
    """
    if is_there(remote, source, to):
        return False
    fresh, size = f"{to}.partial", source.stat().st_size
    remote.run("mkdir", "-p", to.rpartition("/")[0])
    at = _arrived(remote, source, fresh)
    with source.open("rb") as reading:
        reading.seek(at)
        for piece in iter(lambda: reading.read(_PIECE), b""):
            _append(remote, piece, fresh)
            at += len(piece)
            told(at, size)
    if not is_there(remote, source, fresh):
        remote.run("rm", "-f", fresh)
        raise DeviceError(f"{remote.name}: {source.name} did not arrive whole", code="put")
    remote.run("mv", fresh, to)
    return True


def _append(remote: Remote, piece: bytes, to: str) -> None:
    kept = remote.run(
        "dd", f"of={to}", "oflag=append", "conv=notrunc", "status=none", said=piece, seconds=900
    )
    if kept.code:
        hint = next((hint for why, hint in _FULL.items() if why in kept.err), None)
        raise DeviceError(
            f"{remote.name}: {to} cannot be written ({kept.last})", hint=hint, code="put"
        )


_FULL: Final = {
    "No space left": "Make room there (“df -h”), and run the same again: it goes on from here.",
    "Read-only file system": "It is a kiosk whose system is only read: another version comes by "
    "“make update”, other settings by a new card (“make card”).",
}


def _arrived(remote: Remote, source: Path, to: str) -> int:
    """How much of the file lies there from a try that was cut short; what is no part of it goes."""
    there = remote.run("stat", "--format=%s", to)
    size = int(there.out) if there.code == 0 and there.out.strip().isdigit() else 0
    with source.open("rb") as reading:
        begins = hashlib.sha256(reading.read(size)).hexdigest()
    if 0 < size <= source.stat().st_size and _sum(remote, to) == begins:
        return size
    remote.run("rm", "-f", to)
    return 0


def _sum(remote: Remote, path: str) -> str:
    found = remote.run("sha256sum", path, seconds=120)
    return found.out.split()[0].lstrip("\\") if found.code == 0 and found.out else ""
