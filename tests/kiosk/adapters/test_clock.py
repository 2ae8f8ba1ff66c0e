"""The machine's clocks, as the kernel of the machine under test tells them."""

from __future__ import annotations

import ctypes
import time
from pathlib import Path

import pytest

from kiosk.adapters import clock as clock_module
from kiosk.adapters.clock import BOOT_ID, SystemClock
from shared.errors import WordError
from shared.moments import LATEST_WALL_MS


def test_the_boot_id_is_the_kernels() -> None:
    told = BOOT_ID.read_text().strip()
    assert SystemClock().boot_id == told.replace("-", "")


def test_now_lies_between_two_readings_of_the_kernels_clocks() -> None:
    clock = SystemClock()
    before = time.time_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    now = clock.now()
    after = time.time_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    assert before[0] // 1_000_000 <= now.wall <= after[0] // 1_000_000
    assert before[1] // 1_000_000 <= now.boot <= after[1] // 1_000_000


def test_the_kernels_answer_is_asked_for_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    boots = iter([5_000, 5_500, 5_999, 6_000])
    asked: list[object] = []

    def adjtimex(answer: object) -> int:
        asked.append(answer)
        return 0

    clock = SystemClock()
    monkeypatch.setattr(clock, "_adjtimex", adjtimex)
    monkeypatch.setattr(time, "clock_gettime_ns", lambda _clock: next(boots) * 1_000_000)
    assert [(clock.now().synced, len(asked)) for _ in range(4)] == [(True, 1)] * 3 + [(True, 2)]


@pytest.mark.parametrize(
    ("state", "status", "synced"),
    [(0, 0x0001, True), (0, 0x2001, True), (5, 0x0041, False), (0, 0x0040, False), (-1, 0, False)],
)
def test_synchronised_is_what_the_kernel_calls_so(
    monkeypatch: pytest.MonkeyPatch, state: int, status: int, synced: bool
) -> None:
    def adjtimex(reference: object) -> int:
        answer = ctypes.cast(reference, ctypes.POINTER(clock_module._Timex))  # type: ignore[arg-type]
        answer.contents.status = status
        return state

    clock = SystemClock()
    monkeypatch.setattr(clock, "_adjtimex", adjtimex)
    assert clock.now().synced is synced


def test_the_struct_is_laid_out_as_the_kernel_writes_it() -> None:
    assert clock_module._Timex.status.offset == 40
    assert ctypes.sizeof(clock_module._Timex) >= 208


@pytest.mark.parametrize("wall_ms", [-1, LATEST_WALL_MS + 1])
def test_a_clock_beyond_all_sense_is_bounded_and_not_believed(
    monkeypatch: pytest.MonkeyPatch, wall_ms: int
) -> None:
    clock = SystemClock()
    monkeypatch.setattr(clock, "_adjtimex", lambda _answer: 0)
    monkeypatch.setattr(time, "time_ns", lambda: wall_ms * 1_000_000)
    now = clock.now()
    assert (now.wall in (0, LATEST_WALL_MS), now.synced) == (True, False)


def test_a_boot_id_that_is_none_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "boot_id").write_text("no boot id\n")
    with pytest.raises(WordError):
        SystemClock(tmp_path / "boot_id")


def test_a_clock_that_lost_its_time_goes_on_from_the_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, mark = 1_000_000, 1_760_000_000_000  # ms; it is 1970 after a power cut
    monkeypatch.setattr(time, "time_ns", lambda: wall * 1_000_000)
    clock = SystemClock(mark=mark)
    monkeypatch.setattr(clock, "_is_synced", lambda _boot: False)
    assert clock.now().wall == mark
    wall += 5_000
    assert clock.now().wall == mark + 5_000, "it runs, and does not stand at the mark"


def test_a_clock_that_is_ahead_of_the_mark_or_right_is_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wall, synced = 1_760_000_000_000, False
    monkeypatch.setattr(time, "time_ns", lambda: wall * 1_000_000)
    ahead, behind = SystemClock(mark=wall - 9_000), SystemClock(mark=wall + 9_000)
    for clock in (ahead, behind):
        monkeypatch.setattr(clock, "_is_synced", lambda _boot: synced)
    assert ahead.now().wall == wall
    assert behind.now().wall == wall + 9_000
    synced = True
    assert behind.now().wall == wall, "the mark was set by a clock that was wrong"
    synced = False
    assert behind.now().wall == wall


def test_where_the_kernel_may_not_be_asked_timesyncd_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(clock_module, "TIMESYNC", tmp_path / "synchronized")
    monkeypatch.setattr(clock_module, "FRESH_MS", 0)
    clock = SystemClock()
    monkeypatch.setattr(clock, "_adjtimex", lambda _answer: -1)
    assert not clock.now().synced
    (tmp_path / "synchronized").touch()
    assert clock.now().synced
