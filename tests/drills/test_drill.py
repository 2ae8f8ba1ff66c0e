"""A short drill on the real thing, on each database: nothing lost, nothing doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.drills.drill import Course, run
from tests.drills.faults import IDENTITY, Kind
from tests.drills.seats import Manner

pytestmark = pytest.mark.journey

QUICK = Manner(pace=6, receipt_timeout=3, longest_wait=3, walks=0.2)
"""Impatient kiosks: a short drill has no time for the waits of a fleet."""


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_whatever_is_killed_nothing_is_lost_and_nothing_counted_twice(
    database: str, tmp_path: Path
) -> None:
    course = Course(tmp_path, seed=1, seconds=8, database=database, kiosks=3, manner=QUICK)
    result = run(course)
    assert result.verdict.faults == []
    assert result.verdict.lost == result.verdict.doubled == 0
    assert result.verdict.thanked > 50
    assert result.verdict.walked > 2
    assert result.verdict.responses > result.verdict.parts > 0
    assert result.kills.keys() >= {"kiosk", "broker", "hub"}


@pytest.mark.timeout(180)
def test_whatever_befalls_certificates_nothing_is_lost_and_all_of_it_is_seen(
    tmp_path: Path,
) -> None:
    kinds = (*sorted(IDENTITY), Kind.KILL_HUB)
    course = Course(tmp_path, seed=1, seconds=4, kiosks=4, certified=True, kinds=kinds, rate=2,
                    manner=QUICK)  # fmt: skip
    result = run(course)
    assert result.verdict.faults == []
    assert result.verdict.lost == result.verdict.doubled == 0
    assert result.verdict.thanked > 50
    assert result.seen["forged: heard and refused"] > 0
    assert result.seen["forged: the alarm is at the hub"] == course.kiosks
