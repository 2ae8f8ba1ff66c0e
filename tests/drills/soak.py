"""The soak: two hours in which nothing happens but work; memory, descriptors and logs stay flat.

Each look is a line of `soak.jsonl`, synced; cut off and begun again it goes on with fresh programs,
until the looks together span the time that was asked for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count, groupby
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

from tests.demo.programs import Program
from tests.drills import drill, slope
from tests.drills.clock import true_ms
from tests.drills.long import append, read
from tests.drills.nemesis import Nemesis
from tests.drills.report import commit, machine, today
from tests.drills.rig import Plan, Rig, running_rig
from tests.drills.seats import Manner

PROGRAMS: Final = ("kiosk", "hub")

LOOKS_EVERY_S: Final = 20.0

RUSH_S: Final = 840.0
"""12,000 shoppers, two weeks of a busy kiosk: caches and allocators are full before it counts."""

WARM_S: Final = 900.0
"""What grows later grows for ever."""

BLOCK_S: Final = 300.0
"""Looks of five minutes are one: neighbours are not independent, and an interval must know it."""

SLOPE_MB: Final = 1.0
"""A day, at most."""

WAL_BYTES: Final = 2_000_000

DAY_S: Final = 86_400.0

Look = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """One program over all looks."""

    program: str
    slope: slope.Slope  # MB a day
    rss: float  # MB, at the last look
    descriptors: tuple[int, int]  # least and most, once warm
    wal: int  # the largest that its log ever was, in bytes

    @property
    def wrong(self) -> list[str]:
        """What is not as it should be."""
        found = []
        if self.slope.middle > SLOPE_MB:
            found.append(f"{self.program} grows by {self.slope.middle:.2f} MB a day")
        if self.descriptors[1] > self.descriptors[0] + SLACK:
            found.append(f"{self.program} has from {self.descriptors} descriptors")
        if self.wal > WAL_BYTES:
            found.append(f"{self.program} let its log grow to {self.wal:,} bytes")
        return found


SLACK: Final = 6
"""Descriptors that come and go: a connection, a page that somebody looks at."""


def go(folder: Path, seconds: float, pace: float, told: Callable[[str], None]) -> list[Look]:
    """Look until all looks together span that time; returns all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "soak.jsonl"
    looks = read(log)
    missing = seconds - spanned(looks)
    if missing > 0:
        rmtree(folder / "soak", ignore_errors=True)
        manner = Manner(pace=pace, rush_s=RUSH_S, receipt_timeout=10, longest_wait=10)
        plan = Plan(folder / "soak", kiosks=1, manner=manner, forked=False, duties=ALL_DUTIES)
        with running_rig(plan) as rig:
            _watch(rig, log, missing, told)
            _end(rig, log, told)
    return read(log)


ALL_DUTIES: Final = "intake,web,jobs"


def _watch(rig: Rig, log: Path, seconds: float, told: Callable[[str], None]) -> None:
    began, segment, version = time.monotonic(), time.time(), commit()
    for turn in count():
        past = time.monotonic() - began
        append(log, {"segment": segment, "at": past, "commit": version, **_look(rig)})
        if turn % 15 == 0:
            told(f"{past / 60:.0f} of {seconds / 60:.0f} minutes")
        if rig.fallen or past >= seconds:
            return
        threading.Event().wait(min(LOOKS_EVERY_S, max(0, seconds - past)))
        rig.watch()


def _end(rig: Rig, log: Path, told: Callable[[str], None]) -> None:
    """What was thanked must be there, as in every drill."""
    end = true_ms()
    drained = rig.drain(drill.DRAIN_S)
    result = drill.judged(rig, Nemesis(rig), end, drained, time.monotonic())
    verdict = {"records": result.verdict.records, "wrong": result.verdict.faults[:20]}
    append(log, {"verdict": verdict, "date": today(), "machine": machine()})
    told(f"judged: {verdict}")


def _look(rig: Rig) -> Look:
    seat = rig.seats[0]
    return {
        "kiosk": {**_process(seat.program), "wal": _size(seat.outbox)},
        "hub": {**_process(rig.hub.program), "wal": _size(rig.plan.folder / "hub.db")},
    }


def _process(program: Program) -> dict[str, int]:
    """Memory of its own (kB) and open descriptors."""
    assert program._process is not None
    folder = Path(f"/proc/{program._process.pid}")
    lines = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return {
        "anon": int(lines["RssAnon"].split()[0]),
        "rss": int(lines["VmRSS"].split()[0]),
        "descriptors": len(list((folder / "fd").iterdir())),
    }


def _size(database: Path) -> int:
    log = database.with_name(database.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def spanned(looks: list[Look]) -> float:
    """Seconds: each segment from its first to its last look."""
    return float(sum(one[-1]["at"] - one[0]["at"] for one in segments(looks)))


def segments(looks: list[Look]) -> list[list[Look]]:
    """Looks at the same processes."""
    samples = [one for one in looks if "segment" in one]
    return [list(group) for _, group in groupby(samples, lambda one: one["segment"])]


def found(looks: list[Look], warm_s: float = WARM_S) -> list[Finding]:
    """What the looks say of each program; of what was cut off while it warmed up, nothing."""
    warm = [[one for one in each if one["at"] >= warm_s] for each in segments(looks)]
    warm = [each for each in warm if each]
    return [_finding(name, looks, warm) for name in PROGRAMS] if warm else []


def _finding(name: str, looks: list[Look], warm: list[list[Look]]) -> Finding:
    lines = [
        slope.blocks([(one["at"] / DAY_S, one[name]["anon"] / 1024) for one in each],
                     BLOCK_S / DAY_S)
        for each in warm
    ]  # fmt: skip
    counts = [one[name]["descriptors"] for each in warm for one in each]
    wal = max(one[name]["wal"] for each in segments(looks) for one in each)
    return Finding(
        name, slope.theil_sen(lines), warm[-1][-1][name]["rss"] / 1024,
        (min(counts), max(counts)), wal,
    )  # fmt: skip


def page(looks: list[Look]) -> str:
    """For people."""
    findings = found(looks)
    commits = dict.fromkeys(one["commit"] for one in looks if "commit" in one)
    verdicts = [one["verdict"] for one in looks if "verdict" in one]
    wrong = [line for one in findings for line in one.wrong]
    wrong += [line for one in verdicts for line in one["wrong"]]
    records = sum(one["records"] for one in verdicts)
    said = "; ".join(wrong) or ("all flat" if findings else "too short to say anything")
    method = (
        f"slope by Theil-Sen over means of {BLOCK_S / 60:.0f} minutes, after the first "
        f"{WARM_S / 60:.0f} minutes, with its 95 % interval"
    )
    ran = f"{today()}, {machine()}, commit {', '.join(commits)}"
    lines = [
        f"**Soak of {spanned(looks) / 3600:.2f} h, {records:,} records: {said}.**",
        "",
        f"`python -m tests.drills --soak 2h`, {ran}; {method}.",
        "",
        "| program | memory, MB a day | resident | descriptors | largest log (WAL) |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in findings:
        low, high = one.slope.low, one.slope.high
        lines.append(
            f"| {one.program} | {one.slope.middle:+.2f} ({low:+.2f} to {high:+.2f}) | "
            f"{one.rss:.0f} MB | {one.descriptors[0]} to {one.descriptors[1]} | {one.wal:,} bytes |"
        )
    return "\n".join(lines) + "\n"


def passed(looks: list[Look]) -> bool:
    """Whether there is enough to say so, and nothing is wrong."""
    findings = found(looks)
    verdicts = [one["verdict"]["wrong"] for one in looks if "verdict" in one]
    return bool(findings) and not any(one.wrong for one in findings) and not any(verdicts)
