"""One place where shoppers are asked: a kiosk process, its clock, its notebook and its line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.places import KioskId, PointId, StoreId
from tests.demo.programs import Program, python
from tests.drills import clock
from tests.drills.cable import Cable
from tests.drills.mother import Forked, Mother

KIOSK = "tests.drills.kiosk"

WALKS = 0.1
"""The share of those whom the thanks invite to the questionnaire, and who accept."""


@dataclass(frozen=True)
class Manner:
    """How the kiosks of a drill behave."""

    pace: float = 6
    """Shoppers in a second at each kiosk."""
    rush_s: float = 0
    """So long after each start they come `RUSH_PACE` a second instead."""
    receipt_timeout: int = 10
    longest_wait: int = 10
    """The jitter's cap on loopback; 300 in a fleet."""
    seed: int = 0
    window: bool = False
    """Whether there is a real one, and a finger on it."""
    slow_card_s: float = 0
    """A worn card: every commit of an answer takes so much longer."""
    walks: float = 0
    """The share of who accepts the invitation to the questionnaire; 0: there is none."""
    without: str = ""


class Seat:
    """A kiosk that can be killed, started, misled and replaced."""

    def __init__(
        self,
        folder: Path,
        store: StoreId,
        point: PointId,
        kiosk: KioskId,
        *,
        name: str,
        manner: Manner,
        mother: Mother | None = None,
        cable: Cable | None = None,
    ) -> None:
        """Without a mother, or with a window, the program begins from nothing at each start.

        With a `cable` it runs at the far end of it.
        """
        self._cable = cable
        self.folder, self.name, self.manner = folder, name, manner
        self.store, self.point, self.kiosk = store, point, kiosk
        folder.mkdir(parents=True, exist_ok=True)
        self.notes = folder.parent / f"{name}.notes"  # not in the kiosk's own folder
        self.door = folder.parent / f"{name}.shut"
        self.clock = folder.parent / f"{name}.clock"
        self.outbox = folder / "outbox.db"
        self.driver = "offscreen" if manner.window else "none"
        self.boot()
        self.program = self._program(mother)

    def settle(self, port: int, proof: str) -> None:
        """Write its settings; `proof`: the line of its password, or the table of its identity."""
        (self.folder / "kiosk.toml").write_text(
            f'store = "{self.store}"\npoint = "{self.point}"\nkiosk = "{self.kiosk}"\n'
            f'[broker]\nhost = "{self.host}"\nport = {port}\n'
            f"keepalive = 5\nreceipt_timeout = {self.manner.receipt_timeout}\n"
            f"longest_wait = {self.manner.longest_wait}\nstatus_every = 10\n{proof}"
            f'[outbox]\npath = "outbox.db"\n[screen]\ndriver = "{self.driver}"\n'
            '[log]\nformat = "json"\n'
        )

    def boot(self, ahead: int = 0, *, synced: bool = True) -> None:
        """The machine starts anew; the program must not be running."""
        clock.booted(ahead, synced=synced).write(self.clock)

    def step(self, ahead: int, *, synced: bool) -> None:
        """Its wall clock is set while it runs."""
        clock.read(self.clock).stepped(ahead, synced=synced).write(self.clock)

    @property
    def runs(self) -> bool:
        """Whether its process is there."""
        return self.program._process is not None and self.program.ended is None

    def shut_door(self) -> None:
        """Let no more shoppers in."""
        self.door.touch()

    def has_drained(self) -> bool:
        """Whether the process that runs now says that it owes nothing."""
        process = self.program._process
        return process is not None and any(
            note.get("pid") == process.pid for note in tail(self.notes) if "drained" in note
        )

    def wait_for_thanks(self, seconds: float) -> bool:
        """Return as soon as somebody is thanked; False where nobody is for so long."""
        deadline = time.monotonic() + seconds
        size = self.notes.stat().st_size if self.notes.exists() else 0
        while time.monotonic() < deadline:
            with self.notes.open("rb") as lines:
                lines.seek(size)
                if b'{"thanked"' in lines.read():
                    return True
            time.sleep(0.001)  # another process writes it
        return False

    def last_receipt(self) -> int:
        """When one came last."""
        return max(
            (note["at"] for note in tail(self.notes, 20_000) if "receipt" in note), default=0
        )

    @property
    def host(self) -> str:
        """Where its broker is, as it sees it."""
        return "127.0.0.1" if self._cable is None else self._cable.near

    def _program(self, mother: Mother | None) -> Program:
        logs = self.folder.parent / "logs"
        if self._cable is not None:
            command = self._cable.inside(python(KIOSK, *self._arguments()))
            return Program(self.name, command, logs)
        if mother is None or self.manner.window:
            return Program(self.name, python(KIOSK, *self._arguments()), logs)
        return Forked(self.name, mother, KIOSK, self._arguments(), logs)

    def _arguments(self) -> list[str]:
        manner = self.manner
        return [
            *("--config", str(self.folder / "kiosk.toml")),
            *("--notes", str(self.notes), "--clock", str(self.clock), "--door", str(self.door)),
            *("--pace", str(manner.pace), "--seed", str(manner.seed)),
            *("--rush", str(manner.rush_s), "--walks", str(manner.walks)),
            *("--slow-card", str(manner.slow_card_s), "--without", manner.without),
        ]


def notes_in(file: Path) -> Iterator[dict[str, Any]]:
    """Every note; a line that was cut short by a death is none."""
    if not file.exists():
        return
    with file.open("rb") as lines:
        for line in lines:
            if line.endswith(b"}\n"):
                yield json.loads(line)


def tail(file: Path, size: int = 2_000) -> Iterator[dict[str, Any]]:
    """The last notes."""
    if not file.exists():
        return
    with file.open("rb") as lines:
        lines.seek(max(0, file.stat().st_size - size))
        for line in lines.read().split(b"\n")[1:]:
            if line.endswith(b"}"):
                yield json.loads(line)
