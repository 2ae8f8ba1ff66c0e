"""One transaction of the archive: what intake reads, and all that it writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    Connection,
    bindparam,
    func,
    insert,
    select,
    tuple_,
)

from hub.adapters import tables as t
from hub.adapters.entering import quarantine_room, write_entries
from hub.adapters.statements import Statements
from hub.core.ledger import Ledger
from hub.core.placing import Anchorage
from hub.core.ports import MOST_TOLD, Boot, Directory, Doubtful, Entries, Hub, LedgerKey
from hub.core.tallying import Counted
from shared.deliveries import Refusal
from shared.errors import LedgerMoved, SchemaOutdated
from shared.places import KioskId, PointId, StoreId


class SqlPage:
    """A page on SQLite or PostgreSQL."""

    def __init__(self, db: Connection, statements: Statements) -> None:
        self._db, self._statements = db, statements

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def directory(self, kiosks: Collection[KioskId]) -> Directory:
        """What is known of these kiosks; those not enrolled, or retired, are left out."""
        self._statements.lock_kiosks(self._db, list(kiosks))
        found = self._db.execute(_KIOSKS, {"these": list(kiosks)})
        stores = {KioskId(kiosk): StoreId(store) for kiosk, store in found}
        theirs = {"these": list(set(stores.values()))}
        zones = self._db.execute(_ZONES, theirs)
        points: dict[StoreId, set[PointId]] = {store: set() for store in theirs["these"]}
        for store, point in self._db.execute(_POINTS, theirs):
            points[store].add(point)
        return Directory(
            hub=read_hub(self._db),
            stores=stores,
            zones={StoreId(store): zone for store, zone in zones},
            points={store: frozenset(names) for store, names in points.items()},
            held=frozenset(self._db.execute(_HELD, {"these": list(kiosks)}).scalars()),
        )

    def ledgers(self, keys: Collection[LedgerKey]) -> dict[LedgerKey, tuple[int, Ledger]]:
        """The ledgers that exist, each with its short number."""
        rows = self._db.execute(_LEDGERS, {"these": [tuple(key) for key in keys]})
        return {LedgerKey(*row[:3]): (row[3], Ledger(*row[4:])) for row in rows}

    def open_ledger(self, key: LedgerKey, ledger: Ledger, at: int) -> int:
        """Make a ledger and return its number; raises LedgerMoved where somebody just did."""
        self._statements.lock_ledger_numbers(self._db)
        if self.ledgers([key]):
            raise LedgerMoved(f"the ledger of {key.kiosk_id}, epoch {key.epoch}, was just made")
        highest = self._db.execute(select(func.max(t.ledgers.c.ledger))).scalar_one_or_none()
        number = (highest or 0) + 1
        row = {"ledger": number, "held": ledger.held, "chain": ledger.chain, "first_at": at}
        self._db.execute(insert(t.ledgers).values(key._asdict() | row | {"last_at": at}))
        return number

    def bodies(self, store: StoreId, ledger: int, first: int, last: int) -> dict[int, bytes]:
        """The stored records of a ledger from `first` to `last`, by seq."""
        c = t.records.c
        ours = (c.store_id == store) & (c.ledger == ledger) & c.seq.between(first, last)
        rows = self._db.execute(select(c.seq, c.body).where(ours))
        return {row.seq: row.body for row in rows}

    def anchors(self, boots: Collection[Boot]) -> dict[Boot, list[Anchorage]]:
        """The anchors of these boots, in rising order."""
        c = t.anchors.c
        ours = select(t.anchors).where(_is_one_of((c.store_id, c.kiosk_id, c.boot_id), boots))
        found: dict[Boot, list[Anchorage]] = {}
        for row in self._db.execute(ours.order_by(c.boot)).mappings():
            boot = Boot(row[c.store_id], row[c.kiosk_id], row[c.boot_id])
            found.setdefault(boot, []).append(Anchorage(row[c.boot], row[c.true]))
        return found

    def doubtful(self, boot: Boot) -> Iterable[Doubtful]:
        """The stored records of a boot that a later anchor may move."""
        d, r = t.doubtful.c, t.records.c
        same = (d.store_id == r.store_id) & (d.ledger == r.ledger) & (d.seq == r.seq)
        query = select(r.ledger, r.seq, r.received_at, r.hour, r.body).select_from(
            t.doubtful.join(t.records, same)
        )
        ours = query.where(_is_one_of((d.store_id, d.kiosk_id, d.boot_id), [boot]))
        return (Doubtful(*row) for row in self._db.execute(ours))

    def counted(self, stores: Collection[StoreId]) -> dict[StoreId, Counted]:
        """The days and codes of which it was decided that their suspects count.

        The kiosks of these stores are locked by now, and who decides locks them, too.
        """
        return read_counted(self._db, stores)

    def room(self, kiosk: KioskId | None) -> int:
        """How many more rows the quarantine has room for, for this kiosk or for all strangers."""
        return quarantine_room(self._db, kiosk)

    def refusals(self, keys: Collection[LedgerKey]) -> dict[LedgerKey, list[Refusal]]:
        """The lowest refused seqs of each that its kiosk has not noted yet."""
        q = t.quarantine.c
        base = select(q.seq, q.code).where(~q.told, q.seq.is_not(None))
        found: dict[LedgerKey, list[Refusal]] = {}
        for key in keys:
            ours = (q.kiosk_id == key.kiosk_id) & (q.epoch == key.epoch)
            rows = self._db.execute(base.where(ours).order_by(q.seq).limit(MOST_TOLD))
            found[key] = [Refusal(seq, code) for seq, code in rows]
        return found

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def write(self, entries: Entries) -> None:
        """Write everything; raises LedgerMoved where a ledger is not where it was believed."""
        write_entries(self._db, self._statements, entries)


def read_counted(db: Connection, stores: Collection[StoreId]) -> dict[StoreId, Counted]:
    """The days and codes of these stores whose suspects count after all."""
    c = t.decisions.c
    query = select(c.store_id, c.day, c.code).where(c.counted, c.store_id.in_(list(stores)))
    found: dict[StoreId, set[tuple[int, str]]] = {}
    for store, day, code in db.execute(query):
        found.setdefault(StoreId(store), set()).add((day, code))
    return {store: frozenset(these) for store, these in found.items()}


def read_hub(db: Connection) -> Hub:
    """Who this hub is; raises SchemaOutdated where the database was never made ready."""
    row = db.execute(select(t.hub.c.hub_id, t.hub.c.generation)).first()
    if row is None:
        raise SchemaOutdated("the database does not know whose it is")
    return Hub(*row)


# Made once: every transaction runs them, and making one costs as much as running it.
_THESE: BindParameter[Any] = bindparam("these", expanding=True)

_KIOSKS = select(t.kiosks.c.kiosk_id, t.kiosks.c.store_id).where(
    t.kiosks.c.kiosk_id.in_(_THESE), t.kiosks.c.retired_at.is_(None)
)

_HELD = select(t.held_kiosks.c.kiosk_id).where(t.held_kiosks.c.kiosk_id.in_(_THESE))

_ZONES = select(t.stores.c.store_id, t.stores.c.zone).where(t.stores.c.store_id.in_(_THESE))

_POINTS = select(t.points.c.store_id, t.points.c.point_id).where(t.points.c.store_id.in_(_THESE))

_LEDGER_KEY = (t.ledgers.c.store_id, t.ledgers.c.kiosk_id, t.ledgers.c.epoch)

_LEDGERS = select(
    *_LEDGER_KEY,
    *(t.ledgers.c[name] for name in ("ledger", "held", "chain", "lost", "refused")),
).where(tuple_(*_LEDGER_KEY).in_(_THESE))


def _is_one_of(
    columns: Sequence[Column[Any]], keys: Collection[tuple[Any, ...]]
) -> ColumnElement[bool]:
    return tuple_(*columns).in_([tuple(key) for key in keys])
