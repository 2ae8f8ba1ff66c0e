from __future__ import annotations

import asyncio
import socket
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from hub.settings import load_settings
from hub.wiring import Hub, Office, running, whole
from shared.errors import BrokerError, SchemaOutdated, SettingsError
from tests.hub.wiring.samples import settings_file
from tests.parts.ports import free_port


class FakePart:
    """Writes down when it starts and stops; may fail to start."""

    def __init__(self, name: str, story: list[str], fault: Exception | None = None) -> None:
        self.name, self._story, self._fault = name, story, fault

    def start(self) -> None:
        self._story.append(f"+{self.name}")
        if self._fault is not None:
            raise self._fault

    def stop(self) -> None:
        self._story.append(f"-{self.name}")


def test_parts_start_in_order_and_stop_in_reverse() -> None:
    story: list[str] = []
    with running([FakePart(name, story) for name in "abc"]):
        story.append("running")
    assert story == ["+a", "+b", "+c", "running", "-c", "-b", "-a"]


def test_where_one_fails_to_start_those_before_it_are_stopped_and_it_too() -> None:
    story: list[str] = []
    parts = [FakePart("a", story), FakePart("b", story, OSError("no")), FakePart("c", story)]
    with pytest.raises(OSError, match="no"), running(parts):
        story.append("running")
    assert story == ["+a", "+b", "-b", "-a"]


def status_of(app: FastAPI, path: str) -> int:
    """What the application answers; its lifespan is not begun, so nothing runs."""

    async def ask() -> int:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
            return (await client.get(path)).status_code

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("roles", "site", "broker"),
    [("intake,web,jobs", True, False), ("web", True, None), ("intake", False, False)],
)
def test_a_process_is_what_its_roles_say(
    tmp_path: Path, roles: str, site: bool, broker: bool | None
) -> None:
    settings = load_settings(settings_file(tmp_path, roles))
    Office(settings).migrate()
    with closing(Hub(settings)) as hub:
        assert status_of(hub.app(), "/sign-in") == (200 if site else 404)
        assert status_of(hub.app(), "/metrics") == 200
        assert hub.health().broker is broker


def test_a_database_that_was_never_made_is_named_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SchemaOutdated):
        Hub(load_settings(settings_file(tmp_path))).serve()


def test_a_port_that_is_taken_is_told_with_its_address(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = load_settings(settings_file(tmp_path, port=taken.getsockname()[1]))
        Office(settings).migrate()
        with pytest.raises(SettingsError, match="cannot be served"):
            Hub(settings).serve()


def test_a_part_that_cannot_start_ends_the_program_with_its_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole, "collect_seldom", lambda: None)  # this process is no hub
    settings = load_settings(settings_file(tmp_path, "web"))
    Office(settings).migrate()
    hub, story = Hub(settings), list[str]()
    hub._parts = [FakePart("a", story), FakePart("b", story, BrokerError("no thread left"))]
    with pytest.raises(BrokerError, match="no thread left"):
        hub.serve()
    assert story == ["+a", "+b", "-b", "-a"]


def test_a_database_that_is_away_makes_the_hub_ill_and_not_dead(tmp_path: Path) -> None:
    file = settings_file(tmp_path, "web")
    file.write_text(
        file.read_text() + f'[database]\nurl = "postgresql://x@127.0.0.1:{free_port()}/x"'
    )
    with closing(Hub(load_settings(file))) as hub:
        assert not hub.health().database
