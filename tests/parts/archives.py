"""The archive on the fake and on both real databases, and what a test may look up in it."""

from __future__ import annotations

import json
from typing import Any, Protocol

from sqlalchemy import Engine, Table, select

from hub.adapters import tables as t
from hub.adapters.archive import SqlArchive
from hub.adapters.database import reading
from hub.core.ports import Archive, Enrolment, Point, Store
from hub.core.tallying import COLUMNS, by_day, by_hour, by_reason
from shared.places import KioskId, PointId, StoreId
from tests.fakes.archive import FakeArchive

CENTRO, PUERTO = StoreId("centro"), StoreId("puerto")
K1, K2, K9 = KioskId("k-1"), KioskId("k-2"), KioskId("k-9")
CAJA_1, CAJA_2 = PointId("caja-1"), PointId("caja-2")

Rows = dict[tuple[Any, ...], Any]


class Whole(Archive, Enrolment, Protocol):
    """Both ports of the archive."""


class Seen(Protocol):
    """An archive with everything that lies in it laid open; rows of nothing are left out."""

    @property
    def archive(self) -> Whole:
        """The archive itself."""

    def records(self) -> Rows:
        """Store, ledger and seq: received_at, hour and body."""

    def tallies(self) -> Rows:
        """Store, point and hour: the counts."""

    def days(self) -> Rows:
        """Store, day and hour of day: the counts."""

    def reasons(self) -> Rows:
        """Store, point, hour, face and reason: answers."""

    def ledgers(self) -> Rows:
        """Store, kiosk and epoch: held, chain, lost and refused."""

    def losses(self) -> Rows:
        """Store, ledger and first: last and the notices."""

    def captives(self) -> Rows:
        """Kiosk, code and seq: times, length of the payload, and whether it was noted."""

    def doubtful(self) -> Rows:
        """Store, ledger and seq of what may still move."""


class SeenInMemory:
    """The fake, laid open."""

    def __init__(self) -> None:
        self.archive: FakeArchive = FakeArchive()

    def records(self) -> Rows:
        return {key: tuple(row[3:]) for key, row in self.archive.memory.records.items()}

    def tallies(self) -> Rows:
        return self._counted(by_hour)

    def days(self) -> Rows:
        return self._counted(by_day)

    def reasons(self) -> Rows:
        return self._counted(lambda counts: {k: [v] for k, v in by_reason(counts).items()})

    def ledgers(self) -> Rows:
        held = self.archive.memory.ledgers.items()
        return {tuple(key): (one.held, one.chain, one.lost, one.refused) for key, (_, one) in held}

    def losses(self) -> Rows:
        found = self.archive.memory.losses.items()
        return {key: (last, [json.loads(one) for one in told]) for key, (last, told) in found}

    def captives(self) -> Rows:
        return {
            (one.captive.kiosk_id, one.captive.code, one.captive.seq): (
                one.times,
                len(one.captive.payload),
                one.told,
            )
            for one in self.archive.memory.quarantine.values()
        }

    def doubtful(self) -> Rows:
        found = self.archive.memory.doubtful.items()
        return {(boot.store_id, *place): None for boot, places in found for place in places}

    def _counted(self, by: Any) -> Rows:
        stores = self.archive.memory.counts.items()
        return {
            (store, *key): tuple(row) for store, counts in stores for key, row in by(counts).items()
        }


class SeenOnDisk:
    """A real database, laid open."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.archive: SqlArchive = SqlArchive(engine)

    def records(self) -> Rows:
        return self._rows(t.records, 3)

    def tallies(self) -> Rows:
        return self._counted(t.tallies, 3)

    def days(self) -> Rows:
        return self._counted(t.store_tallies, 3)

    def reasons(self) -> Rows:
        return self._counted(t.reason_tallies, 5)

    def ledgers(self) -> Rows:
        found = self._rows(t.ledgers, 3)
        return {key: row[1:5] for key, row in found.items()}

    def losses(self) -> Rows:
        found = self._rows(t.losses, 3)
        return {key: (row[0], json.loads(row[2] or "[]")) for key, row in found.items()}

    def captives(self) -> Rows:
        q = t.quarantine.c
        query = select(q.kiosk_id, q.code, q.seq, q.times, q.payload, q.told)
        with reading(self.engine) as db:
            return {
                tuple(row[:3]): (row.times, len(row.payload), row.told) for row in db.execute(query)
            }

    def doubtful(self) -> Rows:
        d = t.doubtful.c
        with reading(self.engine) as db:
            return {tuple(row): None for row in db.execute(select(d.store_id, d.ledger, d.seq))}

    def _counted(self, table: Table, keys: int) -> Rows:
        return {key: row for key, row in self._rows(table, keys).items() if any(row)}

    def _rows(self, table: Table, keys: int) -> Rows:
        with reading(self.engine) as db:
            return {tuple(row[:keys]): tuple(row[keys:]) for row in db.execute(select(table))}


def furnish(archive: Enrolment) -> None:
    """Two stores with two registers each; k-1 and k-2 in centro, k-9 in puerto."""
    archive.add_store(Store(CENTRO, "Centro", "Europe/Madrid"), at=1)
    archive.add_store(Store(PUERTO, "Puerto", "Atlantic/Canary"), at=1)
    for store in (CENTRO, PUERTO):
        archive.add_point(Point(store, CAJA_1, "Caja 1", position=1))
        archive.add_point(Point(store, CAJA_2, "Caja 2", position=2))
    for kiosk, store in ((K1, CENTRO), (K2, CENTRO), (K9, PUERTO)):
        archive.enrol_kiosk(kiosk, store, at=1)


def counts(**named: int) -> tuple[int, ...]:
    """The counts of a tally in the order of its columns."""
    return tuple(named.get(column, 0) for column in COLUMNS)
