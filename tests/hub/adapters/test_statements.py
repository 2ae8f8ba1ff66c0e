"""Statements: what arrives, and who waits for whom."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from hub.adapters.database import reading, writing
from hub.adapters.statements import AT_ONCE, statements_for
from hub.adapters.tables import records
from tests.parts.archives import CENTRO, K1, K2, SeenOnDisk, furnish


def may_write_for(engine: Engine, kiosk: str) -> bool:
    """Whether another transaction could begin to write for this kiosk just now."""
    impatient = {"sqlite": "PRAGMA busy_timeout = 0", "postgresql": "SET lock_timeout = 1"}
    claim = {
        "sqlite": "BEGIN IMMEDIATE",
        "postgresql": f"SELECT 1 FROM kiosks WHERE kiosk_id = '{kiosk}' FOR NO KEY UPDATE",
    }
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute(impatient[engine.dialect.name])
        cursor.execute(claim[engine.dialect.name])
    except (sqlite3.OperationalError, psycopg.errors.LockNotAvailable):
        return False
    else:
        return True
    finally:
        raw.invalidate()  # with its lock and its impatience


def test_one_transaction_at_a_time_writes_for_a_kiosk(engine: Engine) -> None:
    seen = SeenOnDisk(engine)
    furnish(seen.archive)
    with seen.archive.page() as page:
        page.directory({K1})
        assert not may_write_for(engine, K1)
        assert may_write_for(engine, K2) is (engine.dialect.name == "postgresql")
    assert may_write_for(engine, K1)


@pytest.mark.parametrize("many", [1, AT_ONCE - 1, AT_ONCE, 2 * AT_ONCE + 1])
def test_records_arrive_whole_however_many_there_are(engine: Engine, many: int) -> None:
    rows = [(CENTRO, 1, seq, 5, None if seq % 2 else 7, b"%d" % seq) for seq in range(1, many + 1)]
    with writing(engine) as db:
        statements_for(engine.dialect.name).insert_records(db, rows)
    with reading(engine) as db:
        found = db.execute(select(records).order_by(records.c.seq)).all()
    assert [tuple(row) for row in found] == rows


def test_a_record_that_is_there_already_undoes_the_whole_page(engine: Engine) -> None:
    rows = [(CENTRO, 1, seq, 5, 7, b"{}") for seq in range(1, AT_ONCE + 1)]
    statements = statements_for(engine.dialect.name)
    with writing(engine) as db:
        statements.insert_records(db, rows[-1:])
    with pytest.raises((IntegrityError, psycopg.IntegrityError)), writing(engine) as db:
        statements.insert_records(db, rows)
    with reading(engine) as db:
        assert db.execute(select(func.count()).select_from(records)).scalar_one() == 1
