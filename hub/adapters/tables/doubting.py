"""Answers that are probably no shopper's, what was decided of them, and silent registers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Integer, Table, Text

from hub.adapters.tables.schema import count, metadata

suspects = Table(  # which records they are; where and when stands in `records`
    "suspects",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("code", Text, nullable=False),
    sqlite_with_rowid=False,
)

decisions = Table(  # whether those of a local day and a code count after all
    "decisions",
    metadata,
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # local date as 20261122
    Column("code", Text, primary_key=True),
    Column("counted", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
)

silences = Table(  # how many sales each point had since anybody last touched its kiosk
    "silences",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("point_id", Text, primary_key=True),
    count("sales"),
    Column("touched_at", BigInteger),  # when the hub last heard of a touch
    Column("told_at", BigInteger),  # since when it is a trouble; None while it is none
    Column("expected", Float),  # so many of these sales would usually have been answered
    sqlite_with_rowid=False,
)
