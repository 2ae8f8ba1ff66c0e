"""How things stand now: statuses of kiosks, live pages, scheduled work."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, Text, false

from hub.adapters.tables.schema import count, metadata

statuses = Table(  # the last word of each kiosk about itself
    "statuses",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("epoch", Text, nullable=False),
    Column("connection", BigInteger, nullable=False),
    Column("presence", Text, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),  # the status word as JSON
)

connections = Table(  # highest connection number of each epoch: tells late statuses from new ones
    "connections",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("connection", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

steps = Table(  # what was last told of a store's day: figures move in steps, see core/stepping
    "steps",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("over", Boolean, nullable=False, server_default=false()),
    count("known"),  # answers that were known when the day was last judged
)

leases = Table(  # scheduled work: who is at it until when, and when it was last done
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("done_at", BigInteger, nullable=False, server_default="0"),
)
