"""Backups of SQLite: its own online copy, and an exchange of files."""

from __future__ import annotations

import itertools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from hub.adapters.contents import read_contents
from hub.adapters.database import open_engine, writing
from hub.adapters.disk import sync
from hub.adapters.migrations import migrate
from hub.adapters.restores import note_restore
from hub.core.restoring import Contents, Restored, next_generation
from shared.errors import BackupError, SemblanteError

_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_COMPANY = "Stop the hub (every process on this database), then restore."
_TAILS: Final = ("-wal", "-shm")


class SqliteCopies:
    """Port `Copies` for a file of SQLite."""

    magic = b"SQLite format 3\0"

    def __init__(self, engine: Engine) -> None:
        self._path = Path(engine.url.database or "").resolve()

    def dump(self, file: Path) -> Contents:
        """Copy it in one step, which is one instant; the hub goes on writing meanwhile."""
        with (
            _told(file),
            closing(sqlite3.connect(self._path)) as source,
            closing(sqlite3.connect(file)) as copy,
        ):
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        return _checked(file)

    def refuse_company(self) -> None:
        """Only who is alone with a file can take it out of the mode with a log."""
        if not self._path.exists():
            return
        try:
            with closing(sqlite3.connect(self._path, timeout=1, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.Error as fault:
            if fault.sqlite_errorcode & 0xFF in _BUSY:
                raise BackupError("a hub has this database open", hint=_COMPANY) from fault
            # Damaged: which is why somebody restores.

    def replace(self, file: Path, present: Contents | None, now: int) -> Restored:
        """Make the new file ready beside the old one, and exchange them by one rename."""
        ready = self._path.with_name(f"{self._path.name}-restoring")
        contents = _checked(file)
        try:
            with _told(ready):
                _copy(file, ready)
            done = Restored(contents, present, self._aside())
            _make_ready(ready, done, now)
            self.refuse_company()
            self._exchange(ready, done.aside)
        finally:
            for tail in ("", *_TAILS):
                ready.with_name(ready.name + tail).unlink(missing_ok=True)
        return done

    def _aside(self) -> str | None:
        """A free name for what is there now, if there is anything."""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return None
        names = (f"{self._path}-before-restore-{number}" for number in itertools.count(1))
        return next(name for name in names if not Path(name).exists())

    def _exchange(self, ready: Path, aside: str | None) -> None:
        with _told(self._path):
            if aside is not None:
                os.link(self._path, aside)
            for tail in _TAILS:  # of a damaged file alone: a sound one has none by now
                log = self._path.with_name(self._path.name + tail)
                if log.exists():
                    log.unlink() if aside is None else log.rename(f"{aside}{tail}")
            ready.rename(self._path)
            sync(self._path.parent)


def _checked(file: Path) -> Contents:
    """Read the whole copy; raises BackupError where it is damaged, or no hub's."""
    # Not as the hub opens it: that would write to it.
    engine = create_engine("sqlite://", creator=lambda: _read_only(file), poolclass=NullPool)
    with _told(file), engine.connect() as db:
        found = db.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
        if found != "ok":
            raise BackupError(f"{file} is damaged: {found}")
        return read_contents(db)


def _read_only(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)


def _copy(file: Path, to: Path) -> None:
    to.unlink(missing_ok=True)
    to.touch(mode=0o600)
    with closing(_read_only(file)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)


def _make_ready(file: Path, done: Restored, now: int) -> None:
    with _opened(file) as engine:
        migrate(engine)
        with writing(engine) as db:
            note_restore(db, done, next_generation(done.contents, done.present, now), now)
    with _told(file), closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    sync(file)


@contextmanager
def _opened(file: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{file.absolute()}", pooled=False)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except SemblanteError:
        raise
    except (sqlite3.Error, DBAPIError, OSError) as fault:
        raise BackupError(f"{file}: {fault}") from fault
