"""The update unit's program on a real folder, over real TLS, also killed where it hurts."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.adapters.disk import Card
from kiosk.adapters.versions import outcomes_on, trial_on
from kiosk.core.ordering import BEGUN
from kiosk.core.reach import Reach
from kiosk.wiring.maintaining import LEFT, run_apply_update, run_guard
from kiosk.wiring.obeying import Hands, Obeying
from shared.commands import Answer, Command, Order
from shared.errors import DeviceError
from tests.fakes.clock import FakeClock
from tests.fakes.outbox import FakeOutbox
from tests.kiosk.courier.rig import EPOCH, KIOSK
from tests.parts.authority import SmallAuthority
from tests.parts.releases import PROGRAM, BundleDoor, Releases, bundle_door

ORDER = "0123456789abcdef"
SEED = 6


@dataclass
class Kiosk:
    """/data/semblante of a kiosk that runs version 1."""

    data: Path
    keys: Path
    releases: Releases
    door: BundleDoor

    @property
    def words(self) -> list[str]:
        return ["--data", str(self.data), "--keys", str(self.keys)]

    def order(self, version: str, order: str = ORDER) -> None:
        word = {"id": order, "version": version, "url": self.door.url(version)}
        (self.data / "inbox" / "update.json").write_text(json.dumps(word))

    def tend(self) -> None:
        run_apply_update(self.words)

    def guard(self) -> None:
        if (self.data / "trial.json").exists():
            run_guard(self.words)

    def prove(self, version: str) -> None:
        (self.data / "inbox" / "proof.json").write_text(json.dumps({"version": version}))

    def release(self, version: str, serial: int) -> Path:
        return self.releases.build(self.door.shelf / version, version, serial)

    @property
    def current(self) -> str:
        folder = self.data / "current"
        assert (folder / ".complete").exists()
        assert (folder / "program").read_bytes() == PROGRAM
        return folder.resolve().name

    @property
    def answer(self) -> Answer:
        return outcomes_on(self.data, Card())[-1]


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    data, shelf, releases = tmp_path / "data/semblante", tmp_path / "shelf", Releases()
    first = data / "versions" / "1"
    for folder in (first, data / "inbox", data / "identity", shelf):
        folder.mkdir(parents=True)
    (first / "program").write_bytes(PROGRAM)
    (first / ".complete").touch()
    (data / "current").symlink_to("versions/1")
    authority = SmallAuthority()
    (data / "identity" / "authority.pem").write_text(authority.pem)
    keys = releases.write_keys(tmp_path / "keys.json")
    with bundle_door(tmp_path, authority, shelf) as door:
        made = Kiosk(data, keys, releases, door)
        made.release("2", 20)
        made.release("3", 30)
        yield made


def test_a_version_comes_from_the_hub_is_tried_and_confirmed(kiosk: Kiosk) -> None:
    kiosk.order("2")
    kiosk.tend()
    kiosk.guard()
    assert (kiosk.current, trial_on(kiosk.data, Card())) == ("2", "2")
    kiosk.prove("2")
    kiosk.tend()
    assert kiosk.answer == Answer(ORDER, "done")
    assert trial_on(kiosk.data, Card()) is None
    assert sorted(one.name for one in kiosk.data.iterdir()) == [
        "confirmed.json", "current", "downloads", "identity", "inbox", "outcomes.json",
        "previous", "update.lock", "versions",
    ]  # fmt: skip
    assert run_guard([*kiosk.words, "--overdue"]) == 0


def test_a_version_that_proves_nothing_is_left(kiosk: Kiosk) -> None:
    kiosk.order("2")
    kiosk.tend()
    for _ in range(4):
        kiosk.guard()
    assert kiosk.current == "1"
    assert kiosk.answer == Answer(ORDER, "rolled_back")


def test_a_version_that_runs_too_long_without_proof_is_left(
    kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk.order("2")
    kiosk.tend()
    kiosk.guard()
    monkeypatch.setattr("kiosk.core.updating.LONGEST_TRIAL_MS", 0)
    assert run_guard([*kiosk.words, "--overdue"]) == LEFT
    assert kiosk.current == "1"


@pytest.mark.parametrize("drill", ["downgrade", "truncated", "signature", "install", "fetch"])
def test_a_release_that_may_not_be_taken_changes_nothing(kiosk: Kiosk, drill: str) -> None:
    shelf = kiosk.door.shelf
    if drill == "downgrade":
        kiosk.order("3", "00000000000000aa")
        kiosk.tend()
        kiosk.guard()
        kiosk.prove("3")
        kiosk.tend()
    elif drill == "truncated":
        content = (shelf / "2").read_bytes()
        (shelf / "2").write_bytes(content[: content.rindex(PROGRAM)])
    elif drill == "signature":
        Releases().build(shelf / "2", "2", 20)
    elif drill == "install":
        kiosk.releases.files["install.pyz"] = b"import sys; sys.exit('no')"
        kiosk.release("2", 20)
    else:
        (shelf / "2").unlink()
    before = kiosk.current
    kiosk.order("2")
    kiosk.tend()
    assert kiosk.answer == Answer(ORDER, drill)
    assert kiosk.current == before
    assert list((kiosk.data / "inbox").iterdir()) == []
    kiosk.release("4", 40)
    kiosk.releases.files["install.pyz"] = Releases().files["install.pyz"]
    kiosk.release("4", 40)
    kiosk.order("4", "00000000000000bb")
    kiosk.tend()
    assert kiosk.current == "4", "the next one is taken"


def _nothing() -> None:
    """Nobody listens."""


def test_from_the_hubs_order_to_its_answer(kiosk: Kiosk) -> None:
    """What the courier hears becomes a file, an update, a proof, and the answer for the hub."""
    clock = FakeClock()
    hands = Hands(
        identify=_nothing, collect=str, at_rest=lambda: True, begin_anew=_nothing,
        reach=Reach, told=_nothing,
    )  # fmt: skip
    obeying = Obeying(FakeOutbox(KIOSK, EPOCH), clock, hands, kiosk.data, kiosk.door.url("")[:-1])
    until = clock.wall + 60_000
    obeying.handle(Command(ORDER, Order.UPDATE, until, "2"))
    assert obeying.answers == (Answer(ORDER, BEGUN),)
    kiosk.tend()
    kiosk.guard()
    assert kiosk.current == "2"
    kiosk.prove("2")
    kiosk.tend()
    assert obeying.answers == (Answer(ORDER, "done"),)
    back = Command("00000000000000bb", Order.ROLL_BACK, until)
    obeying.handle(back)
    kiosk.tend()
    kiosk.guard()
    kiosk.prove("1")
    kiosk.tend()
    assert kiosk.current == "1"
    assert obeying.answers[-1] == Answer(back.id, "done")
    late = Command("00000000000000cc", Order.UPDATE, clock.wall - 1, "3")
    obeying.handle(late)
    assert obeying.answers[-1] == Answer(late.id, "late")
    assert list((kiosk.data / "inbox").iterdir()) == []


def test_a_folder_that_is_none_is_said() -> None:
    with pytest.raises(DeviceError, match="No such file"):
        run_guard(["--data", "/nowhere/at/all"])


def test_killed_at_any_time_a_version_that_works_is_current_and_it_goes_on(kiosk: Kiosk) -> None:
    """SIGKILL, at times that a seed chooses between begin and end of one whole run."""
    command = [sys.executable, "-m", "kiosk", "apply-update", *kiosk.words]
    chance = random.Random(SEED)
    kiosk.order("2")
    began = time.monotonic()
    subprocess.run(command, check=True, timeout=30, capture_output=True)
    whole = time.monotonic() - began
    killed = 0
    for number in range(5):
        version = str(10 + number)
        kiosk.release(version, 100 + number)
        _end_the_trial(kiosk)
        kiosk.order(version, f"{number:016x}")
        began = time.monotonic()
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(whole * chance.uniform(0.3, 0.9))
            whole = time.monotonic() - began  # the machine is quicker than it was
        except subprocess.TimeoutExpired:
            run.kill()
            killed += 1
        run.wait(10)
        kiosk.guard()
        assert kiosk.current
        kiosk.tend()
        kiosk.guard()
        assert kiosk.current == version
    assert killed, "it was always faster"


def _end_the_trial(kiosk: Kiosk) -> None:
    kiosk.guard()
    kiosk.prove(kiosk.current)
    kiosk.tend()
