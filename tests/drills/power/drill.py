"""One drill: a story is told while its files are recorded, then every cut is judged."""

from __future__ import annotations

import pickle
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.drills.power import archive, outbox
from tests.drills.power.cuts import Cut, Plan, cuts
from tests.drills.power.fuse import mounted
from tests.drills.power.operations import Files, Trace
from tests.drills.power.recording import recording
from tests.drills.power.story import Violation
from tests.drills.power.volume import Volume
from tests.parts.memory import memory_folder
from tests.simulation.vfs import failing

ROOT = Path(__file__).parents[3]

PATIENCE = 60.0
"""Seconds for one story; a long one takes five."""


class Judge(Protocol):
    """Knows what was promised."""

    @property
    def distinct(self) -> int:
        """Cards that were opened."""

    def judge(self, cut: Cut) -> str | None:
        """What is wrong after this cut, if anything."""


@dataclass(frozen=True, slots=True)
class Told:
    """A trace, what lay there before, and who can judge what is left of it."""

    trace: Trace
    files: Files
    judge: Judge


@dataclass
class Result:
    """What a drill came to."""

    moments: int = 0
    states: int = 0
    distinct: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    violations: list[Violation] = field(default_factory=list)

    def add(self, other: Result) -> None:
        """Two drills as one."""
        self.moments += other.moments
        self.states += other.states
        self.distinct += other.distinct
        self.fates += other.fates
        self.violations += other.violations


Enough = Callable[[Result], bool]
"""Told how it stands after each cut; it may be said aloud, and True ends the drill."""


def twenty(result: Result) -> bool:
    """More violations than that say nothing new."""
    return len(result.violations) >= 20


def judged(told: Told, plan: Plan, enough: Enough = twenty) -> Result:
    """Every cut of this trace, until it is enough."""
    result = Result(moments=len(told.trace))
    for cut in cuts(told.trace, plan, told.files):
        why = told.judge.judge(cut)
        result.states += 1
        result.distinct = told.judge.distinct
        result.fates[cut.fate.partition("(")[0]] += 1
        if why is not None:
            result.violations.append(Violation(cut, why))
        if enough(result):
            break
    return result


@contextmanager
def kiosk_told(visits: int, seed: int, make: outbox.Make = outbox.make_outbox) -> Iterator[Told]:
    """A kiosk's days, from the very first start on."""
    with _folders() as (live, cut):
        with recording(live) as recorder:
            days = outbox.Days(live / outbox.NAME, recorder.promise, make, seed)
            days.live(visits)
            days.close()
        yield Told(recorder.trace, {}, outbox.OutboxJudge(days.story.memories, cut))


@contextmanager
def again_told(known: outbox.Memory, files: Files, seed: int) -> Iterator[Told]:
    """The first moments after a cut, on what it has left: the plug may be pulled again."""
    with _folders() as (live, cut):
        for name, data in files.items():
            (live / name).write_bytes(data)
        with recording(live) as recorder:
            days = outbox.Days(live / outbox.NAME, recorder.promise, outbox.make_outbox, seed)
            days.take_over(known)
            days.start()
            days.visit()
            days.close()
        yield Told(recorder.trace, files, outbox.OutboxJudge(days.story.memories, cut))


def pulled_again(visits: int, seed: int, times: int, plan: Plan) -> Result:
    """So many cuts of a kiosk's days, drawn by chance; after each, every cut of what follows."""
    result, dice = Result(), random.Random(seed)
    with kiosk_told(visits, seed) as told:
        assert isinstance(told.judge, outbox.OutboxJudge)
        pulled = [one for one in cuts(told.trace, plan) if one.done]
        for cut in dice.sample(pulled, times):
            known = told.judge.known(cut)
            with again_told(known, cut.files, seed) as after:
                result.add(judged(after, plan))
    return result


@contextmanager
def failing_told(operation: str, nth: int, times: int, visits: int = 2) -> Iterator[Told]:
    """The nth sync or write fails, and those right after it; the kiosk tries until it is done.

    Without a trace where there is no nth.
    """
    with _folders() as (live, cut):
        with recording(live) as recorder:
            days = outbox.Days(live / outbox.NAME, recorder.promise, outbox.make_outbox, nth)
            days.start()
            recorder.ask, met = failing(operation, nth, times)
            for _ in range(visits):
                days.visit()
            recorder.ask = lambda _: 0
            days.close()
        trace = recorder.trace if met else []
        yield Told(trace, {}, outbox.OutboxJudge(days.story.memories, cut))


@contextmanager
def hub_told(rounds: int, seed: int, make: archive.Make = archive.make_engine) -> Iterator[Told]:
    """A hub's hours, on a file that was there."""
    with _folders() as (live, cut):
        archive.furnished(live / archive.NAME)
        files = {path.name: path.read_bytes() for path in live.iterdir()}
        with recording(live) as recorder:
            hours = archive.Hours(live / archive.NAME, recorder.promise, make, seed)
            hours.live(rounds)
            hours.close()
        yield Told(recorder.trace, files, archive.ArchiveJudge(hours.story.memories, cut))


@contextmanager
def mounted_told(who: str, length: int, seed: int) -> Iterator[Told]:
    """The same stories on a real file system of our own, told by a process of their own."""
    with _folders() as (live, cut):
        files = {}
        if who == "hub":
            archive.furnished(live / archive.NAME)
            files = {archive.NAME: (live / archive.NAME).read_bytes()}
        volume = Volume(files)
        with mounted(volume, live):
            command = [sys.executable, "-m", "tests.drills.power.child", who, str(live)]
            done = subprocess.run(
                [*command, str(length), str(seed)],
                stdout=subprocess.PIPE, check=True, timeout=PATIENCE, cwd=ROOT,
            )  # fmt: skip
        memories = pickle.loads(done.stdout)
        judges = {"kiosk": outbox.OutboxJudge, "hub": archive.ArchiveJudge}
        yield Told(volume.trace, files, judges[who](memories, cut))


@contextmanager
def _folders() -> Iterator[tuple[Path, Path]]:
    """In memory: nothing there waits for a disk, and nothing there needs to last."""
    with memory_folder() as folder:
        (folder / "live").mkdir()
        yield folder / "live", folder / "cut"
