"""The hub's schema, in one place; migrations/ brings a database to it.

Every instant is milliseconds since 1970 in UTC (BigInteger). `hour` is the instant at which a
store's local trading hour begins. `store_id` is in every key that grows with the stores.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _count(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, default=0, server_default="0")


def _counts() -> list[Column[int]]:
    names = ("sales", "sad", "neutral", "happy", "skipped", "timed_out", "blocked")
    return [_count(name) for name in names]


hub = Table(  # one row: who this hub is; `generation` rises at every restore
    "hub",
    metadata,
    Column("hub_id", Text, primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

stores = Table(
    "stores",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("zone", Text, nullable=False),  # IANA name, e.g. Europe/Madrid
    Column("opens", SmallInteger, nullable=False, server_default="9"),  # local hour of day
    Column("closes", SmallInteger, nullable=False, server_default="21"),
    Column("made_at", BigInteger, nullable=False),
)

points = Table(
    "points",
    metadata,
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
    Column("point_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="register"),
    Column("position", Integer, nullable=False, server_default="0"),
)

kiosks = Table(
    "kiosks",
    metadata,
    Column("kiosk_id", Text, primary_key=True),
    Column("store_id", Text, ForeignKey("stores.store_id"), nullable=False, index=True),
    Column("enrolled_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),
)

assignments = Table(  # which kiosk stood at which point, from when until when
    "assignments",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, ForeignKey("kiosks.kiosk_id"), primary_key=True),
    Column("since", BigInteger, primary_key=True),
    Column("point_id", Text, nullable=False),
    Column("until", BigInteger),
)

programmes = Table(  # what a store's kiosks ask: a KioskSettings body as JSON, rising serial
    "programmes",
    metadata,
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
    Column("serial", BigInteger, primary_key=True),
    Column("body", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

ledgers = Table(  # one row per outbox file that ever spoke
    "ledgers",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("epoch", Text, primary_key=True),
    Column("ledger", Integer, nullable=False, unique=True),  # short number used in `records`
    Column("held", BigInteger, nullable=False),  # every seq up to here is stored, lost or refused
    Column("chain", LargeBinary, nullable=False),  # the chain value at `held`
    _count("lost"),
    _count("refused"),
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

tallies = Table(
    "tallies",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("point_id", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    *_counts(),
    sqlite_with_rowid=False,
)

store_tallies = Table(  # the same counts, coarser: one row per store, local day and hour of day
    "store_tallies",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),  # local date as 20261122
    Column("hour_of_day", SmallInteger, primary_key=True, autoincrement=False),
    *_counts(),
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
    _count("answers"),
    sqlite_with_rowid=False,
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

seals = Table(  # retention: raw records of hours before this are gone, their tallies stand
    "seals",
    metadata,
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
    Column("before", BigInteger, nullable=False),
)

leases = Table(  # scheduled work: who is at it until when, and when it was last done
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("done_at", BigInteger, nullable=False, server_default="0"),
)

steps = Table(  # what the live page of a store last showed: figures move in steps, see core/steps
    "steps",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

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

Index("ix_tallies_store_id_hour", tallies.c.store_id, tallies.c.hour)
Index("ix_reason_tallies_store_id_hour", reason_tallies.c.store_id, reason_tallies.c.hour)
Index("ix_store_tallies_day", store_tallies.c.day)
