"""Bare Debian becomes a hub, by the code of `make hub`, on a root file system of its own."""

from __future__ import annotations

import json

import pytest

from tests.deploy.hub.booting import Booted, booted
from tests.deploy.hub.making import NAME, WORDS, Made, Server


@pytest.mark.journey
@pytest.mark.timeout(900)
def test_bare_debian_becomes_a_hub_that_answers_over_tls(made: Made) -> None:
    assert made.looked.code == 3, made.looked.text
    assert not made.touched
    assert made.done.code == 0, made.done.text
    assert "✓ Debian's packages" in made.done.text  # it went on where it stopped
    assert made.seconds < 600
    again = made.again
    assert (again.code, " steps, 0 changes" in again.summary) == (0, True), again.text
    assert made.looked_again.code == 0

    with booted(made.server.root) as machine:
        _runs(machine)
        _is_a_hub(made.server, machine)


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
