"""The watch over a device: it tells the courier how it is, and raises the alarm of the card."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from pathlib import Path

from kiosk.adapters.first_boot_report import Report, Stage, Trouble
from kiosk.core.belonging import AGAIN_MS, PATIENCE_MS
from kiosk.core.reach import Reach
from kiosk.core.standing import Standing
from kiosk.core.telling import LEAST_MS
from kiosk.settings import IdentitySettings
from kiosk.wiring.watching import Watch
from shared.commands import Answer
from shared.errors import SemblanteError
from shared.health import Health, PartState
from tests.fakes.clock import FakeClock
from tests.kiosk.wiring.samples import headless

TILL = '[till]\nkind = "receipt"\nport = "/dev/ttyUSB0"\n'
READ_ONLY = "1 0 179:2 / / rw - ext4 /dev/mmcblk0p2 ro\n"


class Ear:
    """What a courier is told."""

    def __init__(self) -> None:
        self.alarms: dict[str, bool] = {}
        self.told: list[Health] = []
        self.came = threading.Event()
        self.reach = Reach()
        self.standing = Standing("1.4.0", alarms=frozenset({"buttons"}))

    def alarm(self, code: str, on: bool = True) -> None:
        self.alarms[code] = on

    def health(self, health: Health) -> None:
        self.told.append(health)
        self.came.set()


def watch(tmp_path: Path, ear: Ear, clock: FakeClock | None = None, **more: object) -> Watch:
    settings = headless(tmp_path, TILL)
    return Watch(settings, ear, clock or FakeClock(), root=tmp_path, **more)  # type: ignore[arg-type]


def test_it_tells_what_it_sees_and_raises_the_alarm_of_a_card_that_takes_nothing(
    tmp_path: Path,
) -> None:
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "self" / "mountinfo").write_text(READ_ONLY)
    ear, answer = Ear(), Answer("0" * 16, "done")
    watching = watch(tmp_path, ear, answers=lambda: (answer,), trial=lambda: "1.5.0")
    watching.look()
    (told,) = ear.told
    assert (told.version, told.till, told.card_writable) == ("1.4.0", PartState.WELL, False)
    assert (told.answers, told.trial) == ((answer,), "1.5.0")
    assert ear.alarms == {"card": True}


def test_it_looks_by_itself_and_at_once_when_asked_to(tmp_path: Path) -> None:
    ear, clock = Ear(), FakeClock()
    watching = watch(tmp_path, ear, clock)
    watching.start()
    try:
        assert ear.came.wait(10)
        ear.came.clear()
        clock.advance(LEAST_MS)
        watching.again()
        assert ear.came.wait(10)
        ear.came.clear()
        for _ in range(100):
            watching.again()
        assert not ear.came.wait(0.1), "time stands still: so many answers make no report each"
        clock.advance(LEAST_MS)
        watching.again()
        assert ear.came.wait(10)
        assert len(ear.told) == 3
    finally:
        watching.close()
        watching.close()


def test_a_fault_in_one_look_does_not_end_the_watch(tmp_path: Path) -> None:
    ear, faults = Ear(), [SemblanteError("the card stalls"), ValueError("no")]

    def until() -> int | None:
        if faults:
            raise faults.pop()
        return None

    clock = FakeClock()
    watching = watch(tmp_path, ear, clock, certificate_until=until)
    watching.start()
    try:
        for _ in range(100):
            clock.advance(LEAST_MS)
            watching.again()
            if ear.came.wait(0.1):
                break
        assert ear.told
    finally:
        watching.close()


def test_a_settings_file_that_cannot_be_taken_is_told_to_the_hub(tmp_path: Path) -> None:
    ear, plain = Ear(), headless(tmp_path)
    identity = IdentitySettings(tmp_path / "identity", "https://hub", "ab" * 32)
    watching = Watch(replace(plain, identity=identity), ear, FakeClock(), root=tmp_path)  # type: ignore[arg-type]
    watching.look()
    assert ear.alarms.get("file") is False
    Report(Stage.STUCK, "semblante.toml", troubles=(Trouble("stor: …"),)).write(tmp_path)
    watching.look()
    assert ear.alarms.get("file") is True
    Report(Stage.DONE, "semblante.toml").write(tmp_path)
    watching.look()
    assert ear.alarms.get("file") is False


def test_who_is_not_let_in_asks_the_hub_why_once_in_a_while(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    wish, ear, clock = tmp_path / "inbox/renew", Ear(), FakeClock()
    plain = headless(tmp_path)
    identity = IdentitySettings(tmp_path / "identity", "https://hub", "ab" * 32)
    watching = Watch(replace(plain, identity=identity), ear, clock, root=tmp_path)  # type: ignore[arg-type]
    watching.look()
    assert not wish.exists(), "a router that begins anew is back by then"
    clock.advance(PATIENCE_MS)
    watching.look()
    assert wish.exists()
    wish.unlink()
    watching.look()
    assert not wish.exists()
    clock.advance(AGAIN_MS)
    watching.look()
    assert wish.exists()
    shutil.rmtree(wish.parent)
    clock.advance(AGAIN_MS)
    watching.look()
