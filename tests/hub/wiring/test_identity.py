"""What the authority's parts are made of: names, the door, and a gate whose fault costs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from hub.adapters.database import open_engine
from hub.sections import AuthorityTable, Mosquitto, Web
from hub.settings import Settings
from hub.wiring.identity import (
    door_of,
    encrypted_of,
    gate_every_minute,
    inspections_of,
    keys_of,
    names_of,
)
from tests.parts.databases import migrated_sqlite


def settings_with(folder: Path | None, **more: str) -> Settings:
    authority = AuthorityTable(folder=folder, names=("10.0.0.5",), **more)
    web, mosquitto = Web(public_url="https://hub.example.com"), Mosquitto(seen_as="broker.example")
    return Settings(authority=authority, web=web, mosquitto=mosquitto)


def test_servers_are_called_as_kiosks_and_the_hub_itself_reach_them() -> None:
    names = names_of(settings_with(None))
    assert names == ("broker.example", "hub.example.com", "10.0.0.5", "127.0.0.1", "localhost")


def test_a_door_of_its_own_for_kiosks_wins_over_the_one_for_people() -> None:
    door = door_of(settings_with(None, url="https://kiosks.example.com:8443"))
    assert (door.url, door.broker_host) == ("https://kiosks.example.com:8443", "broker.example")
    assert door_of(settings_with(None)).url == "https://hub.example.com"


@pytest.mark.parametrize("named", [True, False])
def test_without_an_authority_nothing_is_signed_opened_or_looked_at(
    tmp_path: Path, named: bool
) -> None:
    settings = settings_with(tmp_path / "authority" if named else None)
    engine = open_engine(f"sqlite:///{tmp_path}/hub.db")
    looks = inspections_of(settings, engine)
    assert (keys_of(settings), encrypted_of(settings), looks) == (None, None, [])


def test_a_gate_that_cannot_be_kept_is_told_and_costs_nobody_anything(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("rubbish")
    with migrated_sqlite(tmp_path / "hub.db") as engine:
        work = gate_every_minute(settings_with(tmp_path), engine)
        assert gate_every_minute(settings_with(None), engine) == {}
        with capture_logs() as told:
            work["gate"]()
    assert [line["event"] for line in told] == ["gate.not_kept"]
