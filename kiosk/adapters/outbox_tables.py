"""The tables of the outbox file, which only ever grow: by columns with a default, or null."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

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
)

records = Table(
    "records",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),  # the very bytes that travel
    Column("chain", LargeBinary, nullable=False),  # the chain value after this record
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
