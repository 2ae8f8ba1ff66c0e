"""The statements that intake runs for every record, written for the driver: speed is in the batch.

Where SQLite and PostgreSQL differ, both ways stand here side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final, Protocol, cast

import psycopg
from sqlalchemy import Connection, Table

from hub.adapters.tables import reason_tallies, records, store_tallies, tallies

Rows = Sequence[tuple[Any, ...]]


class Statements(Protocol):
    """What differs between the databases."""

    def insert_records(self, db: Connection, rows: Rows) -> None:
        """Insert rows that the ledgers have proved to be new."""

    def add_to(self, db: Connection, table: Table, rows: Rows) -> None:
        """Add counts to the rows of a tally table; each row is its key and then its counts."""

    def hear(self, db: Connection, rows: Rows) -> None:
        """Of each store and point so many more sales; or, with when, that something was touched."""

    def keep_others_out(self, db: Connection) -> None:
        """Let nobody write records until this transaction ends; wait for those who do."""

    def lock_kiosks(self, db: Connection, kiosks: Sequence[str]) -> None:
        """One transaction at a time per kiosk."""

    def lock_ledger_numbers(self, db: Connection) -> None:
        """One transaction at a time gives out new ledger numbers."""


AT_ONCE: Final = 100
"""Rows in one statement of SQLite: a third cheaper than one by one, and other threads run while
it does. 600 parameters; SQLite takes 32,766."""


class SqliteStatements:
    """SQLite: one writer at a time by BEGIN IMMEDIATE, so no further lock is needed."""

    def __init__(self) -> None:
        self._insert, self._insert_many = _insert(records, "?"), _insert(records, "?", AT_ONCE)
        self._adds = {table.name: _add(table, "?") for table in TALLY_TABLES}

    def insert_records(self, db: Connection, rows: Rows) -> None:
        whole = len(rows) - len(rows) % AT_ONCE
        blocks = [rows[start : start + AT_ONCE] for start in range(0, whole, AT_ONCE)]
        if blocks:
            flat = [tuple(chain.from_iterable(block)) for block in blocks]
            db.exec_driver_sql(self._insert_many, flat)
        if rest := rows[whole:]:
            db.exec_driver_sql(self._insert, list(rest))

    def add_to(self, db: Connection, table: Table, rows: Rows) -> None:
        db.exec_driver_sql(self._adds[table.name], list(rows))

    def hear(self, db: Connection, rows: Rows) -> None:
        db.exec_driver_sql(_HEAR, list(rows))

    def keep_others_out(self, db: Connection) -> None: ...
    def lock_kiosks(self, db: Connection, kiosks: Sequence[str]) -> None: ...
    def lock_ledger_numbers(self, db: Connection) -> None: ...


LEDGER_LOCK = 7_366_002
"""Advisory locks of PostgreSQL are plain numbers; this one is ours."""


class PostgresStatements:
    """PostgreSQL: COPY for records, locks where two intakes would step on each other."""

    def __init__(self) -> None:
        self._copy = f"COPY records ({', '.join(records.c.keys())}) FROM STDIN (FORMAT BINARY)"
        self._adds = {table.name: _add(table, "%s") for table in TALLY_TABLES}

    def insert_records(self, db: Connection, rows: Rows) -> None:
        driver = cast(psycopg.Connection[Any], db.connection.driver_connection)
        with driver.cursor() as cursor, cursor.copy(self._copy) as copy:
            copy.set_types(["text", "int4", "int8", "int8", "int8", "bytea"])
            for row in rows:
                copy.write_row(row)

    def add_to(self, db: Connection, table: Table, rows: Rows) -> None:
        # In one order everywhere, so that two intakes wait for each other and never deadlock.
        db.exec_driver_sql(self._adds[table.name], sorted(rows))

    def hear(self, db: Connection, rows: Rows) -> None:
        db.exec_driver_sql(_HEAR.replace("?", "%s"), sorted(rows, key=lambda row: row[:2]))

    def keep_others_out(self, db: Connection) -> None:
        db.exec_driver_sql("LOCK TABLE records IN SHARE MODE")

    def lock_kiosks(self, db: Connection, kiosks: Sequence[str]) -> None:
        db.exec_driver_sql(
            "SELECT 1 FROM kiosks WHERE kiosk_id = ANY(%s) ORDER BY kiosk_id FOR NO KEY UPDATE",
            (sorted(kiosks),),
        )

    def lock_ledger_numbers(self, db: Connection) -> None:
        db.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LEDGER_LOCK})")


def statements_for(dialect: str) -> Statements:
    """The statements for a database of that kind."""
    return PostgresStatements() if dialect == "postgresql" else SqliteStatements()


TALLY_TABLES = (tallies, store_tallies, reason_tallies)


def _insert(table: Table, mark: str, rows: int = 1) -> str:
    names = table.c.keys()
    row = f"({', '.join([mark] * len(names))})"
    into = f"INSERT INTO {table.name} ({', '.join(names)})"
    return f"{into} VALUES {', '.join([row] * rows)}"


_HEAR: Final = """
INSERT INTO silences (store_id, point_id, sales, touched_at) VALUES (?, ?, ?, ?)
ON CONFLICT (store_id, point_id) DO UPDATE SET
sales = CASE WHEN excluded.touched_at IS NULL THEN silences.sales + excluded.sales ELSE 0 END,
touched_at = COALESCE(excluded.touched_at, silences.touched_at),
told_at = CASE WHEN excluded.touched_at IS NULL THEN silences.told_at END,
expected = CASE WHEN excluded.touched_at IS NULL THEN silences.expected END
"""


def _add(table: Table, mark: str) -> str:
    keys = table.primary_key.columns.keys()
    counts = [column.name for column in table.c if not column.primary_key]
    sums = ", ".join(f"{name} = {table.name}.{name} + excluded.{name}" for name in counts)
    return f"{_insert(table, mark)} ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {sums}"
