"""The wait beside what shoppers answered, and what one more register would have done."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, Integer, Table, Text

from hub.adapters.tables.schema import count, metadata

wait_marks = Table(  # up to which record of each ledger the join has looked
    "wait_marks",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

wait_services = Table(  # what a service of the whole store took, as known on a local day
    "wait_services",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("mean", Float, nullable=False),  # ms
    Column("square", Float, nullable=False),
    sqlite_with_rowid=False,
)

wait_weeks = Table(  # what was told of the index by wait, by the Monday of its week, as JSON
    "wait_weeks",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("week", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)

wait_whatifs = Table(  # what one more register would have done in a window of a day that is over
    "wait_whatifs",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("line_id", Text, primary_key=True),
    Column("begins", BigInteger, primary_key=True, autoincrement=False),
    Column("ends", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Integer, nullable=False),  # local
    Column("worst", Integer, nullable=False, default=0),  # 1: the worst window of its day
    count("shoppers"),
    Column("observed", Float),  # that percentile as it was, ms; None where too few came
    Column("after", Float),  # with one more register; None where nothing can be said
    Column("why", Text, nullable=False),  # why not; '' where something is said
    sqlite_with_rowid=False,
)
