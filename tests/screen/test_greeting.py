"""A kiosk that starts shows the store's name before it has loaded what no shopper sees."""

from __future__ import annotations

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
