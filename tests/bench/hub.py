"""How fast the hub takes in, drains and answers, each beside what its parts do alone."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hub.adapters.database import open_engine
from hub.adapters.migrations import migrate
from tests.bench import growth
from tests.bench.draining import drain
from tests.bench.end_to_end import paho_alone, raw_sqlite, rig
from tests.bench.intake import run as run_intake
from tests.bench.intake import run_longer
from tests.bench.pairs import Ratio, in_turn
from tests.bench.queries import fill, measure
from tests.bench.rows import Row

_DRAIN_SHORT, _DRAIN_LONG = 10_000, 200_000
"""Records in each of twenty outboxes."""


def run(long: bool) -> list[Row]:
    """Every row of the hub."""
    rows = [*_end_to_end(long), *_databases(), _longer(), *_questions(), _start()]
    return [*rows, growth.run()] if long else rows


def _end_to_end(long: bool) -> list[Row]:
    with rig() as line:
        hundreds = in_turn(lambda: line.rate(30, 100), lambda: raw_sqlite(60_000))
        ones = in_turn(lambda: line.rate(150, 1), lambda: paho_alone(line.broker, 3_000))
    return [
        _rates("intake, 100 records a message", hundreds, "raw sqlite3, 100 rows a commit", 0.5),
        _rates("intake, 1 record a message", ones, "paho alone", 0.5),
        _drain(_DRAIN_LONG if long else _DRAIN_SHORT, hundreds[1]),
    ]


def _drain(records: int, intake_rate: float) -> Row:
    rate, visitor = drain(records)
    return Row(
        f"drain of 20 outboxes of {records:,} records",
        f"{rate:,.0f}/s, {rate / intake_rate:.2f} of the intake's rate (one run); {visitor}",
        f"intake {intake_rate:,.0f}/s",
        "at least 0.5, and every page comes",
        rate >= 0.5 * intake_rate and not visitor.failed,
    )


def _rates(name: str, found: tuple[Ratio, float, float], baseline: str, goal: float) -> Row:
    ratio, ours, alone = found
    return Row(
        name,
        f"{ratio} at {ours:,.0f}/s",
        f"{baseline}: {alone:,.0f}/s",
        f"at least {goal}",
        ratio.median >= goal,
    )


def _databases() -> list[Row]:
    found = run_intake()
    return [
        Row(
            f"intake without a broker, {name.partition('/')[2]}",
            f"{row['median']} ({row['low']} to {row['high']}, {row['pairs']} pairs)"
            f" at {row['records a second']:,}/s",
            f"{row['bare rows a second']:,}/s",
            "at least 0.5",
            row["median"] >= 0.5,
        )
        for name, row in found.items()
    ]


def _longer() -> Row:
    baseline = "visits and sales alone, SQLite, without a broker"
    return _rates("intake with questionnaires: a tenth responses", run_longer(), baseline, 0.7)


def _questions() -> list[Row]:
    goals = {"one store, 90 days, by hour of day": 10.0, "all stores, 90 days, by hour of day": 100}
    with tempfile.TemporaryDirectory(prefix="semblante-bench-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'hub.db'}")
        migrate(engine)
        fill(engine)
        found = measure(engine)
        engine.dispose()
    rows = []
    for question, took in found.items():
        goal = next((ms for name, ms in goals.items() if question.startswith(name)), None)
        rows.append(
            Row(
                question.partition(" (goal")[0],
                f"{took['median_ms']} ms (worst {took['worst_ms']})",
                "50 stores × 8 points × 90 days of tallies",
                f"{goal:.0f} ms" if goal else "no goal",
                goal is None or took["median_ms"] <= goal,
            )
        )
    return rows


def _start() -> Row:
    program = "import sys, hub.__main__; print('pandas' in sys.modules)"
    took, loaded = [], ""
    for _ in range(5):
        began = time.perf_counter()
        loaded = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        ).stdout.strip()
        took.append(time.perf_counter() - began)
    return Row(
        "start of the hub: everything imported",
        f"{statistics.median(took):.2f} s, pandas imported: {loaded}",
        "5 starts",
        "without pandas",
        loaded == "False",
    )
