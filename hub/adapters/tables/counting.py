"""The tallies: exact counts, kept equal to a recount of the records."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text

from hub.adapters.tables.schema import count, counts, metadata

tallies = Table(
    "tallies",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("point_id", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    *counts(),
    sqlite_with_rowid=False,
)

store_tallies = Table(  # the same counts, coarser: one row per store, local day and hour of day
    "store_tallies",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # local date as 20261122
    Column("hour_of_day", SmallInteger, primary_key=True, autoincrement=False),
    *counts(),
    sqlite_with_rowid=False,
)

reason_tallies = Table(
    "reason_tallies",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("point_id", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("face", Text, primary_key=True),
    Column("reason", Text, primary_key=True),
    count("answers"),
    sqlite_with_rowid=False,
)

releases = Table(  # what is told of days and weeks that are over: see core/releasing
    "releases",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("store_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("point_id", Text, primary_key=True),  # '' is the store
    Column("hour", BigInteger, primary_key=True, autoincrement=False),  # 0 is all of it
    Column("hour_of_day", SmallInteger, nullable=False),  # -1 is all of them
    *counts(),
    sqlite_with_rowid=False,
)

Index("ix_tallies_store_id_hour", tallies.c.store_id, tallies.c.hour)
Index("ix_reason_tallies_store_id_hour", reason_tallies.c.store_id, reason_tallies.c.hour)
Index("ix_store_tallies_day", store_tallies.c.day)
