"""What a technician is told of each part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.readings import Part
from kiosk.core.sayings import Prompt
from kiosk.courier.tidings import SETTINGS
from kiosk.wiring.checks import tried
from shared.places import kiosk_id
from shared.wire import encode
from tests.kiosk.samples import settings as of_the_hub
from tests.kiosk.wiring.samples import DOOR_TOKEN, headless, pins_by
from tests.parts.mosquitto import RunningBroker, running_broker
from tests.parts.ports import free_port


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(tmp_path / "broker", ["k-1"]) as running:
        yield running


def told(folder: Path, more: str = "", **broker: object) -> dict[Part, str]:
    """What each check says; a fault with its mark and its hint."""
    readings = tried(headless(folder, more, **broker))  # type: ignore[arg-type]
    faults = {part: f"✗ {one.why} → {one.hint}" for part, one in readings.faults.items()}
    return {**readings.notes, **faults}


def test_parts_that_are_not_configured_are_not_tried(tmp_path: Path) -> None:
    assert set(told(tmp_path)) == {Part.OWED, Part.HUB, Part.SCREEN}


def test_a_broker_that_is_not_there_is_told_with_the_cause(tmp_path: Path) -> None:
    assert "refused" in told(tmp_path)[Part.HUB]


def test_a_broker_that_knows_the_password_is_well_and_another_password_is_a_fault(
    tmp_path: Path, broker: RunningBroker
) -> None:
    known = broker.passwords["k-1"]
    well = told(tmp_path, broker_port=broker.port, password=known)[Part.HUB]
    assert "lets k-1 in · " in well
    assert well.endswith(" ms")
    wrong = told(tmp_path, broker_port=broker.port)[Part.HUB]
    assert wrong.startswith("✗")
    assert "refuses this kiosk" in wrong


def test_the_settings_that_were_kept_last_are_told_without_touching_the_outbox(
    tmp_path: Path,
) -> None:
    settings = headless(tmp_path)
    assert tried(settings).settings_serial == 0
    with closing(SqliteOutbox(settings.outbox.path, kiosk_id("k-1"))) as outbox:
        outbox.remember(SETTINGS, encode(of_the_hub(7)))
    before = settings.outbox.path.read_bytes()
    assert tried(settings).settings_serial == 7
    assert settings.outbox.path.read_bytes() == before


def test_sentences_that_were_not_made_are_a_fault_with_what_to_do(tmp_path: Path) -> None:
    table = '[sound]\nplayer = "true"'
    assert "semblante-kiosk voices" in told(tmp_path, table)[Part.SOUND]
    for language in ("es", "en", "pt", "ar"):
        for prompt in Prompt:
            file = tmp_path / "voices" / language / f"{prompt.value}.wav"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    assert "sentences in" in told(tmp_path, table)[Part.SOUND]
    assert not told(tmp_path, table)[Part.SOUND].startswith("✗")
    absent = told(tmp_path, '[sound]\nplayer = "no-such-player"')[Part.SOUND]
    assert "no-such-player is not installed" in absent


@pytest.mark.parametrize(
    ("name", "wire", "well"),
    [
        ("till", 'kind = "receipt"\nport = "loop://"', "loop:// can be read, as receipt"),
        ("drawer", "pin = 17", "pin 17"),
    ],
)
def test_parts_that_are_there_are_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, wire: str, well: str
) -> None:
    with pins_by("mock", monkeypatch):
        results = told(
            tmp_path,
            f"""
        [{name}]
        {wire}
        [buttons]
        sad = 5
        neutral = 6
        happy = 13
        """,
        )
    assert results[Part.TILL] == well
    assert results[Part.BUTTONS] == "pins 5, 6, 13"
    assert "the first start makes it" in results[Part.OWED]


def test_the_door_of_a_drill_is_opened_and_shut(tmp_path: Path) -> None:
    door = f'[door]\ntoken = "{DOOR_TOKEN}"\nport = {free_port()}'
    assert told(tmp_path, door)[Part.TILL].startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("till", 'kind = "receipt"\nport = "/dev/there-is-no-such-port"'),
        ("drawer", "pin = 17"),
    ],
)
def test_parts_that_are_not_there_are_told_with_a_hint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, wire: str
) -> None:
    with pins_by("no such factory", monkeypatch):
        results = told(tmp_path, f"[{name}]\n{wire}")
    assert results[Part.TILL].startswith("✗")
    assert " → " in results[Part.TILL]
