"""A hub that is started before its database; real processes where it is about processes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from hub.adapters.database import open_engine, reading
from hub.adapters.patience import PATIENCE_S, await_database
from hub.settings import load_settings
from hub.wiring import Hub, whole
from shared.errors import ArchiveError
from tests.hub.wiring.samples import settings_file
from tests.parts.databases import Cluster, migrated_sqlite, running_cluster
from tests.parts.hub import HubProcess, wait_until
from tests.parts.mosquitto import running_broker

SOON = 0.05


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """One of our own: it is stopped and started."""
    with running_cluster() as running:
        yield running


def waited(engine: Engine, seconds: float = 0.2) -> list[str]:
    """What it said while it waited."""
    with capture_logs() as logs:
        await_database(engine, seconds, SOON)
    return [line["why"] for line in logs]


@pytest.mark.postgres
def test_a_hub_that_is_started_before_postgresql_waits_for_it(
    cluster: Cluster, tmp_path: Path
) -> None:
    url = cluster.url(cluster.make_database())
    with running_broker(tmp_path / "mosquitto") as broker:
        hub = HubProcess(tmp_path, broker, database=url)
        hub.prepare()
        hub.office._engine.dispose()
        cluster.kill()
        hub.program.start(hub._env)
        try:
            wait_until(lambda: "database.awaited" in hub.program.last_words(), "it waits")
            cluster.start()  # and recovers first: it was killed
            wait_until(lambda: hub.health().get("well", False), "it is well")
        finally:
            hub.program.stop()


@pytest.mark.postgres
def test_postgresql_that_stays_away_is_waited_for_so_long_and_no_longer(cluster: Cluster) -> None:
    cluster.stop()
    engine = open_engine(cluster.url())
    assert set(waited(engine)) == {"nobody answers"}
    with pytest.raises(ArchiveError), reading(engine):
        pass


@pytest.mark.postgres
@pytest.mark.parametrize("wrong", ["database", "user"])
def test_what_waiting_does_not_mend_is_told_at_once(postgres: Cluster, wrong: str) -> None:
    url = postgres.url("nowhere") if wrong == "database" else postgres.url()
    engine = open_engine(url if wrong == "database" else url.replace("//semblante@", "//nobody@"))
    assert waited(engine, PATIENCE_S) == []
    with pytest.raises(ArchiveError), reading(engine):
        pass


def test_a_locked_sqlite_file_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "hub.db"
    with migrated_sqlite(file):
        pass
    engine = open_engine(f"sqlite:///{file}?timeout=0.05")
    with closing(sqlite3.connect(file, check_same_thread=False)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("CREATE TABLE theirs (one)")
        other.commit()
        freed = threading.Timer(0.5, other.close)
        freed.start()
        assert set(waited(engine, PATIENCE_S)) == {"another program has locked it"}
        freed.join()
    with reading(engine):
        pass
    engine.dispose()


def test_a_file_that_stays_locked_or_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "hub.db"
    with migrated_sqlite(file):
        pass
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("CREATE TABLE theirs (one)")
        engine = open_engine(f"sqlite:///{file}?timeout=0.05")
        assert set(waited(engine, 0.5)) == {"another program has locked it"}
        engine.dispose()
    (tmp_path / "letter.db").write_bytes(b"Dear hub, " * 1_000)
    engine = open_engine(f"sqlite:///{tmp_path}/letter.db")
    assert waited(engine) == []
    engine.dispose()


def test_the_hub_waits_before_it_looks_at_the_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    monkeypatch.setattr(whole, "await_database", lambda _: asked.append(time.monotonic()))
    with pytest.raises(ArchiveError):
        Hub(load_settings(settings_file(tmp_path))).serve()
    assert len(asked) == 1
