"""Rollouts of the kiosks' program, and what each kiosk was told for them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Integer, Table, Text, false

from hub.adapters.tables.schema import metadata

rollouts = Table(  # `known…` is what a person saw before letting it go on
    "rollouts",
    metadata,
    Column("rollout", Integer, primary_key=True, autoincrement=False),
    Column("version", Text, nullable=False),
    Column("user", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("rest_ms", BigInteger, nullable=False),
    Column("usual", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("ring", Integer, nullable=False),
    Column("ring_at", BigInteger, nullable=False),
    Column("known", Integer, nullable=False, server_default="0"),
    Column("known_failed", Integer, nullable=False, server_default="0"),
    Column("known_silent", Integer, nullable=False, server_default="0"),
    Column("why", Text, nullable=False, server_default=""),
    Column("changed_at", BigInteger, nullable=False),
)

rollout_kiosks = Table(  # the ring of each, and its last command, whose outcome stands in commands
    "rollout_kiosks",
    metadata,
    Column("rollout", Integer, ForeignKey(rollouts.c.rollout), primary_key=True),
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("ring", Integer, nullable=False),
    Column("command", Text),
    Column("ordered_at", BigInteger),
    Column("back", Boolean, nullable=False, server_default=false()),
)
