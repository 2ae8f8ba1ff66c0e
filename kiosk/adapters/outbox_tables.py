"""The tables of the outbox file, which only ever grow: by columns with a default, or null."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

SCHEMA: Final = 1
"""Rises by one with every table or column that is added here; none is ever taken away or changed.

So the version before opens what this one wrote, and this one what any before it wrote: both ways of
an update find the same records (tests/kiosk/adapters/test_outbox_tables.py keeps it so).
"""

metadata = MetaData()

about = Table(  # one row: which epoch this file is, and up to where it has been forgotten
    "about",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kiosk_id", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("forgotten", BigInteger, nullable=False),
    Column("chain", LargeBinary, nullable=False),  # the chain value at `forgotten`
    Column("refused_seen", BigInteger, nullable=False, server_default="0"),
    Column("connection", BigInteger, nullable=False, server_default="0"),
    Column("hub", Text),  # whose receipts were last obeyed, and of which generation
    Column("generation", BigInteger, nullable=False, server_default="0"),
    # Up to where it was received; below `forgotten` it says nothing (an older program was here).
    Column("received", BigInteger, nullable=False, server_default="0"),
    Column("again", BigInteger, nullable=False, server_default="0"),  # … once, before a restore
)

records = Table(
    "records",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),  # the very bytes that travel
    Column("chain", LargeBinary, nullable=False),  # the chain value after this record
)

marks = Table(  # when records were received: by the hub's hour, so that a mark is seldom written
    "marks",
    metadata,
    Column("hour", Integer, primary_key=True, autoincrement=False),
    Column("upto", BigInteger, nullable=False),
)

open_visit = Table(  # at most one row: the visit that has no seq yet
    "open_visit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
