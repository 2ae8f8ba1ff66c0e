"""How warm the machine is and what room it has, read from the kernel's files, whatever is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.machine import room, warmth
from kiosk.core.readings import Warmth


def zone(folder: Path, number: int, kind: str, temp: str) -> None:
    there = folder / f"thermal_zone{number}"
    there.mkdir()
    (there / "type").write_text(f"{kind}\n")
    (there / "temp").write_text(temp)


def test_the_processor_is_told_and_not_another_sensor(tmp_path: Path) -> None:
    zone(tmp_path, 0, "rp1_adc", "70000\n")
    zone(tmp_path, 1, "cpu-thermal", "54231\n")
    assert warmth(tmp_path, tmp_path / "none") == Warmth(54.231)


@pytest.mark.parametrize(
    ("bits", "throttled", "undervolted"),
    [("0", False, False), ("50005", True, True), ("e0008", True, False), ("f0000", False, False)],
)
def test_what_slows_it_now_is_told_and_not_what_once_did(
    tmp_path: Path, bits: str, throttled: bool, undervolted: bool
) -> None:
    zone(tmp_path, 0, "cpu-thermal", "54000")
    (tmp_path / "get_throttled").write_text(f"{bits}\n")
    assert warmth(tmp_path, tmp_path / "get_throttled") == Warmth(54.0, throttled, undervolted)


@pytest.mark.parametrize("temp", ["", "nonsense", "\xff"])
def test_what_cannot_be_read_is_not_known(tmp_path: Path, temp: str) -> None:
    assert warmth(tmp_path / "none") is None
    zone(tmp_path, 0, "cpu-thermal", temp)
    assert warmth(tmp_path, tmp_path / "none") is None


def test_room_is_that_of_the_place_where_the_file_will_be(tmp_path: Path) -> None:
    found = room(tmp_path / "not" / "yet" / "outbox.db")
    assert found is not None
    assert found == room(tmp_path)
    assert found.free_mb >= 0
    assert 0 <= found.percent_free <= 100
