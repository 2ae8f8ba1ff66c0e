"""Connections to the hub's database, SQLite or PostgreSQL, set so that a commit is on disk.

`writing` is the way to change anything: on SQLite it takes the write lock at once (BEGIN
IMMEDIATE), because a transaction that reads first and writes later may find that it cannot. The
writers of one process wait for it in line: SQLite itself lets whoever asks at the right moment go
first, so that beside an intake that has much to do a page that writes would wait for ever.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from hub.adapters.disk import read_anew
from shared.errors import ArchiveError, LedgerMoved

BUSY_S = 5
"""Seconds to wait for another writer: a nightly job's write is shorter than that."""

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",  # readers and the one writer do not wait for each other
    "PRAGMA synchronous = FULL",  # with NORMAL a power cut takes committed records (decision 2)
    f"PRAGMA busy_timeout = {BUSY_S * 1000}",
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",  # 64 MB: the inner pages of every index at 10 million records
    "PRAGMA mmap_size = 1073741824",  # 1 GB: reports read without copying; address space only
    "PRAGMA wal_autocheckpoint = 32000",  # pages, 128 MB: where no intake tidies (adapters.tidying)
    "PRAGMA journal_size_limit = 67108864",  # the log shrinks again after a great import
    "PRAGMA temp_store = MEMORY",
)

_DURABLE: Final = (("journal_mode", "wal"), ("synchronous", 2))
"""What is read back: SQLite says nothing where a file system or another setting forbids it."""

_POOL: Final[dict[str, Any]] = {"pool_size": 5, "max_overflow": 10}

_NO_POOL: Final[dict[str, Any]] = {"poolclass": NullPool}

RETRY_STATES = frozenset({"40001", "40P01"})
"""PostgreSQL: serialization failure and deadlock; the transaction may simply be tried again."""


def open_engine(url: str | URL, *, pooled: bool = True) -> Engine:
    """The engine for this URL; nothing is connected yet. Raises ArchiveError for a wrong URL.

    Without a pool each transaction has a connection of its own, and leaves nothing open.
    """
    # hide_parameters: an error must not carry what somebody answered into a log
    options = {"hide_parameters": True, **(_POOL if pooled else _NO_POOL)}
    try:
        parts = make_url(url)
        if parts.get_backend_name() == "postgresql":
            # One program needs few connections; a dead one is noticed before it is used.
            parts = parts.set(drivername="postgresql+psycopg")
            return create_engine(parts, **options, pool_pre_ping=pooled)
        if parts.get_backend_name() != "sqlite" or parts.database in (None, "", ":memory:"):
            raise ArgumentError("only sqlite:///FILE and postgresql://… are known")
        engine = create_engine(parts, **options, execution_options={"line": _Line()})
    except (ArgumentError, ImportError, ValueError) as fault:
        raise ArchiveError(f"no database by that URL: {fault}") from fault
    event.listen(engine, "do_connect", _look_at_the_log)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that will write: committed at the end of the block, undone when it raises."""
    line = engine.get_execution_options().get("line", _no_line)
    with line(), _translated(), engine.connect().execution_options(writing=True) as db, db.begin():
        yield db


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads: on SQLite one consistent snapshot."""
    with _translated(), engine.connect() as db, db.begin():
        yield db


def inserting(db: Engine | Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An insert that can be told what to do about a row that is there; both databases speak it."""
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)


class _Line:
    """Where the writers of one process wait for a SQLite database.

    Whoever is next holds the door until there is room, so nobody who has just come out is back
    inside before. It is a courtesy and no guard: after as long as SQLite waits, SQLite is asked.
    """

    def __init__(self) -> None:
        self.door, self.room = threading.Lock(), threading.Lock()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        door = self.door.acquire(timeout=BUSY_S)
        room = self.room.acquire(timeout=BUSY_S)
        if door:
            self.door.release()
        try:
            yield
        finally:
            if room:
                self.room.release()


@contextmanager
def _no_line() -> Iterator[None]:
    yield


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (DataError, IntegrityError):
        raise  # the fault of what was to be written, not of the database
    except SQLAlchemyError as fault:
        cause = getattr(fault, "orig", None)
        if getattr(cause, "sqlstate", None) in RETRY_STATES:
            raise LedgerMoved(f"two transactions met: {cause}") from fault
        raise ArchiveError(f"the database failed: {cause or fault}") from fault


def _look_at_the_log(_dialect: object, _record: object, words: list[Any], _more: object) -> None:
    try:
        read_anew(Path(words[0]))
    except OSError as fault:
        raise ArchiveError(f"the log of the database cannot be read: {fault}") from fault


def _set_up_sqlite(connection: Any, _record: object) -> None:
    try:
        _set_up(connection)
    except BaseException:
        connection.close()  # nobody else would: the pool has not taken it yet
        raise


def _set_up(connection: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma).close()
    for name, wanted in _DURABLE:
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != wanted:
            hint = "Put the database on a local disk: network file systems cannot keep it safe."
            raise ArchiveError(f"{name} is {found}, and must be {wanted}", hint=hint)


def _begin_sqlite(db: Connection) -> None:
    immediate = db.get_execution_options().get("writing", False)
    db.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
