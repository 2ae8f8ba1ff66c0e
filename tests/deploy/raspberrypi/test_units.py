"""Every unit that a kiosk gets is closed as far as it can be, and waits for nothing it need not."""

from __future__ import annotations

import configparser
import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from deploy.raspberrypi.installing.services import ENABLED
from kiosk.adapters.first_boot_report import Report, Stage

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


def wishes_to_read(root: Path) -> bool:
    """Whether the unit of first boot would read the settings file, on a machine of that root."""
    text = (UNITS / "semblante-firstboot.service").read_text()
    (line,) = re.findall(r"^ExecCondition=/bin/sh -c '(.*)'$", text, re.MULTILINE)
    there = line.replace("$$", "$").replace("/data/", f"{root}/data/")
    there = there.replace("/boot/", f"{root}/boot/")
    return subprocess.run(["/bin/sh", "-c", there], timeout=30, check=False).returncode == 0


def test_the_settings_file_is_read_until_it_joined_and_again_when_it_has_changed(
    tmp_path: Path,
) -> None:
    data, card = tmp_path / "data/semblante", tmp_path / "boot/firmware/semblante.toml"
    for folder in (data, card.parent):
        folder.mkdir(parents=True)
    assert wishes_to_read(tmp_path), "a new card"
    card.write_text("stor = 1")
    report = Report(Stage.STUCK, card.name, hashlib.sha256(card.read_bytes()).hexdigest())
    report.write(data)
    assert wishes_to_read(tmp_path), "as long as it has not joined"
    (data / ".installed").touch()
    assert not wishes_to_read(tmp_path), "it was judged, and nothing has changed"
    card.write_text("store = 1")
    assert wishes_to_read(tmp_path), "somebody mended it"
    digest = hashlib.sha256(card.read_bytes()).hexdigest()
    Report(Stage.TRYING, card.name, digest).write(data)
    assert wishes_to_read(tmp_path), "the hub was not reached"
    Report(Stage.DONE, card.name, digest).write(data)
    assert not wishes_to_read(tmp_path)
    card.unlink()
    assert not wishes_to_read(tmp_path), "a kiosk without the file stays one"


def test_no_unit_of_ours_is_given_up_after_some_failures() -> None:
    for unit in SERVICES:
        lines = unit.read_text().splitlines()
        again = [line for line in lines if line.startswith("Restart=")]
        pause = [int(line.partition("=")[2]) for line in lines if line.startswith("RestartSec=")]
        if again:  # systemd gives up after five starts in ten seconds, where nobody says otherwise
            assert "StartLimitIntervalSec=0" in lines or min(pause) > 10, unit.name


def test_what_is_enabled_is_there_and_says_where_it_belongs() -> None:
    for name in ENABLED:
        unit = re.sub("@.*[.]", "@.", name)
        assert "[Install]" in (UNITS / unit).read_text()


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
