"""Every unit that a kiosk gets is closed as far as it can be, and waits for nothing it need not."""

from __future__ import annotations

import configparser
import subprocess
from pathlib import Path

import pytest

from deploy.raspberrypi.installing.services import ENABLED

UNITS = Path(__file__).parents[3] / "deploy/raspberrypi/units"
SERVICES = sorted(UNITS.glob("*.service"))


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_is_exposed_to_two_of_ten_at_most(unit: Path) -> None:
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-300:]


def test_the_kiosk_waits_for_neither_network_nor_time() -> None:
    text = (UNITS / "semblante-kiosk.service").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert not any("network" in line or "time-sync" in line for line in lines)
    for line in ("Type=notify", "WatchdogSec=20", "Restart=always", "StartLimitIntervalSec=0"):
        assert line in lines


def test_what_is_enabled_is_there_and_says_where_it_belongs() -> None:
    for name in ENABLED:
        assert "[Install]" in (UNITS / name).read_text()


@pytest.mark.parametrize("unit", sorted(UNITS.iterdir()), ids=lambda unit: unit.name)
def test_a_timer_or_path_has_the_service_that_it_starts(unit: Path) -> None:
    assert unit.with_suffix(".service").exists()


def test_no_system_file_is_hidden_from_the_manifest() -> None:
    """The manifest names no path with a part that begins with a dot."""
    system = UNITS.with_name("system")
    assert not [path for path in system.rglob("*") if path.name.startswith(".")]
    for path in system.rglob("*.conf"):
        if "systemd" in path.parts:
            configparser.ConfigParser(strict=False).read_string(path.read_text())
