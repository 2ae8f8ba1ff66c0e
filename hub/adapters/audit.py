"""The audit log in the hub's database: appended to, read, never changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Row, insert, select, text

from hub.adapters.tables import audit
from hub.core.accounts import FIRST_HASH, Entry, Note, entry_hash


def append(db: Connection, note: Note) -> None:
    """Append a note in the caller's transaction; others that append wait until it ends."""
    if db.dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        db.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    last = db.execute(
        select(audit.c.entry, audit.c.hash).order_by(audit.c.entry.desc()).limit(1)
    ).first()
    entry, before = (1, FIRST_HASH) if last is None else (last.entry + 1, last.hash)
    db.execute(
        insert(audit).values(
            entry=entry,
            at=note.at,
            user=note.user,
            action=note.action,
            target=note.target,
            detail=note.detail,
            hash=entry_hash(before, entry, note),
        )
    )


def latest(db: Connection, most: int, before: int | None) -> Sequence[Entry]:
    """The latest entries, newest first; those before number `before` where given."""
    query = select(audit).order_by(audit.c.entry.desc()).limit(most)
    if before is not None:
        query = query.where(audit.c.entry < before)
    return [_entry(row) for row in db.execute(query)]


def walk(db: Connection, see: Callable[[Entry], None]) -> None:
    """Show every entry to `see`, oldest first."""
    # The log of years does not fit in memory: 1,000 rows at a time.
    every = select(audit).order_by(audit.c.entry)
    for row in db.execute(every, execution_options={"yield_per": 1_000}):
        see(_entry(row))


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    note = Note(row.at, row.user, row.action, row.target, row.detail)
    return Entry(row.entry, note, row.hash)
