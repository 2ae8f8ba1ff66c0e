"""A device that is no kiosk yet says why, looks again, and does not end over and over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kiosk.adapters.absent import NoScreen
from kiosk.adapters.first_boot_report import Report, Stage, Trouble
from kiosk.adapters.identity import IdentityFolder
from kiosk.core.restarting import RestartAsked
from kiosk.core.unready import Obstacle, Unready
from kiosk.wiring import unready
from kiosk.wiring.unready import unready_page, waited_until_ready
from tests.kiosk.adapters.test_systemd import Systemd
from tests.kiosk.wiring.samples import headless
from tests.parts.authority import SmallAuthority

JOINED = """\
store = "centro"
point = "caja-1"
kiosk = "k-1"
languages = ["en"]
[screen]
driver = "none"
[identity]
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unready, "LOOK_SECONDS", 0.02)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.toml"


def join(folder: Path) -> None:
    identity = IdentityFolder(folder / "identity")
    identity.accept(SmallAuthority().joined(identity.request()))


def test_a_kiosk_has_nothing_in_its_way(config: Path) -> None:
    headless(config.parent)
    assert unready_page(config) is None
    config.write_text(JOINED)
    join(config.parent)
    assert unready_page(config) is None


def test_faults_of_its_settings_are_told_with_their_lines(config: Path) -> None:
    config.write_text('store = "centro"\npiont = "caja-1"\n')
    page = unready_page(config)
    assert page is not None
    assert (page.source, page.trying) == ("kiosk.toml", False)
    assert page.obstacles[0].line == 2
    assert "did you mean “point”?" in page.obstacles[0].text


def test_who_has_not_joined_is_told_in_their_language(config: Path) -> None:
    config.write_text(JOINED)
    page = unready_page(config)
    assert page is not None
    assert (page.language, page.source) == ("en", "")
    assert page.obstacles == (Obstacle("this device has not joined yet", code="unjoined"),)


def test_an_identity_that_was_damaged_or_is_anothers_is_none(config: Path) -> None:
    config.write_text(JOINED)
    join(config.parent)
    told = config.parent / "identity" / "joined.json"
    whole = told.read_text()
    for bad in ("", "{}", "[]", whole.replace("8883", "0"), "[" * 99_999):
        told.write_text(bad)
        assert (page := unready_page(config)) is not None
        assert page.obstacles[0].code == "unjoined"
    told.write_text(whole.replace("k-1", "k-2"))
    assert (page := unready_page(config)) is not None
    assert page.obstacles[0].code == "foreign"


def test_what_the_first_boot_found_is_told_of_the_cards_own_file(config: Path) -> None:
    trouble = Trouble("this join code was used", "Make a new one.", "used")
    Report(Stage.STUCK, "semblante.toml", "", (trouble,)).write(config.parent)
    page = unready_page(config)
    assert page is not None
    assert (page.source, page.trying) == ("semblante.toml", False)
    assert page.obstacles == (Obstacle("this join code was used", "Make a new one.", "used"),)
    Report(Stage.TRYING, "semblante.toml", "", (trouble,)).write(config.parent)
    assert (trying := unready_page(config)) is not None
    assert trying.trying
    config.write_text(JOINED)
    join(config.parent)
    assert unready_page(config) is None, "a kiosk asks, whatever its card says now"


def test_it_speaks_the_language_of_a_file_that_has_faults(config: Path) -> None:
    config.write_text('stor = "centro"\nlanguages = ["pt", "es"]\n')
    page = unready_page(config)
    assert page is not None
    assert page.language == "pt"
    config.unlink()
    trouble = (Trouble("store: is missing"),)
    Report(Stage.STUCK, "semblante.toml", troubles=trouble, language="ar").write(config.parent)
    page = unready_page(config)
    assert page is not None
    assert (page.language, page.source) == ("ar", "semblante.toml")


def test_before_the_first_boot_has_come_to_its_end_it_is_said_so(config: Path) -> None:
    page = unready_page(config)
    assert page is not None
    assert (page.obstacles[0].code, page.source) == ("setting_up", "")


def test_a_file_that_is_given_to_the_kiosks_user_is_looked_at_again(config: Path) -> None:
    config.write_text(JOINED)
    before = unready._seen(config)
    config.chmod(0o640)
    assert unready._seen(config) != before


def test_at_a_terminal_it_only_says_what_is_wrong(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    config.write_text("store = 5")
    assert not waited_until_ready(config)


class Glass(NoScreen):
    """Nothing to look at, but every page is told."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.changed = threading.Event()

    def show(self, page: object) -> None:
        assert isinstance(page, Unready)
        self.shown.append(page.obstacles[0].text)
        self.changed.set()


def test_under_systemd_it_waits_until_the_files_have_changed(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    glass = Glass()
    monkeypatch.setattr(unready, "glass_of", lambda *_: glass)
    config.write_text("store = 5")
    with Systemd(tmp_path / "notify") as systemd:
        monkeypatch.setenv("NOTIFY_SOCKET", systemd.address)

        def mend() -> None:
            assert systemd.next() == "READY=1"
            glass.changed.clear()
            (tmp_path / "new").write_text(JOINED)
            (tmp_path / "new").rename(config)
            assert glass.changed.wait(5)
            join(config.parent)

        mending = threading.Thread(target=mend)
        mending.start()
        with pytest.raises(RestartAsked):
            waited_until_ready(config)
        mending.join(5)
    assert "store: needs" in glass.shown[0]
    assert glass.shown[-1] == "this device has not joined yet"


def test_the_program_stays_with_faults_and_ends_well_when_told_to(
    config: Path, tmp_path: Path
) -> None:
    """A real process, as systemd runs it: no loop of restarts, whatever the file says."""
    config.write_text('store = 5\n[screen]\ndriver = "none"\n')
    with Systemd(tmp_path / "notify") as systemd:
        environment = os.environ | {"NOTIFY_SOCKET": systemd.address}
        program = subprocess.Popen(
            [sys.executable, "-m", "kiosk", "run", "-c", str(config)],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert systemd.next(20) == "READY=1"
            assert program.poll() is None
            program.send_signal(signal.SIGTERM)
            _, told = program.communicate(timeout=20)
        finally:
            program.kill()
            program.wait(5)
    assert program.returncode == 0
    assert "store: needs 1 to 200 printable characters" in told
