"""How fast the pages of a questionnaire turn, against the pages around a visit and itself."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

from tests.bench.rows import Row

PAGE_MS: Final = 100.0

WALKS: Final = 1_000

NO_GROWTH_MB: Final = 2.0
"""As for visits: memory goes up and down by a megabyte; this is 70 bytes for each question."""

PATIENCE_S: Final = 3_600.0


def run(long: bool) -> list[Row]:
    """Both rows; the short way takes about half a minute."""
    walks = WALKS if long else 24
    rows = _walks(walks)
    return [*(_pages(rows, language) for language in ("es", "ar")), _growth(rows, walks)]


def _walks(count: int) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "tests.bench.question_pages", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _pages(rows: list[dict[str, Any]], language: str) -> Row:
    spoken = [row for row in rows if row["language"] == language]
    took, worked = zip(*(page for row in spoken for page in row["pages"]), strict=True)
    usual, at_it = zip(*(page for row in spoken for page in row["usual"]), strict=True)
    return Row(
        f"questionnaire ({language}): a page change painted, p99",
        f"{_p99(took):.0f} ms (half within {statistics.median(took):.0f}), of which processors "
        f"worked {_p99(worked):.0f} ({statistics.median(worked):.0f}); {len(took)} pages of every "
        "kind, up to 12 choices and a keyboard",
        f"asking, thanks and resting in the same walks: p99 {_p99(usual):.0f} ms "
        f"(half within {statistics.median(usual):.0f}), work {_p99(at_it):.0f}",
        f"{PAGE_MS:.0f} ms",
        _p99(took) <= PAGE_MS,
    )


def _growth(rows: list[dict[str, Any]], walks: int) -> Row:
    memories = [row["memory"] for row in rows][walks // 4 :]
    begin, end = (statistics.median(part) for part in (memories[:5], memories[-5:]))
    return Row(
        f"questionnaire: growth over {walks:,} walks of 30 questions",
        f"{end - begin:+.2f} MB",
        f"itself after {walks // 4:,} walks: {begin:.1f} MB",
        f"none (under {NO_GROWTH_MB:.0f} MB over {WALKS:,} walks)",
        end - begin <= NO_GROWTH_MB,
    )


def _p99(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[98]
