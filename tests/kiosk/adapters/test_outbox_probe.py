"""Whether the outbox could be written is found out without writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.adapters import outbox_probe
from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.outbox_probe import is_writable
from shared.places import KioskId


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.db"


def test_an_outbox_in_use_is_writable_and_is_not_written(path: Path) -> None:
    with closing(SqliteOutbox(path, KioskId("k-1"))):
        log = path.with_name("outbox.db-wal")
        before = log.stat().st_mtime_ns, log.stat().st_size
        assert is_writable(path)
        assert (log.stat().st_mtime_ns, log.stat().st_size) == before


def test_a_commit_that_hangs_is_found(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_probe, "BUSY_SECONDS", 0.05)
    with (
        closing(SqliteOutbox(path, KioskId("k-1"))),
        closing(sqlite3.connect(path, isolation_level=None)) as hanging,
    ):
        hanging.execute("BEGIN IMMEDIATE")
        assert not is_writable(path)
        hanging.execute("ROLLBACK")
        assert is_writable(path)


def test_a_file_that_is_gone_or_none_is_not_writable(path: Path) -> None:
    assert not is_writable(path)
    assert not path.exists(), "asking makes no file"
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    assert not is_writable(path)
