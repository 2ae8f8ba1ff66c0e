from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from hub.settings import Duty, Settings, load_settings
from shared.errors import SettingsError

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def load(folder: Path, text: str) -> Settings:
    file = folder / "hub.toml"
    file.write_text(text)
    return load_settings(file)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        load(folder, text)
    return [fault.partition(":")[0] for fault in raised.value.faults]


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.roles == frozenset(Duty)
    assert settings.database.url == f"sqlite:///{tmp_path}/data/hub.db"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.keep.days is None


def test_paths_are_meant_from_where_the_file_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    settings = load(
        tmp_path,
        '[database]\nurl = "sqlite:///a/b.db"\n[broker]\npassword_file = "p"\nca_file = "/ca"\n',
    )
    assert settings.database.url == f"sqlite:///{tmp_path}/a/b.db"
    assert settings.broker.password_file == tmp_path / "p"
    assert settings.broker.ca_file == Path("/ca")
    assert settings.mosquitto.folder == tmp_path / "mosquitto"


def test_the_url_of_a_postgresql_stays_as_it_is(tmp_path: Path) -> None:
    url = "postgresql://semblante:x@db.example/semblante"
    assert load(tmp_path, f'[database]\nurl = "{url}"\n').database.url == url


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEMBLANTE_WEB__PORT", "8081")
    monkeypatch.setenv("SEMBLANTE_ROLES", "intake, jobs")
    settings = load(tmp_path, 'roles = ["web"]\n[web]\nport = 81\nhost = "0.0.0.0"\n')
    assert (settings.web.port, settings.web.host) == (8081, "0.0.0.0")
    assert settings.roles == {Duty.INTAKE, Duty.JOBS}


def test_every_fault_is_told_and_not_only_the_first(tmp_path: Path) -> None:
    text = (
        'roles = ["cook"]\ncolour = 1\n[database]\nurl = "mysql://x"\n[web]\nport = 0\n'
        'public_url = "ftp://x"\n[privacy]\nfloor = 2\n[keep]\ndays = 1\n[jobs]\nzone = "Mars"\n'
        "hour = 24\n[broker]\nhots = 1\n"
    )
    assert sorted(faults(tmp_path, text)) == [
        "broker.hots", "colour", "database.url", "jobs.hour", "jobs.zone", "keep.days",
        "privacy.floor", "roles.0", "web.port", "web.public_url",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "proxies",
    ['"*"', '["0.0.0.0/0"]', '["::/0"]', '["10.0.0.1/8"]', '["proxy.example"]', '["10.0.0"]', "5"],
)
def test_a_proxy_that_is_nobody_or_everybody_is_a_fault(tmp_path: Path, proxies: str) -> None:
    assert faults(tmp_path, f"[web]\ntrusted_proxies = {proxies}\n") == ["web.trusted_proxies"]


def test_proxies_are_addresses_and_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = '[web]\ntrusted_proxies = ["10.0.0.1", "fd00::/8"]\n'
    assert load(tmp_path, "").web.trusted_proxies == ()
    assert load(tmp_path, text).web.trusted_proxies == ("10.0.0.1", "fd00::/8")
    monkeypatch.setenv("SEMBLANTE_WEB__TRUSTED_PROXIES", "10.0.0.2, 10.1.0.0/16")
    assert load(tmp_path, text).web.trusted_proxies == ("10.0.0.2", "10.1.0.0/16")


@pytest.mark.parametrize("networks", ['["0.0.0.0/0"]', '["::/0"]', '["10.0.0.1/8"]', '["office"]'])
def test_alerts_are_let_into_networks_that_are_named(tmp_path: Path, networks: str) -> None:
    assert faults(tmp_path, f"[alerts]\nnetworks = {networks}\n") == ["alerts.networks"]
    text = '[alerts]\nnetworks = ["10.0.0.5", "fd00::/8"]\nca_file = "ca.pem"\n'
    alerts = load(tmp_path, text).alerts
    assert alerts.networks == ("10.0.0.5", "fd00::/8")
    assert alerts.ca_file == tmp_path / "ca.pem"
    assert load(tmp_path, "").alerts.ca_file is None


def test_no_role_at_all_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, "roles = []") == ["roles"]


def test_no_fault_repeats_a_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, '[broker]\npassword = ["hunter2"]\n[database]\nurl = "x://u:hunter2@h"\n')
    assert "hunter2" not in str(raised.value)


def test_settings_that_are_shown_hide_the_password(tmp_path: Path) -> None:
    settings = load(tmp_path, '[broker]\npassword = "hunter2"\n')
    assert "hunter2" not in repr(settings)
    assert settings.broker_password == "hunter2"


def test_the_password_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2\n")
    settings = load(tmp_path, '[broker]\npassword_file = "secret"\n')
    assert settings.broker_password == "hunter2"


@pytest.mark.parametrize("text", ["", '[broker]\npassword_file = "nowhere"\n'])
def test_a_missing_password_is_told_with_what_to_do(tmp_path: Path, text: str) -> None:
    with pytest.raises(SettingsError, match="broker files"):
        _ = load(tmp_path, text).broker_password


@pytest.mark.parametrize("content", [b"[web", b"\xff\xfe\x00", b"a = 1\na = 2"])
def test_a_file_that_is_no_toml_is_a_fault_and_no_crash(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "hub.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError):
        load_settings(file)


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_settings(tmp_path / "nowhere.toml")


def keys() -> Iterator[str]:
    for name, field in Settings.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, BaseModel):
            yield from (f"{name}.{key}" for key in table.model_fields)
        else:
            yield name


def test_every_key_stands_in_the_manual_with_what_it_is_for() -> None:
    page = (ROOT / "docs" / "settings.md").read_text().partition("## The kiosk")[0]
    assert re.findall(r"^\| `([\w.]+)` \|", page, re.MULTILINE) == list(keys())


def test_the_example_is_right_also_with_every_comment_taken_away() -> None:
    text = (ROOT / "docs" / "examples" / "hub.toml").read_text()
    assert load_settings(ROOT / "docs" / "examples" / "hub.toml").web.port == 8080
    whole = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert Settings(**tomllib.loads(whole)).keep.days == 400
