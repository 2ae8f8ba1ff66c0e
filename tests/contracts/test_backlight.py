"""What the loop may expect of the light behind the glass: the fake and the kernel's files alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.adapters.backlight import SysBacklight
from kiosk.core.ports import Backlight
from tests.fakes.backlight import FakeBacklight

World = tuple[Backlight, Callable[[], int | None]]
"""The light, and how bright it is in steps of 255."""


@pytest.fixture(params=["fake", "kernel"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    if request.param == "fake":
        fake = FakeBacklight()
        return fake, lambda: fake.level
    panel = tmp_path / "10-0045"
    panel.mkdir()
    (panel / "max_brightness").write_text("255\n")
    brightness = panel / "brightness"
    brightness.write_text("255\n")
    real = SysBacklight(lambda code: pytest.fail(str(code)), tmp_path)
    return real, lambda: int(brightness.read_text())


@pytest.mark.parametrize(
    ("percent", "level"), [(100, 255), (40, 102), (1, 3), (0, 0), (-5, 0), (900, 255)]
)
def test_percent_become_the_steps_of_the_panel(world: World, percent: int, level: int) -> None:
    light, seen = world
    light.dim(percent)
    assert seen() == level


def test_it_can_be_put_out_and_lit_again(world: World) -> None:
    light, seen = world
    light.dim(0)
    light.dim(100)
    assert seen() == 255
