"""A light that cannot be set is one alarm; a glass that nobody can dim is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.backlight import TROUBLE, SysBacklight


def panel(folder: Path, most: str, name: str = "rpi") -> Path:
    (folder / name).mkdir()
    (folder / name / "max_brightness").write_text(most)
    return folder / name / "brightness"


def test_few_steps_are_never_rounded_down_to_darkness(tmp_path: Path) -> None:
    brightness = panel(tmp_path, "7")
    SysBacklight(lambda _: None, tmp_path).dim(1)
    assert brightness.read_text() == "1"


def test_every_panel_is_dimmed(tmp_path: Path) -> None:
    panels = [panel(tmp_path, "100", "a"), panel(tmp_path, "200", "b")]
    SysBacklight(lambda _: None, tmp_path).dim(50)
    assert [one.read_text() for one in panels] == ["50", "100"]


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "no folder"])
def test_where_nothing_can_be_dimmed_there_is_no_alarm(tmp_path: Path, there: bool) -> None:
    told: list[str | None] = []
    light = SysBacklight(told.append, tmp_path if there else tmp_path / "none")
    for percent in (40, 100):
        light.dim(percent)
    assert told == []


@pytest.mark.parametrize("most", ["", "nonsense", "0", "-1", "9" * 30])
def test_a_driver_that_talks_nonsense_is_one_alarm(tmp_path: Path, most: str) -> None:
    brightness, told = panel(tmp_path, most), list[str | None]()
    light = SysBacklight(told.append, tmp_path)
    light.dim(40)
    light.dim(50)
    assert told == [TROUBLE]
    assert not brightness.exists()


def test_the_alarm_is_taken_back_when_the_light_obeys_again(tmp_path: Path) -> None:
    brightness, told = panel(tmp_path, "255"), list[str | None]()
    brightness.mkdir()  # it cannot be written, not even by root
    light = SysBacklight(told.append, tmp_path)
    light.dim(40)
    brightness.rmdir()
    light.dim(40)
    assert told == [TROUBLE, None]
    assert brightness.read_text() == "102"
