"""Connections: a commit is on disk, a fault has a name."""

from __future__ import annotations

import errno
import os
import threading
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError

from hub.adapters import database
from hub.adapters.database import open_engine, reading, writing
from hub.adapters.tables import hub
from shared.errors import ArchiveError
from tests.parts.hub import wait_until


def test_every_sqlite_connection_keeps_what_it_commits(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/hub.db")
    for _ in range(2):
        with engine.connect() as db:
            found = {
                name: db.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
            db.invalidate()  # the next connection is a new one
        full = 2
        assert found == {
            "journal_mode": "wal",
            "synchronous": full,
            "foreign_keys": 1,
            "busy_timeout": 5000,
        }
    engine.dispose()


def test_a_file_that_cannot_be_made_durable_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SQLITE_PRAGMAS", ("PRAGMA synchronous = NORMAL",))
    engine = open_engine(f"sqlite:///{tmp_path}/hub.db")
    with pytest.raises(ArchiveError, match="journal_mode is delete"), reading(engine):
        pass


def test_a_log_that_cannot_be_read_from_the_disk_is_not_believed(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/hub.db")
    (tmp_path / "hub.db-wal").touch()
    failing = OSError(errno.EIO, "the disk is dying")
    with (
        patch.object(os, "fsync", side_effect=failing),
        pytest.raises(ArchiveError),
        reading(engine),
    ):
        pass
    with reading(engine) as db:
        assert db.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


@pytest.mark.postgres
def test_postgresql_waits_for_the_disk(engine: Engine) -> None:
    with engine.connect() as db:
        if engine.dialect.name == "postgresql":
            settings = [db.exec_driver_sql(f"SHOW {name}").scalar_one() for name in _DURABLE]
            assert settings == ["on", "on"]
        else:
            assert db.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2


_DURABLE = ("fsync", "synchronous_commit")


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_hold_a_hub_is_refused(url: str) -> None:
    with pytest.raises(ArchiveError):
        open_engine(url)


def test_what_is_written_is_there_and_what_raises_is_not(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(hub.update().values(generation=7))
    with pytest.raises(KeyError):
        _write_and_raise(engine)
    with reading(engine) as db:
        assert db.execute(select(hub.c.generation)).scalar_one() == 7


def _write_and_raise(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(hub.update().values(generation=8))
        raise KeyError


def test_a_failing_statement_is_an_archive_error_with_its_cause(engine: Engine) -> None:
    with pytest.raises(ArchiveError, match="nowhere"), reading(engine) as db:
        db.execute(text("SELECT * FROM nowhere"))


def test_an_error_never_carries_what_was_to_be_written(engine: Engine) -> None:
    row = {"hub_id": "secret", "generation": 1, "made_at": 1}
    with pytest.raises(IntegrityError) as raised, writing(engine) as db:
        db.execute(hub.insert(), [row, row | {"hub_id": None}])
    assert "secret" not in str(raised.value).split("DETAIL")[0]


def test_a_database_that_is_not_there_is_an_archive_error(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/no/hub.db", f"postgresql:///x?host={tmp_path}"):
        with pytest.raises(ArchiveError), reading(open_engine(url)) as db:
            db.execute(text("SELECT 1"))


def test_two_writers_that_read_first_both_get_through(engine: Engine) -> None:
    """With a deferred BEGIN, SQLite would refuse the second of them at once."""
    both_there = threading.Barrier(2)
    faults: list[Exception] = []

    def work() -> None:
        try:
            both_there.wait(10)
            with writing(engine) as db:
                db.execute(select(hub.c.generation)).scalar_one()
                db.execute(hub.update().values(generation=hub.c.generation + 1))
        except Exception as fault:  # noqa: BLE001 - handed to the test
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert faults == []
    with reading(engine) as db:
        assert db.execute(select(hub.c.generation)).scalar_one() == 3


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with writing(engine) as ours:
        ours.execute(hub.update().values(generation=5))
        with reading(engine) as theirs:
            assert theirs.execute(select(hub.c.generation)).scalar_one() == 1


def test_one_who_waits_to_write_is_next_before_one_who_was_just_inside(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/hub.db")
    door: threading.Lock = engine.get_execution_options()["line"].door
    order: list[str] = []

    def write(who: str) -> None:
        with writing(engine):
            order.append(who)

    with writing(engine):
        waiting = threading.Thread(target=write, args=["the one who waits"])
        waiting.start()
        wait_until(door.locked, "somebody at the door")
    write("the one who was inside")
    waiting.join(10)
    assert order == ["the one who waits", "the one who was inside"]
    engine.dispose()


def test_a_line_that_does_not_move_is_left_to_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_S", 0.01)
    monkeypatch.setattr(database, "SQLITE_PRAGMAS", _IMPATIENT)
    engine = open_engine(f"sqlite:///{tmp_path}/hub.db")
    with writing(engine), pytest.raises(ArchiveError, match="locked"), writing(engine):
        pass
    with writing(engine) as db:
        assert db.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()


_IMPATIENT = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 1")
