"""A machine is set up as wished, twice is as once, and no wish means more than it says."""

from __future__ import annotations

import configparser
from collections.abc import Sequence
from pathlib import Path

import pytest

from kiosk.adapters.setting_up import CONNECTION, COUNTRY, Machine, nudge
from kiosk.core.device_file import Network
from shared.errors import DeviceError

WIFI = Network("Tienda", "correcta caballo", "ES")


class Told(list[Sequence[str]]):
    """Programs that would have been run."""

    def __call__(self, words: Sequence[str]) -> None:
        self.append(list(words))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def machine(tmp_path: Path, told: Told) -> Machine:
    (tmp_path / "usr/share/zoneinfo/Europe").mkdir(parents=True)
    (tmp_path / "usr/share/zoneinfo/Europe/Madrid").touch()
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts").write_text("127.0.0.1\tlocalhost\n127.0.1.1\traspberrypi\n")
    return Machine(tmp_path, told)


def test_everything_is_changed_once(machine: Machine, told: Told, tmp_path: Path) -> None:
    keys = ("ssh-ed25519 AAAA one", "ssh-ed25519 BBBB two")

    def once() -> list[bool]:
        return [
            machine.name("k-1"),
            machine.live_in("Europe/Madrid"),
            machine.connect(WIFI),
            machine.let_in(keys, Path("/", "root", ".ssh", "authorized_keys")),
        ]

    assert once() == [True] * 4
    ran = len(told)
    assert once() == [False] * 4
    assert len(told) == ran, "a system that knows it is told nothing"
    hosts = (tmp_path / "etc/hosts").read_text().splitlines()
    assert hosts == ["127.0.0.1\tlocalhost", "127.0.1.1\tk-1"]
    assert (tmp_path / "root/.ssh/authorized_keys").read_text().splitlines() == list(keys)


def test_a_passphrase_that_changes_is_written_anew_for_root_alone(
    machine: Machine, tmp_path: Path
) -> None:
    machine.connect(WIFI)
    assert machine.connect(Network("Tienda", "otra contraseña", "ES"))
    file = tmp_path / CONNECTION
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert machine.connect(Network("Tienda", "otra contraseña", "ES")), "somebody opened it"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "network",
    [
        WIFI,
        Network("1;2;3", "[wifi]"),
        Network("psk=x", "trailing \\"),
        Network(" ñandú ☕", "  two before"),
        Network("offen", ""),
    ],
)
def test_no_name_and_no_passphrase_is_read_as_anything_else(
    network: Network, machine: Machine, tmp_path: Path
) -> None:
    machine.connect(network)
    read = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    read.read(tmp_path / CONNECTION)
    letters = bytes(int(one) for one in read["wifi"]["ssid"].split(";") if one)
    assert letters.decode() == network.ssid
    assert read.has_section("wifi-security") == bool(network.passphrase)
    if network.passphrase:
        psk = read["wifi-security"]["psk"].replace("\\s", " ").replace("\\\\", "\\")
        assert psk == network.passphrase
    assert (tmp_path / COUNTRY).exists() == bool(network.country)


@pytest.mark.parametrize(
    "zone", ["Europe/Madird", "", "..", "/etc/passwd", "Europe/../../../etc", "Europe", "Eu\0rope"]
)
def test_what_is_no_zone_is_none(zone: str, machine: Machine) -> None:
    assert not machine.knows_zone(zone)
    assert machine.knows_zone("Europe/Madrid")


def test_a_link_that_debian_made_is_the_same_zone(machine: Machine, tmp_path: Path) -> None:
    machine.live_in("Europe/Madrid")
    (tmp_path / "etc/localtime").unlink()
    (tmp_path / "etc/localtime").symlink_to("../usr/share/zoneinfo/Europe/Madrid")
    assert not machine.live_in("Europe/Madrid")


def test_a_system_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "etc").touch()
    with pytest.raises(DeviceError) as fault:
        Machine(tmp_path, Told()).name("k-1")
    assert "read-only" in fault.value.hint
    assert fault.value.code == "machine"


def test_a_program_that_is_not_there_is_not_missed() -> None:
    nudge(["there-is-no-such-program"])
    nudge(["false"])
