"""When this hub was restored from a backup, and where every ledger stood then."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from hub.adapters.tables.schema import metadata

restores = Table(
    "restores",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("until", BigInteger),  # when the hub had last received something in the backup
)

restored_ledgers = Table(
    "restored_ledgers",
    metadata,
    Column("generation", Integer, primary_key=True, autoincrement=False),
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("held", BigInteger, nullable=False),  # in the backup; 0 where it began later
    Column("once", BigInteger, nullable=False),  # before the restore; 0 where nobody knows
)
