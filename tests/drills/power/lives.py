"""A kiosk whose plug is pulled again and again while it works, on a file system of our own.

A real process keeps answers and says what it has thanked for; at a moment drawn by chance every
operation fails, the process is killed, and the next one begins on what the card then holds.
"""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

from kiosk.adapters.outbox import SqliteOutbox
from shared.visits import Visit
from shared.wire import decode_record
from tests.drills.power.card import Card
from tests.drills.power.drill import PATIENCE, ROOT
from tests.drills.power.fates import ContentsLost, Lost, Scattered, Whole
from tests.drills.power.fuse import mounted
from tests.drills.power.operations import Files, Operation, Promised
from tests.drills.power.outbox import NAME, lay_out, make_outbox, read
from tests.drills.power.volume import Volume

EACH_LIFE = 10_000
"""Numbers of answers that a life may use: nobody answers so often within a second."""


class Lives:
    """Lives of one kiosk, one after the other; what each was told stays in the notebook."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._dice = folder, random.Random(seed)
        self._files: Files = {}
        self._number = 0
        self.begun: set[int] = set()
        self.thanked: set[int] = set()

    def live(self) -> None:
        """One life, up to the pull of the plug."""
        self._number += 1
        volume = Volume(self._files)
        worker = [sys.executable, "-m", "tests.drills.power.child", "lives", str(self._folder)]
        with mounted(volume, self._folder):
            first = self._number * EACH_LIFE
            with subprocess.Popen([*worker, str(first), "0"], cwd=ROOT) as child:
                self._pull(volume, self._dice.randrange(5, 250))
                child.kill()
        self._note(volume)

    def _pull(self, volume: Volume, after: int) -> None:
        """From then on every operation fails."""

        def gone(_: Operation) -> int:
            return 5 if len(volume.trace) >= after else 0  # EIO

        volume.fails = gone
        with volume.changed:
            assert volume.changed.wait_for(lambda: len(volume.trace) >= after, PATIENCE)

    def _note(self, volume: Volume) -> None:
        card = Card(self._files)
        for operation in volume.trace:
            card.follow(operation)
            if isinstance(operation, Promised):
                (self.begun if operation.begun else self.thanked).add(operation.step)
        fates = (Lost(), Whole(), ContentsLost(), Scattered(self._dice))
        self._files = card.after(self._dice.choice(fates))

    def judge(self) -> str | None:
        """Who was thanked is there once, and nobody else; what was begun may be."""
        lay_out(self._files, self._folder)
        with closing(make_outbox(self._folder / NAME)) as outbox:
            if outbox.damaged:
                return "the file was taken for damaged and set aside"
            found = Counter(number_of(one) for one in visits_in(outbox))
        if lost := self.thanked - set(found):
            return f"{len(lost)} thanked answers are gone"
        if strange := set(found) - self.begun:
            return f"{len(strange)} answers of nobody"
        return "an answer is there twice" if max(found.values(), default=0) > 1 else None


def visits_in(outbox: SqliteOutbox) -> list[Visit]:
    """The sealed ones, and the open one."""
    memory = read(outbox)
    assert not isinstance(memory, str), memory
    bodies = [*memory.bodies, *([] if memory.open is None else [memory.open])]
    return [one for body in bodies if isinstance(one := decode_record(body), Visit)]


def number_of(visit: Visit) -> int:
    """Which answer this is."""
    return visit.asked.boot
