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
from tests.deploy.hub.booting import Booted, booted
from tests.parts.namespaces import unshare

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

    with booted(server.root) as machine:
        _runs(machine)
        _is_a_hub(server, machine)


def _runs(machine: Booted) -> None:
    """Under its own systemd, with all that the units forbid; and still there is nothing to do."""
    inside = f"cd /srv/semblante && python3 -m deploy.hub {' '.join(WORDS)}"
    done = machine.run("sh", "-c", inside)
    assert f"https://{NAME} answers" in done.stdout, done.stdout
    assert " steps, 0 changes" in done.stdout
    ours = ("semblante-*", "nginx*", "postgresql*")  # a module of the kernel is none of this test
    assert machine.run("systemctl", "list-units", "--failed", "--no-legend", *ours).stdout == ""
    for service in ("semblante-backup.service", "semblante-web-certificate.service"):
        assert machine.run("systemctl", "start", service).returncode == 0, service
    backups = machine.run("ls", "/var/backups/semblante").stdout.split()
    assert sorted(name.rpartition(".")[2] for name in backups) == ["backup", "gz"]


def _is_a_hub(server: Server, machine: Booted) -> None:
    machine.run("systemctl", "stop", "semblante-hub.service")
    status, said = server.seen(machine)["health"]
    assert (status, "nothing is lost" in said) == (503, True)
    machine.run("systemctl", "start", "semblante-hub.service")
    _answers_again(machine)
    seen = server.seen(machine, *_secrets(machine))
    status, headers = seen["signin"]
    assert status == 200
    assert headers["strict-transport-security"] == "max-age=31536000"  # once, not twice
    assert headers["x-frame-options"] == "DENY"
    assert "__Host-" in headers["set-cookie"]
    assert seen["redirect"] == [308, f"https://{NAME}/sign-in"]
    assert seen["kiosk"], "who joined is not let in with its certificate"
    assert not seen["stranger"]
    assert seen["stream"].startswith("retry: ")  # at once, and not when a buffer is full
    assert "under no other" in machine.run("semblante-hub", "broker", "test").stdout


def _answers_again(machine: Booted) -> None:
    inside = f"cd /srv/semblante && python3 -m deploy.hub {' '.join(WORDS)}"
    assert "answers" in machine.run("sh", "-c", inside).stdout


def _secrets(machine: Booted) -> tuple[str, str]:
    """A join code for a new point, and the password of a new user."""
    zone = ("--name", "Centro", "--zone", "Europe/Madrid")
    machine.run("semblante-hub", "store", "add", "centro", *zone)
    machine.run("semblante-hub", "point", "add", "centro", "caja-1", "--name", "Caja 1")
    told = machine.run("semblante-hub", "join", "new", "centro", "caja-1", "k-1", "--json").stdout
    code = next(json.loads(line)["code"] for line in told.splitlines() if line.startswith("{"))
    user = ("user", "add", "ana", "--role", "administrator", "--generate")
    return code, machine.run("semblante-hub", *user).stdout.partition("Password: ")[2].strip()
