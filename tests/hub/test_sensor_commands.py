"""The commands about sensors, as whoever runs a hub would type them."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.hub.test_main import Run, ready, run  # noqa: F401 - fixtures

pytestmark = pytest.mark.usefixtures("logs_as_before")


def test_a_sensor_is_added_listed_and_removed(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    code, printed, complaint = ready("sensor", "add", "centro", "door-1")
    assert code == 0, complaint
    assert "when it starts" in complaint, "no broker runs here"
    assert "door-1" in ready("sensor", "list")[1]
    rights = tmp_path / "mosquitto" / "rights"
    assert "topic write semblante/v1/centro/door-1/count\n" in rights.read_text()
    code, printed, _ = ready("sensor", "remove", "door-1")
    assert (code, printed) == (0, "door-1 is heard no more.\n")
    assert ready("sensor", "list")[1] == ""
    assert "door-1" not in rights.read_text()
    assert "door-1" not in (tmp_path / "mosquitto" / "passwords").read_text()


def test_what_is_printed_can_be_typed(ready: Run) -> None:  # noqa: F811
    printed = ready("sensor", "add", "centro", "door-1")[1]
    (password,) = set(re.findall(r"[0-9a-f]{40}", printed))
    _, curl, publish = (shlex.split(line) for line in printed.splitlines() if line)
    assert curl[2] == f"Authorization: Bearer {password}"
    assert curl[-1].endswith("/api/v1/stores/centro/counts")
    assert publish[publish.index("-P") + 1] == password
    assert publish[publish.index("-t") + 1] == "semblante/v1/centro/door-1/count"
    assert publish[publish.index("-h") + 1] == "broker.example"


def test_the_same_again_is_another_password(ready: Run) -> None:  # noqa: F811
    first, second = (ready("sensor", "add", "centro", "door-1")[1] for _ in range(2))
    assert first != second


def test_the_brokers_files_are_mended_from_the_database(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    assert ready("sensor", "add", "centro", "door-1")[0] == 0
    rights = tmp_path / "mosquitto" / "rights"
    before = rights.read_text()
    rights.unlink()
    assert ready("broker", "files")[0] == 0
    assert rights.read_text() == before


@pytest.mark.parametrize(
    "words",
    [
        "sensor add nowhere door-1",
        "sensor add centro ../x",
        "sensor add centro hub",
        "sensor add centro k-1",
        "sensor add norte gate-1",
        "sensor remove door-9",
        "kiosk enrol gate-1 centro caja-1",
    ],
)
def test_what_cannot_be_done_is_told_with_a_hint(ready: Run, words: str) -> None:  # noqa: F811
    ready("store", "add", "norte", "--name", "Norte", "--zone", "Europe/Madrid")
    assert ready("kiosk", "enrol", "k-1", "centro", "caja-1")[0] == 0
    assert ready("sensor", "add", "centro", "gate-1")[0] == 0
    code, _, complaint = ready(*words.split())
    assert code == 1
    assert complaint.startswith("✗ ")
    assert "→ " in complaint
