from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import OperationalError

import pytest
from sqlalchemy import Engine

from hub.adapters import tidying
from hub.adapters.database import BUSY_S, reading, writing
from hub.adapters.tidying import REST, SHARE, NoLog, SqliteLog, log_of
from tests.parts.databases import Cluster, migrated_postgres, migrated_sqlite

PIECE = 64 * 1024


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with migrated_sqlite(tmp_path / "hub.db") as opened:
        with writing(opened) as db:
            db.exec_driver_sql("CREATE TABLE pieces (body BLOB)")
        yield opened


def write(engine: Engine, size: int) -> None:
    with writing(engine) as db:
        for _ in range(size // PIECE):
            db.exec_driver_sql("INSERT INTO pieces VALUES (zeroblob(65536))")


def size(engine: Engine) -> int:
    return Path(f"{engine.url.database}-wal").stat().st_size


def test_where_nothing_waits_the_log_is_made_short(engine: Engine) -> None:
    write(engine, 2 * REST)
    log_of(engine).tidy(1, rest=True)
    assert size(engine) == 0
    write(engine, REST // 2)
    SqliteLog(engine).tidy(1, rest=True)
    assert 0 < size(engine) <= REST


def test_while_records_come_in_the_log_is_begun_anew_and_not_longer(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "SHARE", 2 * REST)
    log = SqliteLog(engine)
    for _ in range(20):
        write(engine, REST)
        log.tidy(REST, rest=False)
    assert size(engine) < 4 * REST


def test_no_commit_copies_what_another_wrote(engine: Engine) -> None:
    """Else a page would wait for the records of thousands of shoppers."""
    write(engine, SHARE + REST)
    write(engine, PIECE)
    assert size(engine) > SHARE
    assert Path(str(engine.url.database)).stat().st_size < SHARE


def test_nobody_in_its_way_is_waited_for_long(engine: Engine) -> None:
    write(engine, 2 * REST)
    log, done = SqliteLog(engine), threading.Event()

    def tidy() -> None:
        log.tidy(SHARE, rest=True)
        done.set()

    with reading(engine) as db:
        db.exec_driver_sql("SELECT count(*) FROM pieces").scalar_one()
        write(engine, 2 * REST)
        worker = threading.Thread(target=tidy)
        worker.start()
        assert done.wait(BUSY_S / 2)
        worker.join()
    assert size(engine) > 0


def test_a_connection_comes_back_as_patient_as_it_was(engine: Engine) -> None:
    write(engine, 2 * REST)
    SqliteLog(engine).tidy(0, rest=True)
    with reading(engine) as db:
        assert db.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == BUSY_S * 1000


def test_a_log_that_cannot_be_tidied_stops_nobody(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Engine) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(tidying, "_impatient", broken)
    SqliteLog(engine).tidy(SHARE, rest=False)


@pytest.mark.postgres
def test_postgresql_looks_after_its_own(postgres: Cluster) -> None:
    with migrated_postgres(postgres) as opened:
        log = log_of(opened)
        assert isinstance(log, NoLog)
        log.tidy(SHARE, rest=True)
