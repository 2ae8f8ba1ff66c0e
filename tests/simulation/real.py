"""The same simulation on real files: SQLite under the kiosk, SQLite or PostgreSQL under the hub."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Engine, select

from hub.adapters import tables as t
from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.adapters.recount import verify
from hub.core.ports import Page
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.core.mending import Row
from shared.places import KioskId, PointId
from tests.simulation.disk import Step
from tests.simulation.equipment import KioskParts
from tests.simulation.findings import Entered, Findings, Key, Standing
from tests.simulation.hub import HubParts
from tests.simulation.simulation import Parts


class FileOutbox(SqliteOutbox):
    """The kiosk's real outbox; `reborn` is what the next run of the program opens."""

    def __init__(self, path: Path, kiosk: KioskId, quota: int) -> None:
        super().__init__(path, kiosk, quota=quota)

    def reborn(self) -> FileOutbox:
        """The program died without closing anything."""
        with self._lock:
            self._drop_connection()
        return FileOutbox(self._path, self._kiosk, self._quota)

    def row(self, seq: int) -> Row:
        """As it lies there."""
        with closing(sqlite3.connect(self._path)) as file:
            words = "SELECT seq, body, chain FROM records WHERE seq = ?"
            return Row(*file.execute(words, (seq,)).fetchone())

    def spoil(self, seq: int, **columns: bytes) -> None:
        """As if bits turned in the row of that seq."""
        with closing(sqlite3.connect(self._path)) as file, file:
            for name, value in columns.items():
                file.execute(f"UPDATE records SET {name} = ? WHERE seq = ?", (value, seq))


def outboxes_in(folder: Path) -> Callable[[KioskId, str, int], FileOutbox]:
    """Makes outboxes in this folder; the epoch is the real one's own choice."""
    numbers = itertools.count(1)

    def make(kiosk: KioskId, epoch: str, quota: int) -> FileOutbox:
        return FileOutbox(folder / f"outbox-{next(numbers)}.db", kiosk, quota)

    return make


class SqlDatabase(SqlArchive):
    """The hub's real archive, with a seam before and after each commit."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.step: Step = lambda what: None

    @contextmanager
    def page(self) -> Iterator[Page]:
        """One transaction; what the seams raise undoes it, as a crash would."""
        self.step("page")
        with super().page() as page:
            yield page
            self.step("commit")
        self.step("committed")

    def cut(self) -> None:
        """The program died: its connections with it."""
        self._engine.dispose()

    def hide(self, point: PointId | None) -> None:
        """Not on a real database."""

    def holds(self, key: Key, seq: int) -> bytes | None:
        """What is committed of a seq."""
        found = self.found(recount=False)
        for one in found.records:
            if (one.key, one.seq) == (key, seq):
                return one.body
        lost = any(first <= seq <= last for first, last in found.losses.get(key, ()))
        return b"" if lost or seq in found.refused.get(key, ()) else None

    def held(self, key: Key) -> int:
        """Up to where this ledger is committed."""
        standing = self.found(recount=False).ledgers.get(key)
        return 0 if standing is None else standing.held

    def captured(self, payload: bytes) -> bool:
        """Whether this very message is in quarantine."""
        q = t.quarantine.c
        with reading(self._engine) as db:
            kept = db.execute(select(q.payload).where(q.seq.is_(None))).scalars()
            return any(bytes(one) == payload[: len(one)] for one in kept)

    def found(self, *, recount: bool = True) -> Findings:
        """Everything."""
        found = Findings()
        with reading(self._engine) as db:
            keys: dict[int, Key] = {}
            for row in db.execute(select(t.ledgers)):
                key = (row.store_id, row.kiosk_id, row.epoch)
                keys[row.ledger] = key
                found.ledgers[key] = Standing(row.held, row.lost, row.refused)
            for row in db.execute(select(t.records).order_by(t.records.c.seq)):
                found.records.append(Entered(keys[row.ledger], row.seq, bytes(row.body)))
            for row in db.execute(select(t.losses)):
                found.losses.setdefault(keys[row.ledger], []).append((row.first, row.last))
            for row in db.execute(select(t.quarantine).where(t.quarantine.c.seq.is_not(None))):
                whose = (row.store_id, row.kiosk_id, row.epoch)
                found.refused.setdefault(whose, set()).add(row.seq)
            for row in db.execute(select(t.tallies)):
                found.tallies[row[0], row[1], row[2]] = tuple(row[3:])
        if recount:
            found.differences = [str(one) for one in verify(self._engine).differences]
        return found


def parts_on(engine: Engine, folder: Path) -> Parts:
    """The real outbox and the real archive."""
    return Parts(
        kiosk=KioskParts(outbox=outboxes_in(folder)),
        hub=HubParts(lambda: SqlDatabase(engine)),
    )
