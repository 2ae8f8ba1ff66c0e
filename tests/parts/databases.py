"""Real databases: SQLite files, and a PostgreSQL cluster that lives as long as the tests."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from hub.adapters.database import open_engine
from hub.adapters.migrations import migrate

USER = "semblante"

PATIENCE = 30.0
"""Seconds for the server to come up or go down; both take about one."""


@dataclass(slots=True)
class Cluster:
    """A running PostgreSQL, reached by a socket in its own folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def make_database(self, template: str = "template1") -> str:
        """Make a fresh database and return its name."""
        name = f"test_{next(self._numbers)}"
        self.command(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def command(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(f"host={self.folder} user={USER} dbname=postgres") as db:
            db.autocommit = True
            db.execute(statement.encode())


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster in a temporary folder, safe as in production (fsync on); gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="semblante-pg-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        make = [_program("initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8"]
        quick = ["--no-locale", "--no-sync"]
        subprocess.run([*_as_postgres(), *make, *quick], check=True, capture_output=True)
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            command = [*_as_postgres(), _program("postgres"), "-D", str(data), *options]
            server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        _wait_for(folder, server)
        yield Cluster(folder)
    finally:
        if server is not None:
            server.send_signal(signal.SIGINT)  # “fast” shutdown: connections are cut
            server.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def migrated_sqlite(file: Path) -> Iterator[Engine]:
    """The hub's schema in this SQLite file."""
    engine = open_engine(f"sqlite:///{file}")
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def migrated_postgres(cluster: Cluster) -> Iterator[Engine]:
    """The hub's schema in a fresh database of this cluster."""
    engine = open_engine(cluster.url(cluster.make_database()))
    try:
        migrate(engine)
        yield engine
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """One cluster for all tests of a run."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The hub's database, once on each of the two."""
    if request.param == "sqlite":
        with migrated_sqlite(tmp_path / "hub.db") as opened:
            yield opened
    else:
        with migrated_postgres(request.getfixturevalue("postgres")) as opened:
            yield opened


def _as_postgres() -> list[str]:
    """The server refuses to run as root, and should not outlive us: both through setpriv."""
    setpriv = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return setpriv
    user = pwd.getpwnam("postgres")
    return [*setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    path = str(found[-1]) if found else shutil.which(name)
    assert path is not None, f"PostgreSQL is not installed: no {name} (apt install postgresql)"
    return path


def _version(program: Path) -> float:
    return float(program.parts[-3])


def _wait_for(folder: Path, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(f"host={folder} user={USER} dbname=postgres").close()
        except psycopg.OperationalError:
            assert server.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < until, "PostgreSQL does not come up"
            time.sleep(0.05)  # nothing to wait on: the socket appears when it appears
        else:
            return
