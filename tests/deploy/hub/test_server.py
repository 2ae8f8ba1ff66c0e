"""Bare Debian becomes a hub, by the code of `make hub`, on a root file system of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from deploy.hub.packages import wanted
from deploy.hub.program import Source
from deploy.hub.wishes import wishes
from tests.deploy.hub import roots

NAME = "hub.example.org"
WORDS = ("--name", NAME, "--database", "postgresql")


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
        self._checkout = folder / "checkout"
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

    def seen(self, web: str) -> dict[str, Any]:
        """What a visitor sees once its services run."""
        alone = ("unshare", "--net", "--mount", "--pid", "--fork", "--kill-child")
        done = subprocess.run(
            [*alone, sys.executable, "-m", "tests.deploy.hub.inside", str(self.root), NAME, web],
            cwd=roots.ROOT, stdout=subprocess.PIPE, text=True, check=True, timeout=100,
        )  # fmt: skip
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


@pytest.mark.journey
@pytest.mark.timeout(900)
def test_bare_debian_becomes_a_hub_that_answers_over_tls(tmp_path: Path) -> None:
    server = Server(tmp_path)

    looked = server.make("--check")
    assert looked.code == 3, looked.text
    assert not (server.root / "etc/semblante").exists()

    began = time.monotonic()
    server.make_until("… the program", "opt/semblante/*/bin/pip")
    done = server.make()
    took = time.monotonic() - began
    assert done.code == 0, done.text
    assert "✓ Debian's packages" in done.text  # it went on where it stopped
    assert took < 600

    again = server.make()
    assert (again.code, " steps, 0 changes" in again.summary) == (0, True), again.text
    assert server.make("--check").code == 0

    _is_a_hub(server.seen("nginx"))


def _is_a_hub(seen: dict[str, Any]) -> None:
    assert seen["away"] == 503  # before the hub runs somebody says that it is away
    assert seen["health"]["well"]
    assert seen["health"]["broker"]
    status, headers = seen["signin"]
    assert status == 200
    assert headers["strict-transport-security"] == "max-age=31536000"  # once, not twice
    assert headers["x-frame-options"] == "DENY"
    assert "__Host-" in headers["set-cookie"]
    assert seen["redirect"] == [308, f"https://{NAME}/sign-in"]
    assert seen["kiosk"], "who joined is not let in with its certificate"
    assert not seen["stranger"]
    assert "under no other" in seen["broker"]
    assert seen["stream"].startswith("retry: ")  # at once, and not when a buffer is full
    assert seen["backups"] == [".backup", ".gz"]
    assert seen["alive"] == [None] * 3
