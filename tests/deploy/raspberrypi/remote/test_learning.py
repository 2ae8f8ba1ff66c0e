"""A till is learnt on a kiosk elsewhere: paused meanwhile, and running again after every end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from deploy.raspberrypi.installing.layout import CURRENT
from deploy.raspberrypi.remote.learning import KIOSK, TRIAL, UNIT, LearnTill
from deploy.raspberrypi.remote.ssh import Said
from shared.errors import DeviceError
from tests.fakes.remote import FakeRemote

PROGRAM = f"{CURRENT}/venv/bin/semblante-kiosk"


def kiosk(**more: object) -> FakeRemote:
    return FakeRemote(files={PROGRAM: b""}, **more)  # type: ignore[arg-type]


def asked_of(remote: FakeRemote, program: str) -> list[tuple[str, ...]]:
    return [words for words in remote.asked if words[0] == program]


def test_the_lesson_is_a_unit_that_stops_the_kiosk_and_starts_it_again() -> None:
    remote, told = kiosk(lines=("1 of 5: ring up a sale",)), list[str]()
    assert LearnTill(remote, told.append, ("--port", "/dev/ttyUSB0", "--check")).run() == 0
    (words,) = asked_of(remote, "systemd-run")
    assert f"--property=Conflicts={KIOSK}" in words
    assert any(one.startswith("--property=ExecStopPost=+-") and KIOSK in one for one in words)
    at = words.index(PROGRAM)
    assert words[at + 1] == "learn-till"
    assert words[-3:] == ("--port", "/dev/ttyUSB0", "--check")
    assert told[1:] == ["1 of 5: ring up a sale", "✓ the kiosk runs again"]
    assert remote.asked[-1] == ("systemctl", "start", KIOSK)


def test_what_could_not_be_learnt_ends_with_one_and_the_kiosk_runs() -> None:
    remote, told = kiosk(ends=1), list[str]()
    assert LearnTill(remote, told.append).run() == 1
    assert told[-1] == "✓ the kiosk runs again"


def follows(fault: BaseException) -> Callable[[tuple[str, ...]], None]:
    def follow(_words: tuple[str, ...]) -> None:
        raise fault

    return follow


def test_ctrl_c_ends_the_lesson_over_there_at_once() -> None:
    remote, told = kiosk(follows=follows(KeyboardInterrupt())), list[str]()
    assert LearnTill(remote, told.append).run() == 1
    assert asked_of(remote, "systemctl") == [
        ("systemctl", "stop", UNIT),
        ("systemctl", "start", KIOSK),
    ]
    assert "nothing was changed" in told[-2]


def test_a_line_that_is_cut_says_that_the_kiosk_starts_by_itself() -> None:
    remote = kiosk(follows=follows(DeviceError("the line was cut", hint="Again.")))
    with pytest.raises(DeviceError, match="cut") as told:
        LearnTill(remote, lambda _: None).run()
    assert "starts again by itself" in told.value.hint


def test_a_kiosk_that_does_not_start_is_told() -> None:
    answers = {"systemctl": lambda _words: Said(1, "", "Job failed.")}
    remote, told = kiosk(answers=answers), list[str]()
    assert LearnTill(remote, told.append).run() == 1
    assert "does not start: Job failed." in told[-1]


@pytest.mark.parametrize(
    ("files", "why"), [({}, "is no kiosk"), ({PROGRAM: b"", TRIAL: b"{}"}, "on trial")]
)
def test_nobody_is_paused_where_it_cannot_be(files: dict[str, bytes], why: str) -> None:
    remote = FakeRemote(files=files)
    with pytest.raises(DeviceError, match=why):
        LearnTill(remote, lambda _: None).run()
    assert not asked_of(remote, "systemd-run")
