"""Statements: who waits for whom."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy import Engine

from tests.parts.archives import K1, K2, SeenOnDisk, furnish


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
