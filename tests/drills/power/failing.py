"""A kiosk's own writer on a card that is full, read-only or dying: who is thanked all the same."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from shared.sales import Sale
from shared.wire import decode_record
from tests.drills.power.card import Card
from tests.drills.power.drill import PATIENCE, ROOT
from tests.drills.power.fates import Lost
from tests.drills.power.fuse import mounted
from tests.drills.power.lives import number_of, visits_in
from tests.drills.power.operations import (
    FolderSynced,
    Made,
    Operation,
    Promised,
    Removed,
    Resized,
    Synced,
    Written,
)
from tests.drills.power.outbox import NAME, lay_out, make_outbox, read
from tests.drills.power.volume import Volume

SHOPPERS: Final = 12

Concerns = Callable[[Operation], bool]


@dataclass
class Failing:
    """Operations of a kind fail with this error: so many, after so many went well."""

    error: int
    concerns: Concerns
    after: int
    times: int
    met: int = 0

    def __call__(self, operation: Operation) -> int:
        if not self.concerns(operation):
            return 0
        self.after -= 1
        if self.after >= 0 or self.met >= self.times:
            return 0
        self.met += 1
        return self.error


def full(after: int, times: int) -> Failing:
    """No block is left: nothing is written, everything else goes on."""
    return Failing(errno.ENOSPC, lambda one: isinstance(one, Made | Written), after, times)


def read_only(after: int, times: int) -> Failing:
    """As a file system is mounted after an error: nothing can be changed."""
    changes = Made | Removed | Written | Resized | Synced | FolderSynced
    return Failing(errno.EROFS, lambda one: isinstance(one, changes), after, times)


def unsynced(after: int, times: int) -> Failing:
    """The sync fails, and what it should have kept is gone."""
    return Failing(errno.EIO, lambda one: isinstance(one, Synced), after, times)


@dataclass
class Aftermath:
    """What the kiosk said, and what its card holds."""

    said: list[str]
    thanked: set[int] = field(default_factory=set)
    sealed: Counter[int] = field(default_factory=Counter)
    sold: Counter[str] = field(default_factory=Counter)
    damaged: bool = False


def worked(failing: Failing, folder: Path, *, patience: int) -> Aftermath:
    """A dozen shoppers while the card fails; then, after so many seconds, the plug is pulled."""
    volume = Volume(fails=failing)
    worker = [sys.executable, "-m", "tests.drills.power.child", "writer", str(folder)]
    with mounted(volume, folder):
        done = subprocess.run(
            [*worker, str(SHOPPERS), str(patience)],
            stdout=subprocess.PIPE, cwd=ROOT, text=True, timeout=PATIENCE, check=True,
        )  # fmt: skip
    found = Aftermath(done.stdout.split())
    card = Card()
    for operation in volume.trace:
        card.follow(operation)
        if isinstance(operation, Promised) and not operation.begun:
            found.thanked.add(operation.step)
    lay_out(card.after(Lost()), folder)
    _look(found, folder / NAME)
    return found


def _look(found: Aftermath, path: Path) -> None:
    with closing(make_outbox(path)) as outbox:
        found.damaged = outbox.damaged
        found.sealed.update(number_of(one) for one in visits_in(outbox))
        memory = read(outbox)
    assert not isinstance(memory, str), memory
    records = [decode_record(body) for body in memory.bodies]
    found.sold.update(one.id for one in records if isinstance(one, Sale))
