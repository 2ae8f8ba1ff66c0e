"""The latest time that was seen outlives the power, and is written seldom."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.high_water import EVERY_MS, HighWater
from shared.moments import LATEST_WALL_MS, Moment

NOON = 1_760_000_000_000


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock"


def test_it_is_noted_at_once_and_then_every_ten_minutes(file: Path) -> None:
    water = HighWater(file)
    assert water.mark() == 0
    noted = [
        ms
        for ms in range(0, 3 * EVERY_MS, 60_000)
        if water.note(Moment(NOON + ms, 5_000 + ms, True))
    ]
    assert noted == [0, EVERY_MS, 2 * EVERY_MS]
    assert water.mark() == NOON + 2 * EVERY_MS
    assert file.stat().st_mtime_ns == water.mark() * 1_000_000


def test_a_clock_that_may_be_wrong_moves_it_only_on(file: Path) -> None:
    HighWater(file).note(Moment(NOON, 0, True))
    assert not HighWater(file).note(Moment(60_000, 0, False)), "1970 after a power cut"
    assert HighWater(file).note(Moment(NOON + 1, 0, False))
    assert HighWater(file).note(Moment(NOON - 5, 0, True)), "who knows the time knows it better"
    assert HighWater(file).mark() == NOON - 5


@pytest.mark.parametrize("rubbish", [b"", b"-5", b"\xff", b"9" * 40, b"tomorrow", b"1e9"])
def test_rubbish_is_no_mark(rubbish: bytes, file: Path) -> None:
    file.write_bytes(rubbish)
    assert HighWater(file).mark() == 0


def test_a_mark_beyond_all_time_is_cut(file: Path) -> None:
    file.write_bytes(b"9" * 15)
    assert HighWater(file).mark() == LATEST_WALL_MS


def test_a_card_that_fails_is_no_fault_of_the_clock(tmp_path: Path) -> None:
    assert not HighWater(tmp_path / "nowhere" / "clock").note(Moment(NOON, 0, True))
