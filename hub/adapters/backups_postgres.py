"""Backups of PostgreSQL: its own programs, which must be at hand and not older than the server."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from hub.adapters.contents import read_contents
from hub.adapters.database import reading, writing
from hub.adapters.migrations import migrate
from hub.adapters.restores import note_restore
from hub.adapters.tables import metadata
from hub.core.restoring import Contents, Restored
from shared.errors import BackupError

_MISSING: Final = "Install PostgreSQL's client programs (Debian: postgresql-client)."
_COMPANY: Final = "Stop the hub and whatever else is connected to its database, then restore."

_TABLES: Final = ", ".join(f"public.{name}" for name in (*metadata.tables, "alembic_version"))

_OTHERS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class PostgresCopies:
    """Port `Copies` for a database of PostgreSQL."""

    magic = b"PGDMP"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        url = engine.url.set(drivername="postgresql")
        bare = url._replace(password=None).render_as_string(hide_password=False)
        self._where = f"--dbname={bare}"  # the password is no word of a command: others read those
        self._env = {} if url.password is None else {"PGPASSWORD": str(url.password)}

    def dump(self, file: Path) -> Contents:
        """Copy it as of one instant, which the counts share; the hub goes on writing meanwhile."""
        with self._snapshot() as (snapshot, contents):
            words = ("--format=custom", "--no-owner", "--no-privileges", self._where)
            self._run("pg_dump", *words, f"--snapshot={snapshot}", f"--file={file}")
        self._run("pg_restore", "--file=/dev/null", str(file))  # reads every byte of it
        return contents

    def refuse_company(self) -> None:
        """Whoever is connected might be a hub."""
        with reading(self._engine) as db:
            others = db.exec_driver_sql(_OTHERS).scalar_one()
        if others:
            raise BackupError(f"{others} others are connected to this database", hint=_COMPANY)

    def replace(self, file: Path, present: Contents | None, now: int) -> Restored:
        """Load it in one transaction, which ends with the generation that it gets."""
        self._run("pg_restore", "--file=/dev/null", str(file))
        self._load(file, present, now)
        migrate(self._engine)
        with writing(self._engine) as db:
            done = Restored(read_contents(db), present)
            note_restore(db, done, done.contents.hub.generation, now)
        return done

    @contextmanager
    def _snapshot(self) -> Iterator[tuple[str, Contents]]:
        try:
            with self._engine.connect().execution_options(isolation_level="REPEATABLE READ") as db:
                snapshot = db.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
                yield snapshot, read_contents(db)
        except SQLAlchemyError as fault:
            raise BackupError(f"the database failed: {getattr(fault, 'orig', fault)}") from fault

    def _load(self, file: Path, present: Contents | None, now: int) -> None:
        with tempfile.TemporaryFile() as said:
            command = [_program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
            psql = subprocess.Popen(  # noqa: S603 - words of our own
                [*command, self._where], env=self._environment(),
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said,
            )  # fmt: skip
            assert psql.stdin is not None  # noqa: S101 - it was asked for
            half: Exception | None = None
            try:
                self._speak(psql.stdin, file, present, now)
            except (BrokenPipeError, subprocess.CalledProcessError) as fault:
                half = fault
            finally:
                _end(psql)
            said.seek(0)
            if psql.returncode:
                raise BackupError(f"psql: {_last_words(said.read())}")
            if half is not None:
                raise BackupError(f"{file} could not be read to its end: {half}")

    def _speak(self, to: IO[bytes], file: Path, present: Contents | None, now: int) -> None:
        """All of it, or nothing: without the last word PostgreSQL undoes the rest."""
        to.write(f"BEGIN;\nDROP TABLE IF EXISTS {_TABLES} CASCADE;\n".encode())
        to.flush()
        command = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
        env = self._environment()
        subprocess.run(command, stdout=to, check=True, env=env)  # noqa: S603 - words of our own
        to.write(_raise_generation(present, now).encode() + b"COMMIT;\n")

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(  # noqa: S603 - words of our own
            [_program(program), *words], env=self._environment(), capture_output=True, check=False
        )
        if done.returncode:
            raise BackupError(f"{program}: {_last_words(done.stderr)}")

    def _environment(self) -> Mapping[str, str]:
        return {**os.environ, **self._env, "LC_MESSAGES": "C"}


def _raise_generation(present: Contents | None, now: int) -> str:
    """`next_generation` in SQL: before this nobody knows what the backup says."""
    known = 0 if present is None else present.hub.generation
    return (
        "UPDATE public.hub SET generation ="  # noqa: S608 - numbers of our own
        f" greatest(greatest(generation, {known}) + 1, ({now} - made_at) / 1000);\n"
    )


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"there is no program {name}", hint=_MISSING)
    return found


def _end(psql: subprocess.Popen[bytes]) -> None:
    assert psql.stdin is not None  # noqa: S101
    with suppress(BrokenPipeError):
        psql.stdin.close()
    psql.wait()


def _last_words(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return " ".join(lines[-3:])[:500] or "it ended without a word"
