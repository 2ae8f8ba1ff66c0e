"""At its end a drill lies to every kiosk once, and the hub must be told of it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from shared.places import KioskId, PointId, StoreId
from tests.drills.identity_blows import LIES_AGAIN_S, IdentityBlows
from tests.drills.impostor import was_lied_to
from tests.drills.seats import Manner, Seat

PID, EARLIER = 7, 6

LIE = "1e" * 16

PATIENCE_S = 20.0


class Watch:
    """Time passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Stage:
    """One kiosk that hears, or does not, and a hub that is told, or is not."""

    def __init__(self, folder: Path) -> None:
        self.seat = Seat(
            folder / "k-1", StoreId("centro"), PointId("caja-1"), KioskId("k-1"), name="k-1",
            manner=Manner(),
        )  # fmt: skip
        self.seat.program._process = SimpleNamespace(pid=PID)  # type: ignore[assignment]
        rig: Any = SimpleNamespace(seats=[self.seat], engine=None, watch=lambda: None)
        self.blows = IdentityBlows(rig, lambda: False)
        self.hears, self.told_at_look = True, 0
        self.lies = self.looks = 0

    def forge(self, _rig: Any, seat: Seat, impostor: Any, _dice: Any) -> bool:
        """Instead of the broker."""
        self.lies += 1
        impostor.forged[seat.kiosk].add(LIE)
        if self.hears:
            self.note(PID)
        return True

    def note(self, pid: int) -> None:
        """That process heard it."""
        with self.seat.notes.open("a") as notes:
            notes.write(json.dumps({"heard": LIE, "serial": 0, "pid": pid, "passed": False}) + "\n")

    def held(self, _engine: Any) -> Any:
        """Instead of the hub's database."""
        self.looks += 1
        told = 0 < self.told_at_look <= self.looks
        return SimpleNamespace(alarms={"k-1": {"forged"}} if told else {})


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    made = Stage(tmp_path)
    monkeypatch.setattr("tests.drills.poison.forge_signed", made.forge)
    monkeypatch.setattr("tests.drills.identity_blows.holdings", made.held)
    monkeypatch.setattr("tests.drills.identity_blows.time", Watch())
    return made


def test_who_heard_a_lie_is_left_alone_until_the_hub_has_been_told(stage: Stage) -> None:
    stage.told_at_look = 30
    stage.blows.last_words(PATIENCE_S)
    assert (stage.lies, stage.looks) == (1, 30)
    assert stage.blows.findings == []
    assert stage.blows.seen["forged: the alarm is at the hub"] == 1


def test_a_kiosk_that_tells_nobody_is_found_out(stage: Stage) -> None:
    stage.blows.last_words(PATIENCE_S)
    assert stage.blows.findings == ["k-1 was lied to, and the hub was not told"]


def test_who_heard_nothing_is_lied_to_again_and_is_no_proof_of_anything(stage: Stage) -> None:
    stage.hears, stage.told_at_look = False, 1  # an alarm of an earlier process stands there
    stage.blows.last_words(PATIENCE_S)
    assert stage.lies == PATIENCE_S / LIES_AGAIN_S
    assert stage.blows.findings == ["no lie reached k-1"]


def test_what_an_earlier_process_heard_is_not_this_one_s_to_tell(stage: Stage) -> None:
    stage.blows.impostor.forged[stage.seat.kiosk].add(LIE)
    stage.note(EARLIER)
    assert not was_lied_to(stage.seat, stage.blows.impostor)
    stage.note(PID)
    assert was_lied_to(stage.seat, stage.blows.impostor)
