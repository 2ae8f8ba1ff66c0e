"""What a drill, or many one after the other, came to: as JSON, and as a page that can be read."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tests.drills.faults import Kind
from tests.drills.recovery import LONGEST_MS, percentile
from tests.drills.taps import CALM, OTHER, WINDOW, Waits, spread, together

ROOT: Final = Path(__file__).parents[2]

SEEN_BEGIN, SEEN_END = "<!-- what was seen of certificates -->", "<!-- its end: certificates -->"

ROWS: Final = (
    (5, Kind.REVOKED, ("revoked",)),
    (8, Kind.IMPOSTOR, ("said", "forged", "replayed")),
    (26, Kind.UPDATE, ("update",)),
    (27, Kind.DOWNGRADE, ("downgrade",)),
    (28, Kind.CLONED, ("cloned",)),
    (29, Kind.EXPIRED, ("ended",)),
)
"""Which of the thirty faults each is, and how what is seen of it begins."""

Round = dict[str, Any]
"""One drill, as `Result.as_json` tells it, with the seed, database and commit it ran on."""

BEGIN, END = "<!-- the long drill's report -->", "<!-- its end -->"


@dataclass
class Sum:
    """All rounds together."""

    records: int = 0
    thanked: int = 0
    shoppers: int = 0
    before_windows: int = 0
    responses: int = 0
    walked: int = 0
    parts: int = 0
    lost: int = 0
    doubled: int = 0
    failed: int = 0
    seconds: float = 0
    explained: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    """Of what strikes certificates and programs: what was seen of it."""
    recovery: dict[str, list[int]] = field(default_factory=dict)
    taps: Waits = field(default_factory=dict)

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
        for name in (
            "records", "thanked", "shoppers", "before_windows", "lost", "doubled", "seconds",
        ):  # fmt: skip
            setattr(total, name, getattr(total, name) + one[name])
        for name in ("responses", "walked", "parts"):  # older rounds had no questionnaire
            setattr(total, name, getattr(total, name) + one.get(name, 0))
        total.failed += not one["passed"]
        for name in ("explained", "faults", "kills", "seen"):
            getattr(total, name).update(one.get(name, {}))  # older rounds saw less
        for kind, ms in one["recovery_ms"].items():
            total.recovery.setdefault(kind, []).extend(ms)
        for what, heap in one["tap_to_thanks_ms"].items():
            total.taps.setdefault(what, Counter()).update({int(ms): n for ms, n in heap.items()})
    return total


def machine() -> str:
    """What this ran on."""
    cores = os.cpu_count()
    return f"{platform.system()} {platform.release()}, {platform.machine()}, {cores} cores"


def commit() -> str:
    """The version of the programs; with a “+” where something was changed since."""
    try:
        version = _git("rev-parse", "--short=10", "HEAD")
        changed = _git(
            "--no-optional-locks", "status", "--porcelain", "--", "kiosk", "hub", "shared", "tests"
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return version + ("+" if changed else "")


def today() -> str:
    """As it is written beside a figure."""
    return datetime.now(UTC).date().isoformat()


def as_json(rounds: Sequence[Round], command: str, seed: int) -> dict[str, Any]:
    """The report as a file for programs."""
    total = summed(rounds)
    return {
        "command": command,
        "seed": seed,
        "machine": machine(),
        "dates": _each(rounds, "date"),
        "commits": _each(rounds, "commit"),
        "records": total.records,
        "thanked": total.thanked,
        "responses": total.responses,
        "faults": total.faults_together,
        "faults_by_kind": dict(sorted(total.faults.items())),
        "kills": dict(sorted(total.kills.items())),
        "lost": total.lost,
        "doubled": total.doubled,
        "explained": dict(total.explained),
        "seen": dict(sorted(total.seen.items())),
        "rounds_failed": total.failed,
        "slowest_recovery_ms": total.recoveries[-1] if total.recoveries else None,
        "tap_to_thanks_ms": {what: vars_of(heap) for what, heap in sorted(total.taps.items())},
        "rounds": list(rounds),
    }


def vars_of(heap: Counter[int]) -> dict[str, int]:
    """A spread, for JSON."""
    one = spread(heap)
    return {"count": one.count, "p50": one.p50, "p99": one.p99, "longest": one.longest}


def as_page(rounds: Sequence[Round], command: str, seed: int) -> str:
    """The report for people, in Markdown."""
    total = summed(rounds)
    sentence = (
        f"**{total.records:,} records under {total.faults_together:,} faults: "
        f"{total.lost} lost, {total.doubled} doubled.**"
    )
    where = (
        f"`{command}`, seed {seed}, {_range(_each(rounds, 'date'))}, {machine()}, commit "
        f"{', '.join(_each(rounds, 'commit'))}; {len(rounds)} rounds, "
        f"{total.seconds / 60:.0f} minutes; {total.thanked:,} thanked."
    )
    lines = [
        sentence,
        "",
        where,
        "",
        f"Killed (kill -9): {_listed(total.kills)}.",
        f"Before real windows: {total.before_windows:,} of {total.shoppers:,} shoppers.",
        _walks(total),
        f"Explained losses: {_listed(total.explained)}.",
        _recovery(total),
        *_seen(total),
        "",
        *_fault_table(total),
        "",
        *_tap_table(total.taps),
    ]
    wrong = [fault for one in rounds for fault in one["wrong"]]
    return "\n".join([*lines, "", *(f"✗ {fault}" for fault in wrong[:50])]).rstrip() + "\n"


def write(folder: Path, rounds: Sequence[Round], command: str, seed: int) -> str:
    """Both files; returns the page."""
    page = as_page(rounds, command, seed)
    (folder / "report.json").write_text(json.dumps(as_json(rounds, command, seed), indent=1))
    (folder / "report.md").write_text(page)
    return page


def seen_page(rounds: Sequence[Round], command: str) -> str:
    """What was seen of certificates and updates, by the rows of the thirty faults."""
    total = summed(rounds)
    came_to = (
        f"{total.records:,} records under {total.faults_together:,} faults of all kinds, "
        f"{total.lost} lost, {total.doubled} doubled, {total.failed} of {len(rounds)} rounds wrong;"
        f" explained: {_listed(total.explained)}"
    )
    lines = [
        f"`{command}`, {today()}, {machine()}, commit {commit()}: {came_to}.",
        "",
        "| # | fault | times | seen |",
        "| --- | --- | --- | --- |",
    ]
    for number, kind, begins in ROWS:
        told = {what: n for what, n in total.seen.items() if what.split(":")[0] in begins}
        seen = "; ".join(f"{what} {n:,}" for what, n in sorted(told.items())) or "nothing"
        lines.append(f"| {number} | {kind.value} | {total.faults[kind.value]:,} | {seen} |")
    wrong = [fault for one in rounds for fault in one["wrong"]]
    return "\n".join([*lines, *(f"\n✗ {fault}" for fault in wrong[:20])]) + "\n"


def adopt(page: str, document: Path, begin: str = BEGIN, end: str = END) -> None:
    """Put the page where that document keeps it."""
    text = document.read_text()
    pattern = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
    assert pattern.search(text), f"{document} has no place for a report ({begin})"
    document.write_text(pattern.sub(lambda _: f"{begin}\n{page}{end}", text, count=1))


def _fault_table(total: Sum) -> Iterator[str]:
    yield from ("| fault | times | recovered, in | slowest |", "| --- | --- | --- | --- |")
    for kind, times in sorted(total.faults.items()):
        ordered = sorted(total.recovery.get(kind, []))
        slowest = f"{ordered[-1]:,} ms" if ordered else ""
        middle = f"{percentile(ordered, 0.5):,} ms (median of {len(ordered)})" if ordered else ""
        yield f"| {kind} | {times:,} | {middle} | {slowest} |"


def _tap_table(taps: Waits) -> Iterator[str]:
    """Each fault of the net beside the calm of the same run."""
    calm = spread(taps.get(CALM, Counter()))
    net = [what for what in sorted(taps) if what not in (CALM, OTHER, WINDOW)]
    rows = [(what, taps[what]) for what in (CALM, *net, OTHER, WINDOW) if what in taps]
    if net:
        rows.insert(1, ("every fault of the net", together(taps[what] for what in net)))
    yield "| from tap to thanks, while | taps | half | 99 % | longest | 99 %, beside calm |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for what, heap in rows:
        one = spread(heap)
        ratio = f"{one.p99 / calm.p99:.2f}" if calm.p99 else ""
        times = f"{one.p50} ms | {one.p99} ms | {one.longest:,} ms"
        yield f"| {what} | {one.count:,} | {times} | {ratio} |"


def _walks(total: Sum) -> str:
    return (
        f"Of the questionnaire: {total.responses:,} responses ({total.parts:,} of them parts); "
        f"{total.walked:,} shoppers were thanked for a whole one."
    )


def _seen(total: Sum) -> list[str]:
    return [f"Seen of certificates and updates: {_listed(total.seen)}."] if total.seen else []


def _recovery(total: Sum) -> str:
    ms = total.recoveries
    if not ms:
        return "No calm was long enough to see a recovery."
    shares = ", ".join(f"{share:.0%} {percentile(ms, share):,} ms" for share in (0.5, 0.9, 0.99))
    late = sum(
        one > LONGEST_MS[kind == Kind.BLACK_HOLE.value]
        for kind, each in total.recovery.items()
        for one in each
    )
    return (
        f"From the end of a fault to the first receipt: {shares}, slowest {ms[-1]:,} ms; "
        f"{late} of {len(ms):,} took longer than they should (15 s; 25 s after a black line)."
    )


def _each(rounds: Sequence[Round], name: str) -> list[str]:
    return list(dict.fromkeys(str(one.get(name, "unknown")) for one in rounds))


def _range(dates: Sequence[str]) -> str:
    return " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else "never"


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items())) or "none"


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True, text=True)
    return done.stdout.strip()
