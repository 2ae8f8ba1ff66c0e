"""One drill from beginning to end: start, let shoppers come, strike, heal, drain, stop, judge."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.adapters.outbox import SqliteOutbox
from tests.drills.clock import true_ms
from tests.drills.faults import ANYWHERE, Fault, Kind, schedule
from tests.drills.holdings import holdings
from tests.drills.identity_blows import PATIENCE_S, kept_on
from tests.drills.judge import Judge
from tests.drills.nemesis import Nemesis
from tests.drills.notebook import read_notes
from tests.drills.recovery import Recoveries, recoveries
from tests.drills.rig import STORES, Plan, Rig, running_rig
from tests.drills.seats import Manner
from tests.drills.taps import Waits, waits
from tests.drills.verdict import Verdict

CALM_S = 30.0
"""After the last fault shoppers still come until each kiosk has a receipt: at most so long."""

DRAIN_S = 90.0


@dataclass(frozen=True)
class Course:
    """One drill, wholly given by these."""

    folder: Path
    seed: int
    seconds: float = 20
    rate: float = 1.5
    """Faults in a second."""
    database: str = "sqlite"
    kiosks: int = 4
    windows: int = 0
    certified: bool = False
    """Kiosks have certificates instead of passwords."""
    manner: Manner = field(default_factory=Manner)
    kinds: tuple[Kind, ...] = ANYWHERE
    faults: tuple[Fault, ...] = ()
    """These and no others, where there are any; else what the seed draws."""
    cabled: bool = False
    """Each kiosk in a network of its own; needs the right to make them."""
    drain_s: float = DRAIN_S
    calm_s: float = CALM_S
    mended_s: float = PATIENCE_S
    """For what is done to a certificate to be made good again."""


@dataclass
class Result:
    """What came of it."""

    verdict: Verdict
    faults: Counter[str]
    kills: Counter[str]
    recovery: Recoveries
    taps: Waits
    seconds: float
    shoppers: int = 0
    before_windows: int = 0
    passed_over: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    """Of what strikes certificates: what was seen of it, by a sentence."""

    @property
    def passed(self) -> bool:
        """Whether nothing was lost, doubled, or otherwise wrong."""
        return not self.verdict.faults

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        verdict, recovery = self.verdict, self.recovery
        return {
            "passed": self.passed,
            "records": verdict.records,
            "visits": verdict.visits,
            "thanked": verdict.thanked,
            "responses": verdict.responses,
            "walked": verdict.walked,
            "parts": verdict.parts,
            "shoppers": self.shoppers,
            "before_windows": self.before_windows,
            "lost": verdict.lost,
            "doubled": verdict.doubled,
            "explained": dict(verdict.explained),
            "hour_unknowable": verdict.somewhere,
            "wrong": verdict.faults[:50],
            "faults": dict(sorted(self.faults.items())),
            "kills": dict(sorted(self.kills.items())),
            "seen": dict(sorted(self.seen.items())),
            "passed_over": dict(sorted(self.passed_over.items())),
            "recovery_ms": {kind: sorted(ms) for kind, ms in sorted(recovery.by_kind.items())},
            "tap_to_thanks_ms": {
                what: {str(ms): times for ms, times in sorted(heap.items())}
                for what, heap in sorted(self.taps.items())
            },
            "seconds": round(self.seconds, 1),
        }


def run(course: Course, told: Callable[[str], None] = lambda _: None) -> Result:
    """The whole drill; raises nothing for what it finds, and leaves no process behind."""
    began = time.monotonic()
    plan = Plan(
        course.folder, course.kiosks, course.database, course.windows, course.manner,
        forked=not course.cabled, cabled=course.cabled, certified=course.certified,
    )  # fmt: skip
    kinds = [
        kind for kind in course.kinds if kind is not Kind.KILL_DATABASE or plan.database != "sqlite"
    ]
    with running_rig(plan) as rig:
        names = [seat.name for seat in rig.seats]
        drawn = schedule(course.seed, course.seconds, course.rate, names, kinds)
        faults = course.faults or drawn
        nemesis = Nemesis(rig)
        nemesis.identity.patience_s = course.mended_s
        nemesis.rage(faults, lambda at: told(f"{at:.0f} s of {course.seconds:.0f} s"))
        rig.wait_for_receipts(true_ms(), course.calm_s)
        if course.certified:
            nemesis.identity.last_words(course.drain_s)
        end = true_ms()
        drained = rig.drain(course.drain_s)
        told("judging")
        return judged(rig, nemesis, end, drained, began)


def judged(rig: Rig, nemesis: Nemesis, end: int, drained: bool, began: float) -> Result:
    """Stop the kiosks and compare; `end`: when the shoppers were sent home."""
    for seat in rig.everybody:
        seat.program.stop()
    nemesis.identity.judge()
    notes, held = read_notes(rig.everybody), holdings(rig.engine)
    judge = Judge(notes, held, STORES, _outboxes(rig), nemesis.excuses, nemesis.spoiled,
                  [body for card in nemesis.identity.taken for body in kept_on(card)])  # fmt: skip
    verdict = judge.judge()
    verdict.faults[:0] = rig.fallen + nemesis.identity.findings  # first: much follows from them
    if not drained:
        late = [seat.name for seat in (*rig.seats, *rig.twins) if not seat.has_drained()]
        verdict.faults.append(f"not drained: {late}")
    differences = rig.hub.office.verify(lambda _: None).differences
    verdict.faults += [f"a recount differs: {one}" for one in differences[:5]]
    found = recoveries(rig.seats, notes, nemesis.struck, end)
    verdict.faults += found.never
    faults = Counter(one.kind.value for one in nemesis.struck)
    seconds = time.monotonic() - began
    taps = waits(notes, nemesis.struck)
    came = Counter(shopper.seat.manner.window for shopper in notes.shoppers.values())
    return Result(
        verdict, faults, nemesis.kills, found, taps, seconds,
        came.total(), came[True], nemesis.passed_over, nemesis.identity.seen,
    )  # fmt: skip


def _outboxes(rig: Rig) -> dict[tuple[str, str], int]:
    """By kiosk and epoch, the last seq that its file gave."""
    found: dict[tuple[str, str], int] = {}
    for seat in (*rig.seats, *rig.twins):  # a clone's is its seat's, or was taken out
        outbox = SqliteOutbox(seat.outbox, seat.kiosk)
        held = outbox.held()
        found[seat.kiosk, held.epoch] = held.last
        outbox.close()
    return found
