"""The glass is told which graphics card leads to a screen, before it opens."""

from __future__ import annotations

import os

import pytest

from kiosk.adapters.absent import NoScreen
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.drm import DEVICE_VARIABLE
from kiosk.settings import ScreenSettings
from kiosk.wiring import front
from kiosk.wiring.front import glass_of


def told(monkeypatch: pytest.MonkeyPatch, driver: str, card: int | None) -> str | None:
    monkeypatch.setattr(front, "connected_card", lambda: card)
    monkeypatch.setenv(DEVICE_VARIABLE, "")  # so that it is put back as it was
    monkeypatch.delenv(DEVICE_VARIABLE)
    glass_of(ScreenSettings(driver, (800, 480), True, 0), SystemClock())
    return os.environ.get(DEVICE_VARIABLE)


def test_kmsdrm_is_told_the_card_with_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, "kmsdrm", 1) == "1"


@pytest.mark.parametrize(("driver", "card"), [("kmsdrm", None), ("x11", 1), ("none", 1)])
def test_whoever_has_no_use_for_it_is_told_nothing(
    monkeypatch: pytest.MonkeyPatch, driver: str, card: int | None
) -> None:
    assert told(monkeypatch, driver, card) is None


def test_what_somebody_has_set_by_hand_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "connected_card", lambda: 1)
    monkeypatch.setenv(DEVICE_VARIABLE, "0")
    glass_of(ScreenSettings("kmsdrm", (800, 480), True, 0), SystemClock())
    assert os.environ[DEVICE_VARIABLE] == "0"


def test_a_drill_needs_no_glass() -> None:
    assert isinstance(
        glass_of(ScreenSettings("none", (800, 480), True, 0), SystemClock()), NoScreen
    )
