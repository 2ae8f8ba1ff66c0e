"""The long drill: rounds of a few minutes, each judged by itself, until the sentence is proved.

Each finished round is a line of `rounds.jsonl`; begun again in the same folder with the same seed,
the drill goes on after the last of them.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.drills.drill import Course, run
from tests.drills.faults import Fault, Kind
from tests.drills.report import Round, Sum, summed
from tests.drills.seats import Manner

LEAST_KILLS = 50
"""Of each process."""


@dataclass(frozen=True)
class Goal:
    """When it is enough."""

    records: int = 1_000_000
    faults: int = 10_000

    def share(self, total: Sum) -> float:
        """How much of it is done, 0 to 1: the part that is farthest behind."""
        kills = [total.kills[name] for name in ("kiosk", "broker", "hub", "database")]
        parts = (total.records / self.records, total.faults_together / self.faults,
                 min(kills) / LEAST_KILLS)  # fmt: skip
        return min(1.0, *parts)


ROUND_S = 240.0
"""Long enough that starting and judging (20 s) is little of it."""


def go(
    folder: Path, seed: int, goal: Goal, told: Callable[[str], None], *, kiosks: int, pace: float
) -> list[Round]:
    """Rounds until the goal is reached, or one fails; returns all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "rounds.jsonl"
    rounds = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
    began, before = time.monotonic(), goal.share(summed(rounds))
    while goal.share(summed(rounds)) < 1 and all(one["passed"] for one in rounds):
        course = _course(folder / "round", seed, len(rounds), kiosks, pace)
        shutil.rmtree(course.folder, ignore_errors=True)
        rounds.append(run(course).as_json() | {"seed": course.seed, "database": course.database})
        with log.open("a") as file:
            file.write(json.dumps(rounds[-1]) + "\n")
        told(_progress(rounds, goal, before, time.monotonic() - began))
    return rounds


TEN_MINUTES: Final = (Fault(5, Kind.LOCK_DATABASE, "hub", 600, 1),)
"""The first round: nothing else happens, and nothing may be lost of what piles up."""


def _course(folder: Path, seed: int, number: int, kiosks: int, pace: float) -> Course:
    return Course(
        folder,
        seed * 10_000 + number,
        seconds=ROUND_S,
        rate=2.6,
        database=("sqlite", "postgres")[number % 2],
        kiosks=kiosks,
        windows=1,
        manner=Manner(pace=pace, receipt_timeout=10, longest_wait=10, seed=seed),
        faults=() if number else TEN_MINUTES,
        drain_s=300,
    )


def _progress(rounds: list[Round], goal: Goal, before: float, seconds: float) -> str:
    total = summed(rounds)
    done = goal.share(total)
    left = seconds / (done - before) * (1 - done) if done > before else float("inf")
    return (
        f"round {len(rounds)} ({rounds[-1]['database']}): {done:.1%} · {total.records:,} records · "
        f"{total.faults_together:,} faults · {total.lost} lost · {total.doubled} doubled · "
        f"{left / 60:.0f} minutes left"
    )
