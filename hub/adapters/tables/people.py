"""Who may look, who did, and what was done."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from hub.adapters.tables.schema import metadata

users = Table(
    "users",
    metadata,
    Column("user_id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),  # Argon2id
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="en"),
    Column("made_at", BigInteger, nullable=False),
    Column("disabled_at", BigInteger),
)

user_stores = Table(  # which stores a user may see; administrators and analysts see all
    "user_stores",
    metadata,
    Column("user_id", Integer, ForeignKey("users.user_id"), primary_key=True),
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", Text, primary_key=True),  # SHA-256 of the cookie
    Column("user_id", Integer, ForeignKey("users.user_id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)

sign_ins = Table(  # failed attempts, for the throttle; by user name and by address
    "sign_ins",
    metadata,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)

audit = Table(  # appended only; each row carries the hash of the one before
    "audit",
    metadata,
    Column("entry", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("user", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
