"""The outbox stays readable both ways: what one version writes, the one before and after reads."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from kiosk.adapters.outbox import SqliteOutbox
from kiosk.adapters.outbox_tables import SCHEMA, metadata
from tests.kiosk.courier.rig import KIOSK
from tests.kiosk.samples import visit

SCHEMAS: dict[int, dict[str, tuple[str, ...]]] = {
    1: {
        "about": (
            "id", "kiosk_id", "epoch", "forgotten", "chain", "refused_seen", "connection", "hub",
            "generation", "received", "again",
        ),
        "records": ("seq", "body", "chain"),
        "marks": ("hour", "upto"),
        "open_visit": ("id", "body"),
        "documents": ("name", "body"),
    },
}  # fmt: skip
"""Every schema that a kiosk may still have on its card: add to it, and never change what stands."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An outbox with one record and one open visit, as this version leaves it."""
    path = tmp_path / "outbox.db"
    outbox = SqliteOutbox(path, KIOSK)
    outbox.seal(visit())
    outbox.keep_open(visit())
    outbox.remember("settings", b"{}")
    outbox.close()
    return path


def test_the_number_of_the_schema_rises_with_what_is_added() -> None:
    now = {table.name: tuple(table.columns.keys()) for table in metadata.sorted_tables}
    assert {name: set(columns) for name, columns in now.items()} == {
        name: set(columns) for name, columns in SCHEMAS[SCHEMA].items()
    }, "raise SCHEMA, and write what the new one holds into SCHEMAS"
    assert max(SCHEMAS) == SCHEMA


@pytest.mark.parametrize("older", sorted(SCHEMAS)[:-1] or [SCHEMA])
def test_nothing_is_taken_away_and_what_is_added_has_a_default(older: int) -> None:
    now = metadata.tables
    for name, columns in SCHEMAS[older].items():
        assert set(columns) <= set(now[name].columns.keys())
        for column in now[name].columns:
            if column.name not in columns:
                assert column.nullable or column.server_default is not None, column


@pytest.mark.parametrize("older", SCHEMAS)
def test_every_schema_so_far_reads_and_writes_what_this_version_left(
    file: Path, older: int
) -> None:
    """As the program before does it: by the names of its own columns alone."""
    with sqlite3.connect(file) as db:
        for name, columns in SCHEMAS[older].items():
            rows = db.execute(f"SELECT {', '.join(columns)} FROM {name}").fetchall()
            assert rows or name == "marks"
        body, chain = db.execute("SELECT body, chain FROM records").fetchone()
        db.execute("INSERT INTO records (seq, body, chain) VALUES (2, ?, ?)", (body, chain))
        db.execute("INSERT INTO documents (name, body) VALUES ('x', ?)", (b"y",))
    db.close()
    again = SqliteOutbox(file, KIOSK)
    assert again.set_aside is None
    assert again.held().last == 2
    assert again.open_visit() == visit()
    again.close()


def test_this_version_goes_on_with_what_a_later_one_left(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("ALTER TABLE about ADD COLUMN mood TEXT")
        db.execute("ALTER TABLE records ADD COLUMN weight INTEGER NOT NULL DEFAULT 0")
        db.execute("CREATE TABLE later (id INTEGER PRIMARY KEY, what BLOB)")
        db.execute("UPDATE about SET mood = 'new'")
    db.close()
    outbox = SqliteOutbox(file, KIOSK)
    assert outbox.set_aside is None
    assert outbox.open_visit() == visit()
    assert outbox.recall("settings") == b"{}"
    outbox.seal(visit(20_000))
    assert outbox.held().last == 2
    batch = outbox.batch_from(1, 10)
    assert batch is not None
    assert len(batch.records) == 2
    outbox.close()
