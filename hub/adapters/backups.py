"""Backups of the hub's database, made while it runs, and restored while it does not.

Laws of this page
1. A backup has its name only once it is whole, on disk, and was read again.
2. A restore changes nothing until all of it is there, then everything at once; what was there
   before stands unchanged where it fails.
3. Before another hub can take anything in, the generation is above all that ever were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine

from hub.adapters.backups_postgres import PostgresCopies
from hub.adapters.backups_sqlite import SqliteCopies
from hub.adapters.contents import is_a_hubs, read_contents
from hub.adapters.database import reading
from hub.adapters.disk import sync
from hub.adapters.turns import turn_for
from hub.core.restoring import Contents, Restored
from shared.errors import ArchiveError, BackupError

RUNS = "Stop the hub (every process on this database), then restore."


class Copies(Protocol):
    """How one kind of database is copied to a file, and replaced by one; all raise BackupError."""

    magic: bytes

    def dump(self, file: Path) -> Contents:
        """Copy all of it, as of one instant, and read the copy again; says what it holds."""

    def refuse_company(self) -> None:
        """Raise where anybody else has the database open."""

    def replace(self, file: Path, present: Contents | None, now: int) -> Restored:
        """Put the backup in its place, in another generation and with this program's schema."""


class Backups:
    """Backups of the database behind this engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        postgres = engine.dialect.name == "postgresql"
        self._copies: Copies = PostgresCopies(engine) if postgres else SqliteCopies(engine)

    def backup(self, file: Path) -> Contents:
        """Write everything to this file, which must not be there yet; raises BackupError."""
        if file.exists():
            hint = "Nothing is ever overwritten: choose another name, with the date in it."
            raise BackupError(f"{file} is there already", hint=hint)
        with _made_whole(file) as partial:
            return self._copies.dump(partial)

    def restore(self, file: Path, now: int) -> Restored:
        """Let the database be what it was at this backup, in a new generation."""
        self._check_kind(file)
        self._copies.refuse_company()
        turn = turn_for(self._engine)
        try:
            if not turn.ours():
                raise BackupError("a hub takes in on this database", hint=RUNS)
            return self._copies.replace(file, self._present(), now)
        finally:
            turn.end()

    def _check_kind(self, file: Path) -> None:
        magic = self._copies.magic
        try:
            with file.open("rb") as opened:
                begins = opened.read(len(magic))
        except OSError as fault:
            raise BackupError(f"{file} cannot be read: {fault.strerror}") from fault
        if begins != magic:
            kind = self._engine.dialect.name
            hint = "A backup of SQLite is restored to SQLite, one of PostgreSQL to PostgreSQL."
            raise BackupError(f"{file} is no backup of {kind}", hint=hint)

    def _present(self) -> Contents | None:
        """What is there now; None where there is nothing that could be read."""
        with suppress(ArchiveError), reading(self._engine) as db:
            return read_contents(db) if is_a_hubs(db) else None
        return None


@contextmanager
def _made_whole(file: Path) -> Iterator[Path]:
    """A name beside it, for nobody else to read; it becomes the file once all is on disk."""
    partial = file.with_name(file.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        yield partial
        sync(partial)
        partial.rename(file)
        sync(file.parent)
    except OSError as fault:
        raise BackupError(f"{file} cannot be written: {fault.strerror}") from fault
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
