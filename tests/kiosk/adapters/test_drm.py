"""The card with a screen on it is found, whatever its number is today."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from kiosk.adapters.drm import DEVICE_VARIABLE, connected_card

PI_5_DSI = {"card0-HDMI-A-1": "disconnected", "card1-DSI-1": "connected", "card1": None}


def tree(folder: Path, outputs: dict[str, str | None]) -> Path:
    for name, status in outputs.items():
        (folder / name).mkdir()
        if status is not None:
            (folder / name / "status").write_text(f"{status}\n")
    return folder


@pytest.mark.parametrize(
    ("outputs", "card"),
    [
        (PI_5_DSI, 1),
        ({"card0-DSI-1": "connected", "card1-HDMI-A-1": "disconnected"}, 0),
        ({"card1-HDMI-A-2": "connected", "card1-HDMI-A-1": "disconnected"}, 1),
        ({"card2-HDMI-A-1": "connected", "card10-DSI-2": "connected"}, 2),
        ({"card0-HDMI-A-1": "disconnected", "card1-Writeback-1": "connected"}, None),
        ({"card0-HDMI-A-1": None, "renderD128": None, "version": None}, None),
        ({"card0-HDMI-A-1": "unknown"}, None),
        ({}, None),
    ],
)
def test_it_is_the_lowest_with_a_screen(
    outputs: dict[str, str | None], card: int | None, tmp_path: Path
) -> None:
    assert connected_card(tree(tmp_path, outputs)) == card


def test_without_any_graphics_there_is_none(tmp_path: Path) -> None:
    assert connected_card(tmp_path / "nowhere") is None
    (tmp_path / "card0-HDMI-A-1").mkdir()
    (tmp_path / "card0-HDMI-A-1" / "status").write_bytes(b"\xff" * 100)
    assert connected_card(tmp_path) is None


def test_the_library_that_is_told_knows_the_name() -> None:
    """SDL 3 has other names than SDL 2, and a wrong one is passed over in silence."""
    found = importlib.util.find_spec("kivy")
    assert found is not None
    assert found.origin is not None
    libraries = list((Path(found.origin).parents[1] / "Kivy.libs").glob("libSDL2-2*"))
    assert libraries, "where has Kivy put its SDL?"
    assert DEVICE_VARIABLE.encode() in libraries[0].read_bytes()
