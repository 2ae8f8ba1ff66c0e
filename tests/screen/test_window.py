"""The window itself: a real X server, real clicks and keys, the driver, start and stop."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import IO

import pytest

from kiosk.screen import glass
from kiosk.screen.app import KioskScreen
from shared.errors import HardwareError
from tests.fakes.clock import FakeClock
from tests.parts.window import Display, running_display
from tests.screen.rig import Rig
from tests.screen.samples import ASKING, RESTING, THANKS

pytestmark = pytest.mark.screen

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0


class Program:
    """The stand-in in a process of its own, and the lines that it writes."""

    def __init__(self, environment: dict[str, str], *arguments: str | int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.screen.standin", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,))
        self._reader.start()

    def _read(self, output: IO[str]) -> None:
        for line in output:
            self._lines.put(line.strip())
        output.close()

    def next_line(self) -> str:
        """The next line of it that is not a log's."""
        try:
            while "[info" in (line := self._lines.get(timeout=PATIENCE)):
                pass
        except Empty:
            pytest.fail(f"the program said nothing for {PATIENCE:g} s")
        return line

    def stop(self) -> None:
        """Ask it to stop."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()

    def end(self) -> None:
        """Make sure that it is gone."""
        assert self.process.stdin is not None
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stdin.close()
        self._reader.join(PATIENCE)


@contextmanager
def program(environment: dict[str, str], *arguments: str | int) -> Iterator[Program]:
    running = Program(environment, *arguments)
    try:
        yield running
    finally:
        running.end()


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    with running_display() as found:
        yield found


def without_display() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DISPLAY"}


Place = Callable[[float, float], tuple[float, float]]


def upright(x: float, y: float) -> tuple[float, float]:
    """Where a place of the page is on a panel of 800×480 that hangs as it is built."""
    return x, y


def turned(x: float, y: float) -> tuple[float, float]:
    """The same for a page of 480×800 on a panel turned by 90 degrees."""
    return y, 479 - x


def headlong(x: float, y: float) -> tuple[float, float]:
    """On a panel that hangs upside down."""
    return 799 - x, 479 - y


def turned_back(x: float, y: float) -> tuple[float, float]:
    """A page of 480×800 on a panel turned by 270 degrees."""
    return 799 - y, x


class TestARealWindow:
    @pytest.mark.parametrize(
        ("rotation", "place", "size", "sad", "done"),
        [
            (0, upright, "800 480", (150, 270), (680, 420)),
            (90, turned, "480 800", (117, 290), (395, 740)),
            (180, headlong, "800 480", (150, 270), (680, 420)),
            (270, turned_back, "480 800", (117, 290), (395, 740)),
        ],
        ids=["upright", "turned", "headlong", "turned back"],
    )
    def test_clicks_become_events_and_pages_follow(
        self,
        display: Display,
        rotation: int,
        place: Place,
        size: str,
        sad: tuple[float, float],
        done: tuple[float, float],
    ) -> None:
        with program(display.environment, "x11", 800, 480, rotation) as running:
            assert running.next_line() == f"ready {size}"
            display.click("semblante", *place(*sad))
            assert running.next_line() == "FaceTouched sad"
            display.click("semblante", *place(*done))
            assert running.next_line() == "DoneTouched"
            running.stop()
            assert running.next_line() == "stopped"
            assert running.process.wait(PATIENCE) == 0

    def test_neither_escape_nor_f1_nor_any_other_key_does_anything(self, display: Display) -> None:
        with program(display.environment, "x11", 800, 480, 0) as running:
            assert running.next_line() == "ready 800 480"
            display.press("Escape", "F1", "F11", "F12", "Return", "ctrl+e", "alt+F4", "Escape")
            display.click("semblante", 400, 270)
            assert running.next_line() == "FaceTouched neutral"
            assert running.process.poll() is None

    def test_one_click_is_one_event(self, display: Display) -> None:
        with program(display.environment, "x11", 800, 480, 0) as running:
            assert running.next_line() == "ready 800 480"
            for _ in range(5):
                display.click("semblante", 650, 270)
                assert running.next_line() == "FaceTouched happy"
                display.click("semblante", 680, 420)
                assert running.next_line() == "DoneTouched"
            running.stop()
            assert running.next_line() == "stopped", "an event came twice"


class TestTheDriver:
    @pytest.mark.parametrize("driver", ["x11", "kmsdrm"])
    def test_one_that_cannot_be_had_is_told_with_a_hint(self, driver: str) -> None:
        with program(without_display(), driver, 800, 480, 0) as running:
            line = running.next_line()
            assert line.startswith(
                f"HardwareError no window could be opened by the driver “{driver}”"
            )
            assert "libgl1" in line
            assert running.process.wait(PATIENCE) == 3

    def test_another_one_than_asked_for_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(glass, "video_driver", lambda: "offscreen")
        with pytest.raises(HardwareError, match="came up on “offscreen” instead of “kmsdrm”"):
            glass.check_driver("kmsdrm")

    def test_the_name_is_sdls_own(self, rig: Rig) -> None:
        assert rig.window.initialized
        assert glass.video_driver() == "offscreen"

    def test_its_case_does_not_matter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(glass, "video_driver", lambda: "KMSDRM")
        glass.check_driver("kmsdrm")


class TestStartAndStop:
    def test_a_stop_that_comes_from_another_thread_ends_it_at_once(self) -> None:
        with program(without_display(), "offscreen", 800, 480, 0) as running:
            assert running.next_line() == "ready 800 480"
            running.stop()
            assert running.next_line() == "stopped"
            assert running.process.wait(PATIENCE) == 0

    def test_a_stop_that_comes_first_is_not_forgotten(self) -> None:
        with program(without_display(), "offscreen", 800, 480, 0) as running:
            running.stop()
            while (line := running.next_line()) != "stopped":
                assert line.startswith("ready")

    def test_pages_and_stops_before_the_window_is_open_are_harmless(self) -> None:
        screen = KioskScreen(FakeClock(), driver="offscreen")
        screen.show(ASKING)
        screen.stop()

    def test_the_last_of_several_pages_is_shown(self, rig: Rig) -> None:
        for page in (ASKING, RESTING, THANKS):
            rig.screen.show(page)
        rig.frames(2)
        assert rig.stage.sheet is rig.stage.thanks

    def test_a_page_from_another_thread_is_shown(self, rig: Rig) -> None:
        thread = threading.Thread(target=rig.screen.show, args=(ASKING,))
        thread.start()
        thread.join(PATIENCE)
        rig.frames(2)
        assert rig.stage.sheet is rig.stage.asking

    def test_kivy_is_imported_only_once_a_window_is_wanted(self) -> None:
        program = "import sys, kiosk.screen.app; sys.exit('kivy' in sys.modules)"
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=PATIENCE, check=True)

    def test_nothing_is_written_to_the_home_folder(self, tmp_path: Path) -> None:
        environment = without_display() | {"HOME": str(tmp_path)}
        with program(environment, "offscreen", 800, 480, 0) as running:
            assert running.next_line() == "ready 800 480"
            running.stop()
            assert running.next_line() == "stopped"
        assert [path.name for path in tmp_path.iterdir() if path.name != ".cache"] == []
