"""hub.toml: what is written is what the hub takes, and what somebody changed stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.hub.people import FOLDERS
from deploy.hub.settings import BROKER, FILE, HubToml, agree, tables, written, zone_of
from deploy.hub.wishes import wishes
from hub.settings import load_settings
from shared.errors import DeviceError
from tests.deploy.hub.recorded import Recorded, recorded

SQLITE = wishes(name="hub.example.org")
POSTGRESQL = wishes(name="hub.example.org", database="postgresql")


def server(root: Path) -> Recorded:
    machine = recorded(root)
    HubToml(machine, SQLITE).do()
    return machine


@pytest.mark.parametrize("wished", [SQLITE, POSTGRESQL], ids=["sqlite", "postgresql"])
def test_the_hub_understands_every_word_of_it(wished: object, tmp_path: Path) -> None:
    file = tmp_path / "hub.toml"
    file.write_text(written(tables(wished, "Europe/Madrid")))  # type: ignore[arg-type]
    settings = load_settings(file)
    assert settings.public_url == "https://hub.example.org"
    assert settings.web.host == settings.mosquitto.listen == "127.0.0.1"
    assert settings.web.trusted_proxies == ("127.0.0.1",)
    assert settings.jobs.zone == "Europe/Madrid"
    kept = (settings.mosquitto.folder, settings.authority.folder, settings.bundles.folder)
    assert {str(folder) for folder in kept} <= set(FOLDERS) | {BROKER}


def test_it_is_for_root_and_the_hub_alone(tmp_path: Path) -> None:
    assert server(tmp_path).at(FILE).stat().st_mode & 0o777 == 0o640


def test_what_does_not_concern_the_server_may_be_changed_by_anybody(tmp_path: Path) -> None:
    machine = server(tmp_path)
    text = machine.read(FILE) + '\n[privacy]\nfloor = 7\n\n[log]\nformat = "json"\n'
    machine.at(FILE).write_text(text)
    agree(machine, SQLITE)
    assert HubToml(machine, SQLITE).lacks() == []
    assert machine.read(FILE) == text


def test_another_wish_is_refused_with_every_difference_before_anything_is_done(
    tmp_path: Path,
) -> None:
    machine = server(tmp_path)
    with pytest.raises(DeviceError, match=r"(?s)database\.url.*web\.public_url") as raised:
        agree(machine, wishes(name="other.example.org", database="postgresql"))
    assert "stays as it is" in raised.value.hint
    assert machine.ran == []


def test_a_file_that_cannot_be_read_is_refused_too(tmp_path: Path) -> None:
    machine = server(tmp_path)
    machine.at(FILE).write_text("[web\n")
    with pytest.raises(DeviceError, match="cannot be read"):
        agree(machine, SQLITE)


def test_a_bare_machine_agrees_with_every_wish(tmp_path: Path) -> None:
    agree(recorded(tmp_path), SQLITE)


def test_the_night_is_that_of_the_machine(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    assert zone_of(machine) == "UTC"
    machine.at("/etc/localtime").symlink_to("/usr/share/zoneinfo/Europe/Madrid")
    assert zone_of(machine) == "Europe/Madrid"
    machine.at("/etc/timezone").write_text("Asia/Kathmandu\n")
    assert zone_of(machine) == "Europe/Madrid"  # a zone that this machine does not know
    machine.at("/usr/share/zoneinfo/Asia").mkdir(parents=True)
    machine.at("/usr/share/zoneinfo/Asia/Kathmandu").touch()
    assert zone_of(machine) == "Asia/Kathmandu"


def test_a_password_in_an_address_is_not_told(tmp_path: Path) -> None:
    machine = recorded(tmp_path)
    wished = wishes(name="hub.example.org", database="postgresql://me:topsecret@db/hub")
    HubToml(machine, wished).do()
    assert "topsecret" in machine.read(FILE)
    with pytest.raises(DeviceError, match="me:…@db") as raised:
        agree(machine, SQLITE)
    assert "topsecret" not in str(raised.value)
