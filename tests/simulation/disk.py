"""The hub's database as a disk: a page is on it after its commit, and not at all before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Protocol

from hub.core.hours import Hours
from hub.core.ports import Archive, Enrolment, LedgerKey
from hub.core.recounting import Store, Stored, recount
from hub.core.tallying import NONE, Counts, by_day, by_hour, by_reason
from shared.errors import ArchiveError
from shared.places import KioskId, PointId, StoreId
from tests.fakes.archive import FakeArchive, FakePage, Memory
from tests.simulation.findings import Entered, Findings, Key, Standing

Step = Callable[[str], None]
"""Told of every operation at a seam; may raise ArchiveError or Crash."""


class Database(Archive, Enrolment, Protocol):
    """The archive with seams, laid open for the judge."""

    step: Step

    def cut(self) -> None:
        """The machine stops."""

    def hide(self, point: PointId | None) -> None:
        """Nobody knows this point any more; None: all are known."""

    def holds(self, key: Key, seq: int) -> bytes | None:
        """What is committed of a seq; empty where it is refused or lost, None where nothing is."""

    def held(self, key: Key) -> int:
        """Up to where this ledger is committed."""

    def captured(self, payload: bytes) -> bool:
        """Whether this very message is in quarantine."""

    def found(self) -> Findings:
        """Everything."""


class SimArchive(FakeArchive):
    """The fake with a seam before and after each commit, and a cheaper copy."""

    page_of: type[FakePage] = FakePage

    def __init__(self) -> None:
        super().__init__()
        self.step: Step = lambda what: None
        self._hidden: PointId | None = None

    @contextmanager
    def page(self) -> Iterator[FakePage]:
        """One transaction."""
        self.step("page")
        page = self.page_of(copied(self.memory))
        if self._hidden is not None:
            known = page.memory.points.items()
            page.memory.points = {key: one for key, one in known if key[1] != self._hidden}
        yield page
        self.step("commit")
        self.commit(page)
        self.step("committed")

    def commit(self, page: FakePage) -> None:
        """Put it on the disk."""
        page.memory.points = self.memory.points
        self.memory = page.memory

    def cut(self) -> None:
        """The machine stops: nothing committed is lost."""

    def hide(self, point: PointId | None) -> None:
        """Nobody knows this point any more; None: all are known."""
        self._hidden = point

    def holds(self, key: Key, seq: int) -> bytes | None:
        """What is committed of a seq."""
        memory = self.memory
        number = self._number(key)
        row = memory.records.get((StoreId(key[0]), number, seq))
        if row is not None:
            return row[5]
        for (_, ledger, first), (last, _) in memory.losses.items():
            if ledger == number and first <= seq <= last:
                return b""
        captives = (held.captive for held in memory.quarantine.values())
        refused = any((one.kiosk_id, one.epoch, one.seq) == (*key[1:], seq) for one in captives)
        return b"" if refused else None

    def held(self, key: Key) -> int:
        """Up to where this ledger is committed."""
        entry = self.memory.ledgers.get(_ledger_key(key))
        return 0 if entry is None else entry[1].held

    def captured(self, payload: bytes) -> bool:
        """Whether this very message is in quarantine."""
        captives = (held.captive for held in self.memory.quarantine.values())
        return any(
            one.seq is None and one.payload == payload[: len(one.payload)] for one in captives
        )

    def found(self) -> Findings:
        """Everything."""
        memory = self.memory
        keys: dict[int, Key] = {number: (*key,) for key, (number, _) in memory.ledgers.items()}
        found = Findings(differences=recounted(memory))
        for key, (_, ledger) in memory.ledgers.items():
            found.ledgers[key] = Standing(ledger.held, ledger.lost, ledger.refused)
        for (_, number, seq), row in sorted(memory.records.items()):
            found.records.append(Entered(keys[number], seq, row[5]))
        for (_, number, first), (last, _) in memory.losses.items():
            found.losses.setdefault(keys[number], []).append((first, last))
        for held in memory.quarantine.values():
            one = held.captive
            if one.seq is not None:
                whose = (str(one.store_id), str(one.kiosk_id), str(one.epoch))
                found.refused.setdefault(whose, set()).add(one.seq)
        for store, counts in memory.counts.items():
            for (point, hour), columns in by_hour(counts).items():
                found.tallies[store, point, hour] = tuple(columns)
        return found

    def _number(self, key: Key) -> int:
        return self.memory.ledgers.get(_ledger_key(key), (0, None))[0]


def copied(memory: Memory) -> Memory:
    """A memory of its own as far as a page changes it."""
    return Memory(
        stores=memory.stores,
        points=memory.points,
        kiosks=memory.kiosks,
        ledgers=dict(memory.ledgers),
        records=dict(memory.records),
        counts={store: dict(counts) for store, counts in memory.counts.items()},
        anchors={boot: list(known) for boot, known in memory.anchors.items()},
        doubtful={boot: set(places) for boot, places in memory.doubtful.items()},
        losses={key: (last, list(told)) for key, (last, told) in memory.losses.items()},
        suspects=dict(memory.suspects),
        counted=dict(memory.counted),
        quarantine={mark: copy(held) for mark, held in memory.quarantine.items()},
        responses=dict(memory.responses),
        walks=dict(memory.walks),
    )


def recounted(memory: Memory) -> list[str]:
    """Where a recount by the hub's own rule differs from the tallies."""
    kiosks = {number: key.kiosk_id for key, (number, _) in memory.ledgers.items()}
    different: list[str] = []
    for store, known in memory.stores.items():
        anchors = {
            (str(boot.kiosk_id), boot.boot_id): found
            for boot, found in memory.anchors.items()
            if boot.store_id == store
        }
        rows = [
            Stored(kiosks[number], number, seq, at, hour, body)
            for (home, number, seq), (_, _, _, at, hour, body) in memory.records.items()
            if home == store
        ]
        counts: Counts = {}
        decided = memory.counted.get(store, NONE)
        doubted = {key[1:]: code for key, code in memory.suspects.items() if key[0] == store}
        site = Store(store, Hours(known.zone), -(2**62), anchors, decided, doubted)
        strays = recount(site, counts, rows)
        different += [str(stray) for stray in strays]
        stand = memory.counts.get(store, {})
        if (by_hour(counts), by_day(counts), by_reason(counts)) != (
            by_hour(stand),
            by_day(stand),
            by_reason(stand),
        ):
            different.append(f"the tallies of {store} are not what its records say")
    return different


def away() -> ArchiveError:
    """What a locked database says."""
    return ArchiveError("the database is locked")


def _ledger_key(key: Key) -> LedgerKey:
    return LedgerKey(StoreId(key[0]), KioskId(key[1]), key[2])
