"""Debian's packages: which are missing, read from dpkg's own list."""

from __future__ import annotations

from pathlib import Path

from deploy.plans.packages import Packages
from tests.deploy.hub.recorded import Recorded, recorded

STATUS = """Package: nginx
Status: install ok installed
Version: 1

Package: mosquitto
Status: deinstall ok config-files
Version: 2

Package: systemd
Status: install ok half-configured

"""


def server(root: Path) -> Recorded:
    machine = recorded(root)
    machine.at("/var/lib/dpkg").mkdir(parents=True)
    machine.at("/var/lib/dpkg/status").write_text(STATUS)
    return machine


def test_what_is_not_wholly_installed_is_missing(tmp_path: Path) -> None:
    step = Packages(server(tmp_path), ["nginx", "mosquitto", "systemd", "caddy"])
    assert step.lacks() == ["mosquitto", "systemd", "caddy"]


def test_apt_is_asked_for_what_is_missing_and_what_lies_half_done_is_ended_first(
    tmp_path: Path,
) -> None:
    machine = server(tmp_path)
    Packages(machine, ["nginx", "caddy"]).do()
    configure, update, install = machine.commands
    assert configure == "dpkg --configure -a"
    assert update.endswith("update")
    assert install.endswith("--yes --no-install-recommends install caddy")
    assert "Lock::Timeout" in install  # a new server updates itself in its first minutes
