"""The same nemesis on what people would wire up instead: the difference becomes a measurement."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hub.adapters.database import open_engine
from tests.demo.programs import Program, python
from tests.drills import report
from tests.drills.drill import Course
from tests.drills.faults import Kind, schedule
from tests.drills.naive_hub import TABLE
from tests.drills.nemesis import Nemesis
from tests.drills.rig import Plan, Rig
from tests.drills.seats import notes_in
from tests.parts.hub import HubProcess, wait_until

KINDS = (
    Kind.KILL_KIOSK, Kind.KILL_BROKER, Kind.WIPE_BROKER, Kind.KILL_HUB, Kind.LOCK_DATABASE,
    Kind.DELAY, Kind.TRICKLE, Kind.BLACK_HOLE, Kind.RESET, Kind.TRUNCATE, Kind.CUT, Kind.FLAP,
)  # fmt: skip
"""Whatever has a meaning there: such a kiosk has no clock, no outbox and no receipts."""

SETTLED_S = 6.0
"""Nothing new for so long: nothing will come any more."""

MOST_S = 60.0


@dataclass(frozen=True)
class Outcome:
    """What became of the answers."""

    thanked: int
    lost: int
    doubled: int
    faults: Counter[str]
    kills: Counter[str]

    def page(self, seed: int) -> str:
        """For people."""
        share = self.lost / self.thanked if self.thanked else 0
        return (
            f"**Publish and forget: {self.thanked:,} thanked under {sum(self.faults.values()):,} "
            f"faults: {self.lost:,} lost ({share:.1%}), {self.doubled:,} doubled.**\n\n"
            f"seed {seed}, {report.machine()}; killed (kill -9): "
            + ", ".join(f"{name} {count}" for name, count in sorted(self.kills.items()))
            + "\n"
        )


class NaiveRig(Rig):
    """The same broker, line and passwords; other programs."""

    def start(self) -> None:
        """In order."""
        self.proxy.start()
        self.hub = self._made_hub()
        self._enrol()
        self.engine = open_engine(self.url)
        for seat in self.seats:
            files = ("--config", str(seat.folder / "kiosk.toml"), "--notes", str(seat.notes))
            pace = ("--door", str(seat.door), "--pace", str(seat.manner.pace))
            command = python("tests.drills.naive_kiosk", *files, *pace)
            seat.program = Program(seat.name, command, self.plan.folder / "logs")
        self.broker.program.start()
        self.start_hub()
        with closing(sqlite3.connect(self.database)) as db:
            db.execute(TABLE)
        for seat in self.seats:
            seat.program.start()
        wait_until(lambda: all(seat.notes.exists() for seat in self.seats), "kiosks")

    @property
    def database(self) -> Path:
        """Where the subscriber inserts."""
        return self.plan.folder / "hub.db"

    def sales(self) -> list[str]:
        """Every row that it has."""
        with closing(sqlite3.connect(self.database)) as db:
            return [sale for (sale,) in db.execute("SELECT sale FROM naive")]

    def _made_hub(self) -> HubProcess:
        running = self.broker.running
        hub = HubProcess(self.plan.folder, running, database=self.url)
        line = ("--port", str(self.proxy.add("hub")), "--password", running.hub_password)
        command = python("tests.drills.naive_hub", "--database", str(self.database), *line)
        hub.program = Program("hub", command, self.plan.folder / "logs")
        return hub


def run(course: Course, told: Callable[[str], None] = lambda _: None) -> Outcome:
    """The same drill on the other programs."""
    rig = NaiveRig(Plan(course.folder, course.kiosks, manner=course.manner), None)
    try:
        rig.start()
        names = [seat.name for seat in rig.seats]
        drawn = schedule(course.seed, course.seconds, course.rate, names, KINDS)
        nemesis = Nemesis(rig)
        nemesis.rage(course.faults or drawn, lambda at: told(f"{at:.0f} s"))
        for seat in rig.seats:
            seat.shut_door()
        _settle(rig)
        return _judged(rig, nemesis)
    finally:
        rig.stop()


def _settle(rig: NaiveRig) -> None:
    deadline, before, since = time.monotonic() + MOST_S, -1, time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - since < SETTLED_S:
        rows = len(rig.sales())
        if rows != before:
            before, since = rows, time.monotonic()
        threading.Event().wait(0.2)


def _judged(rig: NaiveRig, nemesis: Nemesis) -> Outcome:
    thanked = {n["thanked"] for seat in rig.seats for n in notes_in(seat.notes) if "thanked" in n}
    stored = Counter(rig.sales())
    return Outcome(
        thanked=len(thanked),
        lost=len(thanked - stored.keys()),
        doubled=sum(times > 1 for times in stored.values()),
        faults=Counter(one.kind.value for one in nemesis.struck),
        kills=nemesis.kills,
    )
