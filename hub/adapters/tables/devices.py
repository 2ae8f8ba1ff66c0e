"""How each kiosk's device is, what it was told to do, and what happened to it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from hub.adapters.tables.schema import metadata

healths = Table(  # the last word of each kiosk about its device
    "healths",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("seen_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),  # the health word as JSON
)

ailments = Table(  # what is wrong with it now, since when, and since when somebody is told
    "ailments",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("told_at", BigInteger),
)

commands = Table(  # what was ordered; `outcome` is empty until the kiosk answered, or it was late
    "commands",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("command", Text, primary_key=True),
    Column("order", Text, nullable=False),
    Column("version", Text),
    Column("user", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("outcome", Text),
    Column("answered_at", BigInteger),
)
Index("ix_commands_until", commands.c.until)

kiosk_events = Table(  # what happened to it: bounded by retention
    "kiosk_events",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("event", Text, primary_key=True),  # tells those of one instant apart
    Column("kind", Text, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
)

diagnoses = Table(  # diagnostic files that were asked for by a command: the last few, for a while
    "diagnoses",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("command", Text, primary_key=True),
    Column("made_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),  # JSON, in ASCII
)
