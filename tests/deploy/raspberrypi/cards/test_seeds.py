"""Two other first boots carry the settings file as it is, and start ours."""

from __future__ import annotations

import base64
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from deploy.raspberrypi.cards.seeds import BEGIN, INSTALL, PLACE, cloud_init, rpi_preseed
from deploy.raspberrypi.cards.settings_file import DeviceWishes, settings_file
from kiosk.core.device_file import device_file_from
from shared.joining import write_code

WISHES = DeviceWishes(
    store="centro",
    point="caja-1",
    kiosk="k-1",
    hub="https://hub.example",
    fingerprint="ab" * 32,
    join_code=write_code(bytes(range(16))),
    ssid="Tienda “ñ” $(reboot); 'x'",
    passphrase='a "quoted" \\ phrase\'s',
    country="ES",
    hostname="k-1",
    rotation="90",
    ssh_keys=("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ7f2lQ0o1mB3nT0Zb5xv9d5R1Jq8W2uYk3s t@v",),
)


def test_what_a_card_carries_is_what_a_first_boot_reads() -> None:
    file, faults = device_file_from(tomllib.loads(settings_file(WISHES)))
    assert not faults
    assert file.network is not None
    assert (file.network.ssid, file.network.passphrase) == (WISHES.ssid, WISHES.passphrase)
    assert file.kiosk["screen"] == {"rotation": 90}


def test_cloud_init_puts_it_in_its_place_and_starts_us() -> None:
    text = cloud_init(settings_file(WISHES))
    assert text.startswith("#cloud-config\n")
    document = yaml.safe_load(text)
    (file,) = document["write_files"]
    assert (file["path"], file["permissions"]) == (PLACE, "0600")
    assert base64.b64decode(file["content"]).decode() == settings_file(WISHES)
    assert document["runcmd"] == [["sh", "-c", BEGIN]]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_rpi_preseed_does_the_same_in_any_shell(shell: str, tmp_path: Path) -> None:
    early = tomllib.loads(rpi_preseed(settings_file(WISHES)))["runcmd"]["early"]
    assert early[1] == f"systemd-run --no-block sh -c '{BEGIN}'"
    assert "'" not in BEGIN
    place = tmp_path / "semblante.toml"
    command = early[0].replace(PLACE, str(place))
    subprocess.run([shell, "-c", command], check=True, timeout=10)
    assert place.read_text(encoding="utf-8") == settings_file(WISHES)
    assert place.stat().st_mode & 0o777 == 0o600


def test_what_is_begun_is_what_the_units_of_a_card_begin() -> None:
    units = Path(__file__).parents[4] / "deploy/raspberrypi/units"
    unit = (units / "semblante-install.service").read_text()
    assert f"ExecStart=/usr/bin/{INSTALL}\n" in unit
    assert (units / "semblante-firstboot.service").is_file()


def test_its_small_reader_of_toml_is_asked_for_nothing_but_lines() -> None:
    """rpi-preseed reads no text over several lines, and no escape but of quotes and backslashes."""
    text = rpi_preseed(settings_file(WISHES))
    assert '"""' not in text
    assert all(line.isascii() for line in text.splitlines())
    assert set(text.split("\\")[1:]) == set()
