"""Keeps SQLite's log short, by the intake's thread and after its receipts.

Left to itself SQLite copies the log into the database within the commit of whoever makes it too
long: a page that notes one thing then waits for the records of thousands of shoppers, 1.4 s seen.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection, OperationalError
from typing import Final, Protocol

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from hub.adapters.database import BUSY_S

log = structlog.get_logger(__name__)

SHARE: Final = 32 * 1024 * 1024
"""Bytes of letters, about as many of log: ten full transactions share one copying."""

REST: Final = 1024 * 1024
"""Bytes of log that may stand while nothing waits; a second's writing more may join them."""

PAUSE_S: Final = 1.0
"""Seconds between two tries at rest: each is a sync, and a reader may be in the way."""

PATIENCE_MS: Final = 100
"""A commit under way takes less; and who wants to commit waits as long at most for us."""


class Log(Protocol):
    """A database's log of commits."""

    def tidy(self, wrote: int, *, rest: bool) -> None:
        """Told after each transaction how much it took in, and whether nothing else waits now."""


class NoLog:
    """PostgreSQL looks after its own."""

    def tidy(self, wrote: int, *, rest: bool) -> None:
        """Nothing to do."""


class SqliteLog:
    """The file beside a SQLite database; used by one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._file = Path(f"{engine.url.database}-wal")
        self._wrote, self._next = 0, 0.0

    def tidy(self, wrote: int, *, rest: bool) -> None:
        """Copy the log into the database where it is time; raises nothing."""
        self._wrote += wrote
        try:
            if rest and time.monotonic() >= self._next and self._size() > REST:
                self._next = time.monotonic() + PAUSE_S
                self._checkpoint("TRUNCATE")
            elif self._wrote >= SHARE:
                self._checkpoint("FULL")
        except (OperationalError, SQLAlchemyError) as fault:
            self._wrote = 0  # it is no loss: the next time is soon
            log.warning("log.not_tidied", why=str(fault))

    def _size(self) -> int:
        return self._file.stat().st_size if self._file.exists() else 0

    def _checkpoint(self, kind: str) -> None:
        """First what nobody waits for; then the little that was written meanwhile, for which
        writers do: a log is begun anew only when all of it is copied."""
        with _impatient(self._engine) as db:
            for each in ("PASSIVE", kind):
                db.execute(f"PRAGMA wal_checkpoint({each})").fetchall()
        self._wrote = 0


@contextmanager
def _impatient(engine: Engine) -> Iterator[Connection]:
    """A connection without a transaction, which hardly waits for anybody."""
    raw = engine.raw_connection()
    try:
        db = raw.driver_connection
        assert isinstance(db, Connection)  # noqa: S101 - of this engine
        db.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}").close()
        try:
            yield db
        finally:
            db.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000}").close()
    finally:
        raw.close()


def log_of(engine: Engine) -> Log:
    """The log of this database."""
    return NoLog() if engine.dialect.name == "postgresql" else SqliteLog(engine)
