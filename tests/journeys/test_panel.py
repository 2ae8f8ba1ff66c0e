"""A technician at a real window: the corner is held, the PIN typed, a file written, a restart."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.__main__ import RESTART
from kiosk.core.passcode import hashed
from tests.kiosk.wiring.samples import headless
from tests.parts.window import Display, running_display

pytestmark = pytest.mark.screen

PATIENCE = 30.0
LONG_S = 5.5
"""Half a second over `PANEL_SECONDS`, whose module would bring Kivy into this process."""
CORNER, MORE, EXPORT, AGAIN = (780, 460), (490, 434), (400, 304), (645, 304)
PAD = {"2": (578, 69), "5": (578, 182), "8": (578, 297), "0": (578, 410), "ok": (714, 410)}
PIN = "2580"


def kiosk(folder: Path) -> Path:
    headless(folder, f'[panel]\npin = "{hashed(PIN, b"salt" * 4)}"')
    file = folder / "kiosk.toml"
    window = 'driver = "x11"\nfullscreen = false'
    file.write_text(file.read_text().replace('driver = "none"', window))
    return file


class Technician:
    """A hand that is no faster than a hand: else it would be taken for a palm."""

    def __init__(self, display: Display) -> None:
        self._display = display

    def await_window(self) -> None:
        self._display.hand("search", "--sync", "--onlyvisible", "--class", "^semblante$")

    def await_word(self, log: Path, word: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while word not in log.read_text():
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)  # another process writes it

    def hold(self, place: tuple[int, int], seconds: float) -> None:
        window = self._display.hand("search", "--onlyvisible", "--class", "^semblante$").split()[-1]
        self._display.hand("mousemove", "--window", window, *place, "mousedown", 1)
        time.sleep(seconds)
        self._display.hand("mouseup", 1)

    def touch(self, *places: tuple[int, int]) -> None:
        for place in places:
            self._display.click("semblante", *place)
            time.sleep(0.3)

    def touch_until(self, done: Callable[[], bool], *places: tuple[int, int]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline
            self.touch(*places)


def test_a_technician_finds_the_panel_and_takes_a_file_along(tmp_path: Path) -> None:
    with running_display() as display:
        log = tmp_path / "kiosk.log"
        with log.open("wb") as told:
            running = subprocess.Popen(
                [sys.executable, "-m", "kiosk", "run", "-c", str(kiosk(tmp_path))],
                env=display.environment,
                stderr=told,
            )
        try:
            hand = Technician(display)
            hand.await_window()
            hand.await_word(log, "started")  # what greets is shown before anybody listens
            hand.hold(CORNER, LONG_S)
            time.sleep(1)
            hand.touch(*(PAD[key] for key in (*PIN, "ok")))
            files = tmp_path / "diagnostics"
            hand.touch_until(lambda: bool(list(files.glob("k-1-*.json"))), MORE, EXPORT)
            (file, *_) = sorted(files.glob("k-1-*.json"))
            document = json.loads(file.read_text())
            assert document["settings"]["place"]["kiosk_id"] == "k-1"
            assert any(line["part"] == "hub" for line in document["lines"])
            hand.touch_until(lambda: running.poll() is not None, AGAIN)
            assert running.returncode == RESTART
        finally:
            if running.poll() is None:
                running.kill()
            running.wait(PATIENCE)
