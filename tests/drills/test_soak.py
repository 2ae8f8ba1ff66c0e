"""What the looks of a soak say: slopes of warm programs, whole or cut off and begun again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drills import soak
from tests.drills.soak import Look


def looks_of(segment: float, hours: float, *, growth: float = 0, wal: int = 9) -> list[Look]:
    """One look a minute; `growth` in MB a day."""
    return [
        {
            "segment": segment, "at": 60.0 * n, "commit": "abc",
            "kiosk": {"anon": round(50_000 + growth * 1024 * n / 1440), "rss": 60_000,
                      "descriptors": 10, "wal": wal},
            "hub": {"anon": 90_000, "rss": 99_000, "descriptors": 14, "wal": 9},
        }
        for n in range(int(hours * 60) + 1)
    ]  # fmt: skip


VERDICT = {"verdict": {"records": 7, "wrong": []}}


def test_two_hours_that_were_cut_in_two_are_two_hours() -> None:
    looks = [*looks_of(1, 0.5), *looks_of(2, 1.5), VERDICT]
    assert soak.spanned(looks) == 7_200
    assert soak.passed(looks)
    assert "Soak of 2.00 h, 7 records: all flat." in soak.page(looks)


def test_a_kiosk_that_grows_is_told_of() -> None:
    looks = [*looks_of(1, 2, growth=20), VERDICT]
    kiosk, hub = soak.found(looks)
    assert kiosk.slope.middle == pytest.approx(20, rel=0.05)
    assert kiosk.wrong
    assert not hub.wrong
    assert not soak.passed(looks)


def test_a_log_or_descriptors_that_grow_are_told_of() -> None:
    looks = looks_of(1, 1, wal=2_000_001)
    looks[-1]["hub"]["descriptors"] = 90
    kiosk, hub = soak.found(looks)
    assert "log grow" in kiosk.wrong[0]
    assert "descriptors" in hub.wrong[0]


def test_a_few_minutes_say_nothing() -> None:
    assert "too short" in soak.page(looks_of(1, 0.1))
    assert not soak.passed(looks_of(1, 0.1))


def test_a_verdict_that_found_a_loss_fails_the_soak(tmp_path: Path) -> None:
    looks = [*looks_of(1, 2), {"verdict": {"records": 7, "wrong": ["one is lost"]}}]
    assert not soak.passed(looks)
    assert "one is lost" in soak.page(looks)
