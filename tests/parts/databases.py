"""Real databases: SQLite files, and a PostgreSQL cluster that lives as long as the tests."""

from __future__ import annotations

import functools
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, delete, update

from hub.adapters.database import open_engine, writing
from hub.adapters.migrations import migrate
from hub.adapters.tables import hub, metadata

USER = "semblante"

PATIENCE = 30.0
"""Seconds for the server to come up or go down; both take about one."""


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL, reached by a socket in its own folder; it can be killed and started again."""

    folder: Path
    ready: list[str] = field(default_factory=list)  # migrated, empty and not in use
    _model: str | None = None  # migrated, and touched by nobody
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _server: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy URL of one of its databases."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}"

    def make_database(self) -> str:
        """Make a fresh database and return its name."""
        name = f"test_{next(self._numbers)}"
        self.command(f'CREATE DATABASE "{name}"')
        return name

    def make_migrated(self) -> str:
        """A fresh database with the hub's schema: copied, because making that takes seconds."""
        if self._model is None:
            model = self.make_database()
            _migrate(self.url(model))
            self._model = model
        name = f"test_{next(self._numbers)}"
        self.command(f'CREATE DATABASE "{name}" TEMPLATE "{self._model}"')
        return name

    def command(self, statement: str) -> None:
        """Run one statement outside of any transaction."""
        with psycopg.connect(f"host={self.folder} user={USER} dbname=postgres") as db:
            db.autocommit = True
            db.execute(statement.encode())

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        data = self.folder / "data"
        with (self.folder / "log").open("ab") as log:
            command = [*_as_postgres(), _program("postgres"), "-D", str(data), *options]
            self._server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        _wait_for(self.folder, self._server)

    def kill(self) -> None:
        """Pull its plug: kill -9 of the server and of all that work for it."""
        if self._server is None:
            return
        pid = self._server.pid
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, workers)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        self._server.wait(PATIENCE)
        self._server = None

    def stop(self) -> None:
        """At once: nobody will read this cluster again."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait(PATIENCE)
            self._server = None


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster in a temporary folder, safe as in production (fsync on); gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="semblante-pg-"))
    cluster = Cluster(folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = folder / "data"
        make = [_program("initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8"]
        quick = ["--no-locale", "--no-sync"]
        subprocess.run([*_as_postgres(), *make, *quick], check=True, capture_output=True)
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def migrated_sqlite(file: Path) -> Iterator[Engine]:
    """The hub's schema in this SQLite file."""
    if not file.exists():
        file.write_bytes(_migrated_file())
    engine = open_engine(f"sqlite:///{file}")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def migrated_postgres(cluster: Cluster) -> Iterator[Engine]:
    """The hub's schema in an empty database of this cluster."""
    name = cluster.ready.pop() if cluster.ready else None
    if name is None:
        name = cluster.make_migrated()
    engine = open_engine(cluster.url(name))
    try:
        yield engine
        _empty(engine)
        cluster.ready.append(name)
    finally:
        engine.dispose()


def _empty(engine: Engine) -> None:
    """Forget everything but who the hub is: thirty times faster than another database."""
    with writing(engine) as db:
        for table in reversed(metadata.sorted_tables):
            if table is not hub:
                db.execute(delete(table))
        db.execute(update(hub).values(generation=1))


@functools.cache
def _migrated_file() -> bytes:
    """A SQLite file with the schema: copied, because making it takes half a second."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "hub.db")
        _migrate(f"sqlite:///{file}")
        return file.read_bytes()


def _migrate(url: str) -> None:
    engine = open_engine(url)
    try:
        migrate(engine)
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
