"""A server that was made of a bare root by the code of `make hub`: once for all who need one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import pytest

from deploy.hub.packages import wanted
from deploy.hub.program import Source
from deploy.hub.wishes import wishes
from tests.deploy.hub import roots
from tests.deploy.hub.booting import Booted
from tests.parts.namespaces import unshare

NAME: Final = "hub.example.org"
WORDS: Final = ("--name", NAME, "--database", "postgresql")


@dataclass(frozen=True, slots=True)
class Said:
    """How a run of `make hub` ended, and its lines."""

    code: int
    text: str

    @property
    def summary(self) -> str:
        """The last line."""
        return self.text.splitlines()[-1]


class Server:
    """A bare root, and the checkout from which it is made a hub."""

    def __init__(self, folder: Path) -> None:
        packages = wanted(wishes(name=NAME, database="postgresql"))
        self.root = roots.unpack(folder / "root", packages)
        self._checkout = self.root / "srv" / "semblante"
        Source(roots.ROOT).copy(self._checkout)  # the real one may change while this runs
        subprocess.run(["cp", "-r", roots.ROOT / "deploy", self._checkout], check=True, timeout=20)

    def make(self, *words: str) -> Said:
        """The command, to its end."""
        with self._started(*words) as child:
            text, _ = child.communicate(timeout=400)
        return Said(child.returncode, text)

    def make_until(self, line: str, place: str) -> None:
        """The command, until it says this and this place is there: then its plug is pulled."""
        with self._started() as child:
            assert child.stdout is not None
            _read_until(child.stdout, line)
            deadline = time.monotonic() + 60
            while not list(self.root.glob(place)) and time.monotonic() < deadline:
                time.sleep(0.02)
            child.kill()

    def seen(self, machine: Booted, *secrets: str) -> dict[str, Any]:
        """What a visitor sees, while this machine runs."""
        near = ("nsenter", f"--target={machine.first}", "--net", "--", *unshare())
        visit = (sys.executable, "-m", "tests.deploy.hub.visiting", str(self.root), NAME, *secrets)
        done = subprocess.run(
            [*near, *visit],
            cwd=roots.ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            timeout=60,
        )
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return found

    def _started(self, *words: str) -> subprocess.Popen[str]:
        hub = (sys.executable, "-m", "deploy.hub", "--root", str(self.root), *WORDS)
        return subprocess.Popen(
            [*roots.seeing_itself(self.root), *hub, "--wheels", str(roots.wheels()), *words],
            cwd=self._checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip


def _read_until(lines: IO[str], line: str) -> None:
    for said in lines:
        if line in said:
            return
    raise AssertionError(f"it never said “{line}”")


@dataclass(frozen=True, slots=True)
class Made:
    """A server that was looked at, begun, interrupted, finished, and made once more."""

    server: Server
    looked: Said
    touched: bool  # by whoever only looked
    done: Said
    seconds: float
    again: Said
    looked_again: Said


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """All that is asked of `make hub` while no service runs; tests/deploy/hub judges it."""
    server = Server(tmp_path_factory.mktemp("server"))
    looked = server.make("--check")
    touched = (server.root / "etc/semblante").exists()
    began = time.monotonic()
    server.make_until("… the program", "opt/semblante/*/bin/pip")
    done = server.make()
    seconds = time.monotonic() - began
    return Made(server, looked, touched, done, seconds, server.make(), server.make("--check"))
