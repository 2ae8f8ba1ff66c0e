"""The programs with one safeguard removed: without it, the judge must find a cut that harms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, Engine, event

from kiosk.adapters import outbox_file
from kiosk.adapters.outbox import SqliteOutbox
from shared.visits import Visit
from tests.drills.power import archive, outbox
from tests.drills.power.cuts import Plan
from tests.drills.power.drill import Result, Told, failing_told, hub_told, judged, kiosk_told
from tests.drills.power.operations import FolderSynced, Promised, Synced, Trace
from tests.drills.power.story import Violation

VISITS, ROUNDS, SEED = 12, 13, 1
"""A story in which the log comes round and the program restarts, as short as it can be."""

BRIEF = Plan(scattered=0, rubbish=0, every=7)
"""Enough to notice: what is lost without a safeguard is lost at most moments."""

Telling = Callable[[], AbstractContextManager[Told]]


@dataclass(frozen=True, slots=True)
class Variant:
    """What is removed, and the story without it."""

    safeguard: str
    says: str  # what the judge must say of one cut at least
    told: Telling


def outbox_with(**pragmas: tuple[str, object]) -> outbox.Make:
    """The real outbox with other settings: what is set, and what is read back."""

    def make(path: Path) -> SqliteOutbox:
        usual = outbox_file._PRAGMAS
        others = tuple((name, *pragmas.get(name, rest)) for name, *rest in usual)
        with patch.object(outbox_file, "_PRAGMAS", others):
            return outbox.make_outbox(path)

    return make


def engine_with(*pragmas: str) -> archive.Make:
    """The hub's real engine with other settings, made after its own were read back."""

    def make(path: Path) -> Engine:
        engine = archive.make_engine(path)

        def loosen(connection: Any, _: object) -> None:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}").close()

        event.listen(engine, "connect", loosen)
        return engine

    return make


class SealedInTwo(SqliteOutbox):
    """Gives the seq in one transaction, and closes the visit in the next."""

    def seal(self, visit: Visit) -> None:
        self.add(visit)
        self._write(self._close)

    def _close(self, connection: Connection) -> None:
        connection.exec_driver_sql("DELETE FROM open_visit")


@contextmanager
def promising_early(told: AbstractContextManager[Told]) -> Iterator[Told]:
    """What a step promises is promised as it begins: the thanks come before the commit."""
    with told as usual:
        yield replace(usual, trace=_early(usual.trace))


def bites(variant: Variant, *, all_of_them: bool = False) -> tuple[Result, Violation | None]:
    """What came of it, and the worst that the judge said, of what he must say."""

    def enough(result: Result) -> bool:
        return bool(_found(variant, result)) and not all_of_them

    with variant.told() as told:
        # The hub's disk is no cheap card: what is spoiled there is no sign of what was removed.
        plan = replace(BRIEF, spoiled=variant.safeguard.startswith("kiosk"))
        result = judged(told, plan, enough)
    return result, max(_found(variant, result), key=_weight, default=None)


def _found(variant: Variant, result: Result) -> list[Violation]:
    return [one for one in result.violations if variant.says in one.why]


def _weight(violation: Violation) -> int:
    """How many records it speaks of."""
    numbers = [int(word) for word in violation.why.split() if word.isdecimal()]
    return numbers[0] if numbers else 0


def _early(trace: Trace) -> Trace:
    found: Trace = []
    for one in trace:
        if not isinstance(one, Promised):
            found.append(one)
        elif one.begun:
            found += [one, Promised(one.step, False)]
    return found


@contextmanager
def believing() -> Iterator[Told]:
    """Two syncs in a row fail: the commit's, and that with which the file is closed."""
    with patch.object(outbox_file, "read_anew", lambda _: None), failing_told("sync", 1, 2) as told:
        yield told


@contextmanager
def sharing() -> Iterator[Told]:
    """What is written next may spoil what was kept."""
    with patch.object(outbox_file, "_CAREFUL", {"uri": "true"}), _kiosk() as told:
        yield told


@contextmanager
def lying(told: AbstractContextManager[Told]) -> Iterator[Told]:
    """A card that says “synced” and does nothing: no program can be safe on it."""
    with told as usual:
        syncs = Synced | FolderSynced
        yield replace(usual, trace=[one for one in usual.trace if not isinstance(one, syncs)])


def _kiosk(make: outbox.Make = outbox.make_outbox) -> AbstractContextManager[Told]:
    return kiosk_told(VISITS, SEED, make)


def _hub(make: archive.Make = archive.make_engine) -> AbstractContextManager[Told]:
    return hub_told(ROUNDS, SEED, make)


THANKED, ACKNOWLEDGED = "promised records are gone", "acknowledged records are gone"
ANSWER = "the thanked answer is gone"
SET_ASIDE, DAMAGED, DOUBLED = "set aside", "malformed", "and had promised"
NORMAL, OFF = ("normal", 1), ("off", 0)

VARIANTS = (
    Variant("kiosk, synchronous=NORMAL", THANKED, partial(_kiosk, outbox_with(synchronous=NORMAL))),
    Variant("kiosk, synchronous=OFF", THANKED, partial(_kiosk, outbox_with(synchronous=OFF))),
    Variant(
        "kiosk, no WAL but a journal in memory",
        SET_ASIDE,
        partial(_kiosk, outbox_with(journal_mode=("memory", "memory"))),
    ),
    Variant(
        "kiosk, no journal at all",
        SET_ASIDE,
        partial(_kiosk, outbox_with(journal_mode=("off", "off"))),
    ),
    Variant("kiosk, a log is believed after a failed fsync", THANKED, believing),
    Variant(
        "kiosk, sealed in two transactions",
        DOUBLED,
        partial(_kiosk, lambda path: SealedInTwo(path, outbox.KIOSK)),
    ),
    Variant("kiosk, a commit without a sector of its own", ANSWER, sharing),
    Variant("kiosk, thanks before the commit", THANKED, lambda: promising_early(_kiosk())),
    Variant("kiosk, a card that syncs nothing", THANKED, lambda: lying(_kiosk())),
    Variant(
        "hub, synchronous=NORMAL", ACKNOWLEDGED, partial(_hub, engine_with("synchronous = NORMAL"))
    ),
    Variant("hub, synchronous=OFF", ACKNOWLEDGED, partial(_hub, engine_with("synchronous = OFF"))),
    Variant("hub, no journal at all", DAMAGED, partial(_hub, engine_with("journal_mode = OFF"))),
    Variant("hub, acknowledged before the commit", ACKNOWLEDGED, lambda: promising_early(_hub())),
    Variant("hub, a disk that syncs nothing", ACKNOWLEDGED, lambda: lying(_hub())),
)
