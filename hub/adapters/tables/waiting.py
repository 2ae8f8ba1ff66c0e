"""The wait: how stores lay out their lines, what was told there, and what then happened."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from hub.adapters.tables.schema import count, metadata

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only where the column is an INTEGER, which it keeps in 64 bits."""

layouts = Table(  # a store's lines and how it tells their waits: a Layout as JSON, rising serial
    "layouts",
    metadata,
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
    Column("serial", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
)

sensors = Table(  # counters, cameras, gates and ticket systems that may tell of a store's lines
    "sensors",
    metadata,
    Column("sensor_id", Text, primary_key=True),
    Column("store_id", Text, ForeignKey("stores.store_id"), nullable=False),
    Column("secret", Text, nullable=False),  # SHA-256 of its password, for those that use HTTP
    Column("enrolled_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),
)

tellings = Table(  # facts that came by HTTP or were typed, until the queue has heard them
    "tellings",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("store_id", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Index(None, "store_id"),  # how many of a store wait is asked before each is taken
)

notices = Table(  # what each line told from an instant on; at every change, and once a minute
    "notices",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("line_id", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("minutes", Integer),  # None: nothing was told; 0: less than one
    Column("withdrawn", Text),  # why not
    Column("method", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("mean", Float),  # of the estimate, ms, as the three that follow; None without one
    Column("low", Float),  # its 10th percentile
    Column("middle", Float),
    Column("high", Float),  # its 90th
    Column("waiting", Float, nullable=False),  # how many are thought to wait
    Column("open", Float, nullable=False),  # how many registers are thought to be open
    Column("quickest", Boolean, nullable=False),  # whether this lane was named
    sqlite_with_rowid=False,
)

waits = Table(  # who entered service when, how long they had waited, and what they had been told
    "waits",
    metadata,
    Column("number", NUMBER, primary_key=True, autoincrement=True),
    Column("store_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("waited", BigInteger, nullable=False),  # ms
    Column("told", Integer),  # minutes; None: nothing
    Index(None, "store_id", "at"),
)

wait_outcomes = Table(  # how right the notices of an hour were, by when it was known
    "wait_outcomes",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("line_id", Text, primary_key=True),
    count("told"),
    count("within_minute"),
    count("too_short"),
    count("over_ms"),
    count("untold"),
    sqlite_with_rowid=False,
)

openings = Table(  # since when a register is thought to be open, or closed
    "openings",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("point_id", Text, primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("open", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

wait_lessons = Table(  # what was learned of services and arrivals, as JSON, for the next start
    "wait_lessons",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("kept_at", BigInteger, nullable=False),
)

wait_doubts = Table(  # what is wrong now with what a store's lines rest on
    "wait_doubts",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("what", Text, primary_key=True),
    count("times"),
    Column("at", BigInteger),
    sqlite_with_rowid=False,
)

wait_alerts = Table(  # a line that was long, a register that was needed; and whom it was told
    "wait_alerts",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("line_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("since", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger),
    Column("registers", Integer, nullable=False),
    Column("raising_told_at", BigInteger),  # by webhook
    Column("clearing_told_at", BigInteger),
    count("attempts"),  # to tell it, of whichever of the two is next
    Column("again_at", BigInteger),  # no attempt before
    Index(None, "since"),
    Index(None, "until"),
    sqlite_with_rowid=False,
)

displays = Table(  # the key in the address of each store's display
    "displays",
    metadata,
    Column("store_id", Text, ForeignKey("stores.store_id"), primary_key=True),
    Column("key", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
)

wait_scores = Table(  # answers by the wait that was estimated when their shoppers joined a line
    "wait_scores",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Column("minutes", Integer, primary_key=True, autoincrement=False),
    count("happy"),
    count("neutral"),
    count("sad"),
    sqlite_with_rowid=False,
)
