"""A kiosk that starts shows the store's name before it has loaded what no shopper sees."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.core.events import Event, LanguageTouched
from kiosk.screen.app import KioskScreen
from tests.fakes.clock import FakeClock
from tests.kiosk.wiring.samples import headless

pytestmark = pytest.mark.screen

ROOT = Path(__file__).parents[2]


def test_the_first_page_is_painted_before_the_rest_is_loaded(tmp_path: Path) -> None:
    headless(tmp_path)
    file = tmp_path / "kiosk.toml"
    file.write_text(file.read_text().replace('driver = "none"', 'driver = "offscreen"'))
    told = subprocess.run(
        [sys.executable, "-m", "tests.screen.greeted", str(file)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    painted, served = [line.split() for line in told.stdout.splitlines() if "[" not in line]
    assert painted[0] == "painted"
    assert int(painted[1]) > 20, "a page with its lettering has more colours than an empty glass"
    assert painted[2:] == []
    assert served == ["served", "kiosk.loop", "paho", "sqlalchemy"]


def test_what_is_touched_before_anybody_listens_is_dropped() -> None:
    screen = KioskScreen(FakeClock())
    told: list[Event] = []
    touched = LanguageTouched(FakeClock().now(), "en")
    screen._tell(touched)
    screen.listen(told.append)
    screen._tell(touched)
    assert told == [touched]


DRAWN = """
import threading, time
from kiosk.adapters.clock import SystemClock
from kiosk.core.effects import Resting
from kiosk.screen.app import KioskScreen

screen = KioskScreen(SystemClock(), driver="offscreen")
screen.greet(Resting("es", ("es",), "Centro", "Caja"))
before = screen.drawn

def see():
    screen.show(Resting("es", ("es",), "Centro", "Caja 1"))
    until = time.monotonic() + 20
    while not screen.drawn and time.monotonic() < until:
        time.sleep(0.01)
    screen.stop()

threading.Thread(target=see).start()
screen.run()
print("drawn", before, screen.drawn)
"""


def test_a_glass_says_that_a_page_was_drawn_once_it_is_served() -> None:
    """By this, among others, a version on trial proves itself."""
    told = subprocess.run(
        [sys.executable, "-c", DRAWN], cwd=ROOT, capture_output=True, text=True, timeout=60,
        check=True,
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen", "KIVY_NO_ARGS": "1"},
    )  # fmt: skip
    assert "drawn False True" in told.stdout
