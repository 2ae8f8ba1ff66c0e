"""Forgets raw records in the hub's database, and knows what lies in quarantine there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, delete, func, select, update

from hub.adapters.database import inserting, reading, writing
from hub.adapters.tables import doubtful, quarantine, records, responses, seals, suspects
from shared.places import StoreId
from shared.questionnaires import Response
from shared.wire import decode_record

AT_ONCE = 20_000
"""Seqs in one transaction: some tens of milliseconds, so that the intake hardly waits."""

_READ_AT_ONCE = 500
"""Responses in memory: 30 MB where each is as long as it may be."""

_CAPTIVES_AT_ONCE = 200
"""Rows in one transaction: up to 13 MB of pages that are let go."""


class SqlRetention:
    """Retention in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def seal(self, store_id: StoreId, before: int) -> int:
        """Seal what counts before this instant and delete its records; returns how many.

        The seal comes first: records that a crash leaves behind it count for nothing any more.
        """
        self._put_seal(store_id, before)
        return sum(
            self._delete(store_id, ledger, first, before)
            for ledger, lowest, highest in self._ledgers(store_id)
            for first in range(lowest, highest + 1, AT_ONCE)
        )

    def _put_seal(self, store_id: StoreId, before: int) -> None:
        put = inserting(self._engine, seals).values(store_id=store_id, before=before)
        later = put.on_conflict_do_update(
            index_elements=["store_id"],
            set_={"before": put.excluded.before},
            where=seals.c.before < put.excluded.before,
        )
        with writing(self._engine) as db:
            db.execute(later)

    def _ledgers(self, store_id: StoreId) -> Iterable[tuple[int, int, int]]:
        c = records.c
        query = (
            select(c.ledger, func.min(c.seq), func.max(c.seq))
            .where(c.store_id == store_id)
            .group_by(c.ledger)
        )
        with reading(self._engine) as db:
            return [(ledger, lowest, highest) for ledger, lowest, highest in db.execute(query)]

    def _delete(self, store_id: StoreId, ledger: int, first: int, before: int) -> int:
        def here(table: Any) -> Any:
            c = table.c
            return (
                (c.store_id == store_id)
                & (c.ledger == ledger)
                & c.seq.between(first, first + AT_ONCE - 1)
            )

        c = records.c
        hourless = here(records) & c.hour.is_(None) & (c.received_at < before)
        kept = select(c.seq).where(here(records))
        with writing(self._engine) as db:
            texts = _responses(db, hourless)
            gone = db.execute(delete(records).where(here(records), c.hour < before)).rowcount
            if texts:
                db.execute(delete(records).where(here(records), c.seq == bindparam("text")), texts)
                beside = here(responses), responses.c.seq == bindparam("text")
                db.execute(delete(responses).where(*beside), texts)
            if gone or texts:
                for table in (doubtful, suspects):
                    db.execute(delete(table).where(here(table), table.c.seq.not_in(kept)))
            return gone + len(texts)


def _responses(db: Connection, among: ColumnElement[bool]) -> list[dict[str, int]]:
    """The seqs of responses among records that count in no hour.

    Anchors and loss notices stay: they say nothing about anybody. Each is read, because how its
    kiosk spaced it and what else stands in it is not known.
    """
    query = select(records.c.seq, records.c.body).where(among)
    rows = db.execute(query, execution_options={"yield_per": _READ_AT_ONCE})
    return [{"text": row.seq} for row in rows if isinstance(decode_record(row.body), Response)]


class SqlQuarantine:
    """What lies in quarantine, in SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def counts(self) -> Mapping[str, int]:
        """How many, by code."""
        query = select(quarantine.c.code, func.count()).group_by(quarantine.c.code)
        with reading(self._engine) as db:
            return {row[0]: row[1] for row in db.execute(query.order_by(quarantine.c.code))}

    def empty(self, before: int) -> int:
        """Forget the bytes of what last came before this instant, not that it came; how many.

        The row stays: it is counted, and the same thing is known again where it comes again.
        """
        c = quarantine.c
        old = select(c.fingerprint).where(c.last_at < before, func.length(c.payload) > 0)
        some = old.limit(_CAPTIVES_AT_ONCE).scalar_subquery()
        emptied = 0
        while True:
            with writing(self._engine) as db:
                these = update(quarantine).where(c.fingerprint.in_(some)).values(payload=b"")
                gone = db.execute(these).rowcount
            emptied += gone
            if gone < _CAPTIVES_AT_ONCE:
                return emptied
