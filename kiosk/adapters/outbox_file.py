"""Opening the outbox file so that what is committed survives the plug being pulled."""

from __future__ import annotations

import itertools
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateColumn

from kiosk.adapters.outbox_log import read_anew
from kiosk.adapters.outbox_tables import metadata
from shared.errors import OutboxDamaged, OutboxError

BUSY_MS: Final = 5_000
"""A second program (such as “check”) may hold the file for a moment."""

_PRAGMAS: Final = (
    ("journal_mode", "wal", "wal"),
    ("synchronous", "full", 2),  # NORMAL lost 300 of 300 commits under power loss, FULL none
    ("busy_timeout", BUSY_MS, BUSY_MS),
    ("wal_autocheckpoint", 200, 200),  # pages: a small log is a short repair at the next start
    ("journal_size_limit", 1 << 20, 1 << 20),
)

_CAREFUL: Final = {"uri": "true", "psow": "0"}
"""Cheap cards spoil the sector that they are writing when the power goes, with what was kept in it
before. So each commit in the log ends with a sector of its own: 60 % more is written."""

_NEAR: Final = 48
"""Pages: the longest record takes 17, and as many are kept free beyond what records take."""

_ROTTEN: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_UNSURE: Final = (
    *_ROTTEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
)


def engine_for(path: Path, most_pages: int) -> Engine:
    """An engine whose every connection is durable, or is refused."""
    where = URL.create("sqlite", database=path.absolute().as_uri(), query=_CAREFUL)
    engine = create_engine(where, poolclass=NullPool, connect_args={"check_same_thread": False})

    def durable(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is said by us: IMMEDIATE where we write
        for name, value, expected in _PRAGMAS:
            connection.execute(f"PRAGMA {name} = {value}")
            (found,) = connection.execute(f"PRAGMA {name}").fetchone()
            if found != expected:
                raise OutboxError(f"{path}: {name} is {found}, and must be {expected}")
        connection.execute(f"PRAGMA max_page_count = {most_pages}")

    event.listen(engine, "connect", durable)
    return engine


def open_sound(engine: Engine, path: Path) -> Connection:
    """A connection to a file that is whole and has our tables; raises OutboxDamaged, OSError."""
    read_anew(path)
    try:
        connection = engine.connect()
    except DBAPIError as fault:
        if is_rotten(fault):
            raise OutboxDamaged(f"{path} is no database: {fault.orig}") from fault
        raise OutboxError(f"{path} cannot be opened: {fault.orig}") from fault
    try:
        _check_whole(connection, path)
        _add_what_is_missing(connection)
    except DBAPIError as fault:
        connection.close()
        if is_rotten(fault):
            raise OutboxDamaged(f"{path} is damaged: {fault.orig}") from fault
        raise OutboxError(f"{path} cannot be prepared: {fault.orig}") from fault
    except BaseException:
        connection.close()
        raise
    return connection


def move_aside(path: Path, word: str) -> Path:
    """Rename the file, with the log that belongs to it, and say to what."""
    names = (path.with_name(f"{path.stem}-{word}-{n}{path.suffix}") for n in itertools.count(1))
    target = next(name for name in names if not name.exists())
    for tail in ("-wal", "-shm", ""):  # the file itself last: until then it is found again
        source = path.with_name(path.name + tail)
        if source.exists():
            source.rename(target.with_name(target.name + tail))
    return target


def set_aside_from(path: Path) -> Iterator[Path]:
    """The files that were moved aside from there and still lie beside it."""
    ours = re.compile(rf"{re.escape(path.stem)}-(damaged|of-.+)-\d+{re.escape(path.suffix)}")
    return (file for file in path.parent.iterdir() if ours.fullmatch(file.name))


def is_rotten(fault: DBAPIError) -> bool:
    """Whether the file itself is corrupt."""
    return _code(fault) in _ROTTEN


def is_unsure(fault: DBAPIError) -> bool:
    """Whether the connection can no longer be believed and must be opened again."""
    return _code(fault) in _UNSURE


def is_at_limit(fault: DBAPIError, connection: Connection | None) -> bool:
    """Whether the file may not grow. A card without room is another thing: dropping makes none."""
    if _code(fault) != sqlite3.SQLITE_FULL or connection is None:
        return False
    try:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        most = connection.exec_driver_sql("PRAGMA max_page_count").scalar_one()
        connection.rollback()
    except DBAPIError:
        return False
    return bool(most - pages < _NEAR)


def _code(fault: DBAPIError) -> int:
    # The low byte is the kind; the rest says where it happened.
    return int(getattr(fault.orig, "sqlite_errorcode", 0)) & 0xFF


def _check_whole(connection: Connection, path: Path) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    connection.rollback()
    if found != "ok":
        raise OutboxDamaged(f"{path} is damaged: {found}")


def _add_what_is_missing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    metadata.create_all(connection)
    inspector = inspect(connection)
    for table in metadata.sorted_tables:
        present = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in present:
                words = CreateColumn(column).compile(connection)
                connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {words}")
    connection.commit()
