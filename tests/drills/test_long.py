"""The book of a long drill: whole lines only, what is left, and the page that is made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.drills import long, report
from tests.drills.long import Goal


def a_round(**other: Any) -> dict[str, Any]:
    """As `Result.as_json` tells it."""
    return {
        "passed": True, "records": 1_000, "visits": 500, "thanked": 400, "shoppers": 500,
        "before_windows": 5, "lost": 0, "doubled": 0, "explained": {}, "wrong": [],
        "faults": {"line cut": 8, "hub killed": 2}, "kills": {"hub": 2, "kiosk": 3, "broker": 1,
        "database": 1}, "recovery_ms": {"line cut": [100, 300]}, "seconds": 60,
        "tap_to_thanks_ms": {"calm": {"4": 98, "10": 2}, "line cut": {"4": 9, "20": 1}},
        "seed": 10_000, "database": "sqlite", "commit": "abc", "date": "2026-11-22",
    } | other  # fmt: skip


def test_a_line_that_was_cut_short_is_no_round_and_the_next_begins_anew(tmp_path: Path) -> None:
    log = tmp_path / "rounds.jsonl"
    long.append(log, a_round())
    with log.open("a") as file:
        file.write('{"passed": tr')
    assert long.read(log) == [a_round()]
    long.append(log, a_round())
    assert long.read(log) == [a_round(), a_round()]


def test_the_goal_is_reached_when_the_last_of_its_parts_is() -> None:
    goal = Goal(records=3_000, faults=20)
    total = report.summed([a_round(), a_round()])
    assert goal.share(total) == pytest.approx(2 / 50)  # kills
    assert goal.share(report.summed([a_round()] * 50)) == 1


def test_what_is_left_is_reckoned_by_what_is_farthest_behind() -> None:
    rounds = [a_round(), a_round()]
    assert long.left(rounds, Goal(10_000, 20)) == "48 minutes left"  # for 48 kills
    assert "unknown" in long.left([a_round()], Goal())
    assert "0 lost" in long.progress(rounds, Goal())


def test_a_folder_of_another_seed_is_not_gone_on_with(tmp_path: Path) -> None:
    long.append(tmp_path / "rounds.jsonl", a_round())
    with pytest.raises(AssertionError, match="another seed"):
        long.go(tmp_path, 7, Goal(), print, long.Field())


def test_a_round_that_failed_ends_the_drill(tmp_path: Path) -> None:
    long.append(tmp_path / "rounds.jsonl", a_round(passed=False, wrong=["one is lost"]))
    rounds = long.go(tmp_path, 1, Goal(), print, long.Field())
    assert len(rounds) == 1
    assert "✗ one is lost" in report.as_page(rounds, "make drill", 1)


def test_the_page_says_what_the_rounds_say_and_a_document_takes_it_over(tmp_path: Path) -> None:
    page = report.write(tmp_path, [a_round(), a_round()], "make drill LONG=1", 1)
    assert "**2,000 records under 20 faults: 0 lost, 0 doubled.**" in page
    assert "| line cut | 16 | 300 ms (median of 4) | 300 ms |" in page
    assert "| every fault of the net | 20 | 4 ms | 20 ms | 20 ms | 2.00 |" in page
    assert "0 of 4 took longer than they should" in page
    slow = a_round(recovery_ms={"line cut": [15_001], "line black, without FIN": [24_000]})
    assert "1 of 2 took longer" in report.as_page([slow], "make drill", 1)
    assert json.loads((tmp_path / "report.json").read_text())["kills"]["kiosk"] == 6
    document = tmp_path / "page.md"
    document.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.adopt(page, document)
    assert document.read_text() == f"before\n{report.BEGIN}\n{page}{report.END}\nafter\n"
