"""Whose turn it is to take in: one process for each database, and another as soon as that one ends.

Laws of this page
1. The turn is a lock that its holder's death opens, however it dies: nobody waits for a lease to
   run out, and no two clocks need to agree.
2. It is for calm alone: two intakes that push each other off the broker lose and double nothing,
   because the ledger decides. So a turn that cannot be asked for is simply not ours.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO, Final, Protocol

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger(__name__)

TURN_LOCK: Final = 7_366_003
"""Advisory locks of PostgreSQL are plain numbers; this one is ours."""

_WATCHED: Final = (
    "SET tcp_keepalives_idle = 5",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
"""After 20 s of silence PostgreSQL gives up a holder whose machine has lost its power: TCP by
itself would wait two hours."""


class Lock(Protocol):
    """A lock that one process at a time can have."""

    def hold(self) -> bool:
        """Whether it is ours; taken where nobody has it. Raises OSError or SQLAlchemyError."""

    def open(self) -> None:
        """Let another have it; safe to call twice."""


class Turn:
    """The turn of this process; asked for by one thread."""

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self.standing_by = False
        self.held = False
        """What was answered last: for whoever asks from another thread."""

    def ours(self) -> bool:
        """Whether it is our turn; raises nothing."""
        try:
            ours = self._lock.hold()
        except (OSError, SQLAlchemyError) as fault:
            log.warning("turn.failed", why=str(getattr(fault, "orig", fault)))
            self._lock.open()
            ours = False
        if ours == self.standing_by:
            log.info("turn.ours" if ours else "turn.stands_by")
        self.standing_by, self.held = not ours, ours
        return ours

    def end(self) -> None:
        """Let another have it."""
        self.held = False
        self._lock.open()


class FileLock:
    """By a file, for SQLite: whoever shares its database shares its machine.

    A file beside the database, never the database itself: to close that here would open the locks
    that SQLite has on it.
    """

    def __init__(self, file: Path) -> None:
        self._path = file
        self._file: IO[bytes] | None = None

    def hold(self) -> bool:
        """Whether it is ours; to ask again costs one system call."""
        if self._file is None:
            self._path.touch(mode=0o600)
            self._file = self._path.open("ab")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def open(self) -> None:
        """Let another have it."""
        if self._file is not None:
            self._file.close()
            self._file = None


class PostgresLock:
    """By PostgreSQL, for as long as a connection of its own stands."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._db: Connection | None = None
        self._held = False

    def hold(self) -> bool:
        """Whether it is ours; it is lost with the connection."""
        db = self._db or self._connect()
        # Taken once: PostgreSQL counts how often. After that it is enough that the line stands.
        question = "SELECT true" if self._held else f"SELECT pg_try_advisory_lock({TURN_LOCK})"
        self._held = bool(db.exec_driver_sql(question).scalar_one())
        return self._held

    def open(self) -> None:
        """Let another have it: the lock goes with its connection."""
        if self._db is not None:
            self._db.invalidate()
            self._db.close()
        self._db, self._held = None, False

    def _connect(self) -> Connection:
        self._db = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        for setting in _WATCHED:
            self._db.exec_driver_sql(setting)
        return self._db


def turn_for(engine: Engine) -> Turn:
    """The turn to take in for this database."""
    if engine.dialect.name == "postgresql":
        return Turn(PostgresLock(engine))
    return Turn(FileLock(Path(f"{Path(engine.url.database or '').resolve()}-intake")))
