"""What a drill, or many one after the other, came to: as JSON, and as a page that can be read."""

from __future__ import annotations

import json
import os
import platform
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.drills.recovery import percentile

Round = dict[str, Any]
"""One drill, as `Result.as_json` tells it."""


@dataclass
class Sum:
    """All rounds together."""

    records: int = 0
    thanked: int = 0
    lost: int = 0
    doubled: int = 0
    failed: int = 0
    seconds: float = 0
    explained: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    recovery: dict[str, list[int]] = field(default_factory=dict)
    tap_p99: int = 0
    slowest_tap: int = 0

    @property
    def faults_together(self) -> int:
        """Of every kind."""
        return sum(self.faults.values())

    @property
    def recoveries(self) -> list[int]:
        """Of every kind, in order."""
        return sorted(ms for each in self.recovery.values() for ms in each)


def summed(rounds: Sequence[Round]) -> Sum:
    """The rounds as one."""
    total = Sum()
    for one in rounds:
        for name in ("records", "thanked", "lost", "doubled", "seconds"):
            setattr(total, name, getattr(total, name) + one[name])
        total.failed += not one["passed"]
        for name in ("explained", "faults", "kills"):
            getattr(total, name).update(one[name])
        for kind, waits in one["recovery_ms"].items():
            total.recovery.setdefault(kind, []).extend(waits)
        total.tap_p99 = max(total.tap_p99, one["tap_to_thanks_ms"]["p99"])
        total.slowest_tap = max(total.slowest_tap, one["tap_to_thanks_ms"]["longest"])
    return total


def machine() -> str:
    """What this ran on."""
    cores = os.cpu_count()
    return f"{platform.system()} {platform.release()}, {platform.machine()}, {cores} cores"


def as_json(rounds: Sequence[Round], command: str, seed: int) -> dict[str, Any]:
    """The report as a file for programs."""
    total = summed(rounds)
    return {
        "command": command,
        "seed": seed,
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
        "records": total.records,
        "thanked": total.thanked,
        "faults": total.faults_together,
        "lost": total.lost,
        "doubled": total.doubled,
        "rounds_failed": total.failed,
        "slowest_recovery_ms": total.recoveries[-1] if total.recoveries else None,
        "rounds": list(rounds),
    }


def as_page(rounds: Sequence[Round], command: str, seed: int) -> str:
    """The report for people, in Markdown."""
    total = summed(rounds)
    sentence = (
        f"**{total.records:,} records under {total.faults_together:,} faults: "
        f"{total.lost} lost, {total.doubled} doubled.**"
    )
    where = (
        f"`{command}`, seed {seed}, {datetime.now(UTC).date()}, {machine()}; "
        f"{len(rounds)} rounds, {total.seconds / 60:.0f} minutes; {total.thanked:,} thanked."
    )
    taps = (
        f"Tap to thanks: 99th percentile of the worst round {total.tap_p99} ms, "
        f"longest {total.slowest_tap} ms."
    )
    counts = f"Killed (kill -9): {_listed(total.kills)}."
    explained = f"Explained losses: {_listed(total.explained)}."
    head = ("| fault | times | recovered, in | slowest |", "| --- | --- | --- | --- |")
    times = sorted(total.faults.items())
    rows = (_row(kind, count, total.recovery.get(kind, [])) for kind, count in times)
    lines = [sentence, "", where, "", counts, explained, taps, _recovery(total.recoveries), ""]
    lines += [*head, *rows]
    wrong = [fault for one in rounds for fault in one["wrong"]]
    return "\n".join([*lines, "", *(f"✗ {fault}" for fault in wrong[:50])]).rstrip() + "\n"


def write(folder: Path, rounds: Sequence[Round], command: str, seed: int) -> str:
    """Both files; returns the page."""
    page = as_page(rounds, command, seed)
    (folder / "report.json").write_text(json.dumps(as_json(rounds, command, seed), indent=1))
    (folder / "report.md").write_text(page)
    return page


def _recovery(waits: Sequence[int]) -> str:
    if not waits:
        return "No calm was long enough to see a recovery."
    shares = ", ".join(f"{share:.0%} {percentile(waits, share)} ms" for share in (0.5, 0.9, 0.99))
    return f"From the end of a fault to the first receipt: {shares}, slowest {waits[-1]} ms."


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"


def _row(kind: str, times: int, waits: Sequence[int]) -> str:
    ordered = sorted(waits)
    slowest = f"{ordered[-1]} ms" if ordered else ""
    middle = f"{percentile(ordered, 0.5)} ms (median of {len(ordered)})" if ordered else ""
    return f"| {kind} | {times:,} | {middle} | {slowest} |"
