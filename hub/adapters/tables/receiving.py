"""What kiosks sent: ledgers and records, clocks, losses, and what lies in quarantine."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, LargeBinary, Table, Text

from hub.adapters.tables.schema import count, metadata

ledgers = Table(  # one row per outbox file that ever spoke
    "ledgers",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("ledger", Integer, nullable=False, unique=True),  # short number used in `records`
    Column("held", BigInteger, nullable=False),  # every seq up to here is stored, lost or refused
    Column("chain", LargeBinary, nullable=False),  # the chain value at `held`
    count("lost"),
    count("refused"),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("received_at", BigInteger, nullable=False),
    Column("hour", BigInteger),  # where it counts now; None where it counts nowhere
    Column("body", LargeBinary, nullable=False),  # the very bytes that the kiosk wrote
    # With SQLite's rowid: rows of 500 bytes are appended a quarter faster beside their index.
)

doubtful = Table(  # records placed without a trusted clock: a later anchor may move them
    "doubtful",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("boot_id", Text, primary_key=True),
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
)

anchors = Table(
    "anchors",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("boot_id", Text, primary_key=True),
    Column("boot", BigInteger, primary_key=True, autoincrement=False),
    Column("true", BigInteger, nullable=False),
)

losses = Table(  # proved gaps, and what a loss notice later says was in them
    "losses",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    Column("first", BigInteger, primary_key=True, autoincrement=False),
    Column("last", BigInteger, nullable=False),
    Column("found_at", BigInteger, nullable=False),
    Column("notice", Text),  # the loss notice as JSON, once it came
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("fingerprint", Text, primary_key=True),  # what makes a repeat the same row
    Column("store_id", Text, index=True),
    Column("kiosk_id", Text, index=True),  # None, as the store: nobody enrolled sent it
    Column("epoch", Text),
    Column("seq", BigInteger),
    Column("code", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False, index=True),
    Column("times", BigInteger, nullable=False),
    Column("told", Boolean, nullable=False, server_default="0"),  # the kiosk has noted the refusal
)

seals = Table(  # retention: raw records of hours before this are gone, their tallies stand
    "seals",
    metadata,
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
    Column("before", BigInteger, nullable=False),
)
