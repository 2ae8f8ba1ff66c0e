"""Rows beside the records of responses, and walks on phones, in the hub's database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from hub.adapters.tables import responses, walks
from hub.core.ports import Entries, ResponseRow
from hub.core.recounting import Difference, Row, compare
from shared.errors import LinkUsed
from shared.places import StoreId

_COLUMNS = [responses.c[name] for name in ResponseRow._fields]


def keep_responses(db: Connection, entries: Entries) -> None:
    """Write what stands beside responses, and end walks; raises LinkUsed where one has ended."""
    for key in entries.ended:
        ended = {"key_kiosk": key.kiosk_id, "key_minute": key.minute, "key_nonce": key.nonce}
        if db.execute(_END, ended | {"done_at": entries.at}).rowcount != 1:
            raise LinkUsed("this link was answered already")
    if entries.responses:
        db.execute(insert(responses), [row._asdict() for row in entries.responses])
    if entries.redated:
        names = ("key_store", "key_ledger", "key_seq", "day")
        db.execute(_REDATE, [dict(zip(names, row, strict=True)) for row in entries.redated])


def response_differences(
    db: Connection, store: StoreId, counted: Sequence[ResponseRow]
) -> list[Difference]:
    """Where the rows are not what the records say."""
    rows = db.execute(select(*_COLUMNS).where(responses.c.store_id == store))
    stands = dict(_split(ResponseRow(*row)) for row in rows)
    return compare("responses", store, stands, dict(map(_split, counted)))


def rewrite_responses(db: Connection, store: StoreId, counted: Sequence[ResponseRow]) -> None:
    """Write the rows anew; what was told of them stays told."""
    c = responses.c
    kept = select(c.ledger, c.seq, c.week, c.fit).where(c.store_id == store)
    told = {(ledger, seq): (week, fit) for ledger, seq, week, fit in db.execute(kept)}
    db.execute(delete(responses).where(c.store_id == store))
    rows: list[dict[str, Any]] = []
    for row in counted:
        week, fit = told.get((row.ledger, row.seq), (None, None))
        rows.append(row._asdict() | {"week": week, "fit": fit})
    if rows:
        db.execute(insert(responses), rows)


def _split(row: ResponseRow) -> tuple[Row, tuple[int, ...]]:
    """A row as a recount compares it: by everything that is no number of its own."""
    key = row.ledger, row.seq, row.questionnaire, row.version, row.point_id, row.language, row.input
    return key, (row.day, int(row.complete))


_END = (
    update(walks)
    .where(
        walks.c.kiosk_id == bindparam("key_kiosk"),
        walks.c.minute == bindparam("key_minute"),
        walks.c.nonce == bindparam("key_nonce"),
        walks.c.done_at.is_(None),
    )
    .values(done_at=bindparam("done_at"), answers="{}")
)

_REDATE = (
    update(responses)
    .where(
        responses.c.store_id == bindparam("key_store"),
        responses.c.ledger == bindparam("key_ledger"),
        responses.c.seq == bindparam("key_seq"),
    )
    .values(day=bindparam("day"))
)
