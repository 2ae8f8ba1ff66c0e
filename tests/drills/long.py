"""The long drill: rounds of a few minutes, each judged by itself, until the sentence is proved.

Each finished round is a line of `rounds.jsonl`, synced; begun again in the same folder with the
same seed, the drill goes on after the last of them. A round that is judged wrong ends it, and the
files of that round stay.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.drills.drill import Course, run
from tests.drills.faults import ANYWHERE, CERTIFIED, Fault, Kind
from tests.drills.report import Round, Sum, commit, summed, today
from tests.drills.seats import WALKS, Manner

LEAST_KILLS: Final = 50
"""Of each process."""

KILLED: Final = ("kiosk", "broker", "hub", "database")

ROUND_S: Final = 240.0
"""Long enough that starting and judging (30 s) is little of it."""

KIOSKS: Final = 12
PACE: Final = 15.0
"""Shoppers in a second at each: the thanks alone take 50 ms of 67."""

RATE: Final = 4.0
"""Faults in a second, so that both goals are reached together."""

TEN_MINUTES: Final = (Fault(5, Kind.LOCK_DATABASE, "hub", 600, 1),)
"""The first round: nothing else happens, and nothing may be lost of what piles up."""


@dataclass(frozen=True)
class Goal:
    """When it is enough."""

    records: int = 1_000_000
    faults: int = 10_000

    def share(self, total: Sum) -> float:
        """How much of it is done, 0 to 1: the part that is farthest behind."""
        kills = [total.kills[name] for name in KILLED]
        parts = (total.records / self.records, total.faults_together / self.faults,
                 min(kills) / LEAST_KILLS)  # fmt: skip
        return min(1.0, *parts)


@dataclass(frozen=True)
class Field:
    """How much happens at once."""

    kiosks: int = KIOSKS
    windows: int = 1
    pace: float = PACE
    rate: float = RATE
    round_s: float = ROUND_S


def go(
    folder: Path, seed: int, goal: Goal, told: Callable[[str], None], field: Field
) -> list[Round]:
    """Rounds until the goal is reached, or one fails; returns all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "rounds.jsonl"
    rounds = read(log)
    assert all(one["seed"] // 10_000 == seed for one in rounds), f"{log} is of another seed"
    while goal.share(summed(rounds)) < 1 and all(one["passed"] for one in rounds):
        course = _course(folder / "round", seed, len(rounds), field)
        shutil.rmtree(course.folder, ignore_errors=True)
        ran_on = {"seed": course.seed, "database": course.database, "commit": commit()}
        rounds.append(run(course).as_json() | ran_on | {"date": today()})
        append(log, rounds[-1])
        told(progress(rounds, goal))
    return rounds


def read(log: Path) -> list[dict[str, Any]]:
    """Every whole line; one that a death cut short is none, and is cut off."""
    if not log.exists():
        return []
    text = log.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        os.truncate(log, len(whole))
    return [json.loads(line) for line in whole.splitlines()]


def append(log: Path, line: dict[str, Any]) -> None:
    """One more, on the disk before anything else happens."""
    with log.open("a") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def progress(rounds: list[Round], goal: Goal) -> str:
    """How it stands; what is left is reckoned from all rounds but the first, which is another."""
    total = summed(rounds)
    done = goal.share(total)
    kills = ", ".join(f"{name} {total.kills[name]}" for name in KILLED)
    return (
        f"{time.strftime('%H:%M')} round {len(rounds)} ({rounds[-1]['database']}, "
        f"{rounds[-1]['seconds']:.0f} s): {done:.1%} · {total.records:,} records · "
        f"{total.faults_together:,} faults · killed {kills} · {total.lost} lost · "
        f"{total.doubled} doubled · {left(rounds, goal)}"
    )


def left(rounds: list[Round], goal: Goal) -> str:
    """The time that is still needed, at the pace of the rounds so far."""
    usual = summed(rounds[1:])
    total = summed(rounds)
    missing = (
        (goal.records - total.records, usual.records),
        (goal.faults - total.faults_together, usual.faults_together),
        *((LEAST_KILLS - total.kills[name], usual.kills[name]) for name in KILLED),
    )
    if any(lacks > 0 and not came for lacks, came in missing):
        return "time left unknown yet"
    most = max((lacks / came for lacks, came in missing if lacks > 0), default=0)
    return f"{most * usual.seconds / 60:.0f} minutes left"


def _course(folder: Path, seed: int, number: int, field: Field) -> Course:
    certified = number % 4 > 1  # each database with both, in turn
    return Course(
        folder,
        seed * 10_000 + number,
        seconds=field.round_s,
        rate=field.rate,
        database=("sqlite", "postgres")[number % 2],
        certified=certified,
        kinds=CERTIFIED if certified else ANYWHERE,
        kiosks=field.kiosks,
        windows=field.windows,
        manner=Manner(pace=field.pace, receipt_timeout=10, longest_wait=10, seed=seed, walks=WALKS),
        faults=() if number else TEN_MINUTES,
        drain_s=300,
    )
