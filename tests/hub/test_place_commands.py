"""The commands about stores, points and kiosks, as whoever runs a hub would type them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from hub.adapters.database import open_engine
from shared.places import StoreId
from tests.hub.test_main import Run, ready, run  # noqa: F401 - fixtures
from tests.hub.web.seed_devices import keep_file

pytestmark = pytest.mark.usefixtures("logs_as_before")


def test_a_kiosk_is_enrolled_listed_and_retired(ready: Run) -> None:  # noqa: F811
    code, printed, complaint = ready("kiosk", "enrol", "k-1", "centro", "caja-1")
    assert code == 0
    written = tomllib.loads(printed)
    assert (written["store"], written["point"], written["kiosk"]) == ("centro", "caja-1", "k-1")
    assert written["broker"]["host"] == "broker.example"
    assert len(written["broker"]["password"]) == 40
    assert "when it starts" in complaint, "no broker runs here"
    assert "k-1" in ready("kiosk", "list")[1]
    assert "caja-1" in ready("store", "list")[1]
    assert ready("kiosk", "retire", "k-1")[0] == 0
    assert "k-1" not in ready("kiosk", "list")[1]


def test_the_kiosks_settings_go_into_a_file_that_nobody_else_reads(
    ready: Run,  # noqa: F811
    tmp_path: Path,
) -> None:
    assert ready("kiosk", "enrol", "k-1", "centro", "caja-1", "--out", "kiosk.toml")[0] == 0
    assert tomllib.loads((tmp_path / "kiosk.toml").read_text())["kiosk"] == "k-1"
    assert (tmp_path / "kiosk.toml").stat().st_mode & 0o077 == 0


def test_the_newest_diagnostic_file_of_a_kiosk_is_printed(ready: Run, tmp_path: Path) -> None:  # noqa: F811
    assert ready("kiosk", "enrol", "k-1", "centro", "caja-1")[0] == 0
    code, _, told = ready("kiosk", "diagnosis", "k-1")
    assert (code, "k-1 has sent no diagnostic file" in told) == (1, True)
    (database,) = tmp_path.rglob("*.db")
    engine = open_engine(f"sqlite:///{database}")
    for number, command in enumerate(("ab" * 8, "cd" * 8)):
        keep_file(engine, StoreId("centro"), "k-1", command, number)
    engine.dispose()
    assert ready("kiosk", "diagnosis", "k-1")[:2] == (0, '{"version": "0.1.0"}\n')
    assert ready("kiosk", "diagnosis", "k-2")[0] == 1
