"""Who may be which kiosk: join codes, certificates, serials, and whether the broker heeds it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text

from hub.adapters.tables.schema import count, metadata

join_codes = Table(  # each lets one device become one kiosk, once
    "join_codes",
    metadata,
    Column("code", Text, primary_key=True),  # SHA-256 of it: the code itself nobody keeps
    Column("store_id", Text, nullable=False),
    Column("point_id", Text, nullable=False),
    Column("kiosk_id", Text, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("used_by", Text),  # SHA-256 of the public key that it let in
    Column("withdrawn_at", BigInteger),
    count("again"),  # how often another device tried it after that
    Column("again_at", BigInteger),
    Index(None, "store_id", "kiosk_id"),
)

certificates = Table(  # every one that the authority gave to a kiosk
    "certificates",
    metadata,
    Column("serial", Text, primary_key=True),  # hexadecimal
    Column("store_id", Text, nullable=False),
    Column("kiosk_id", Text, nullable=False),
    Column("key", Text, nullable=False),  # SHA-256 of its public key
    Column("not_before", BigInteger, nullable=False),
    Column("not_after", BigInteger, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("why", Text),  # retired, replaced, revoked or cloned
    Index(None, "store_id", "kiosk_id"),
)

held_kiosks = Table(  # kiosks that two devices claim to be: nothing of theirs counts until decided
    "held_kiosks",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("kiosk_id", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("why", Text, nullable=False),
)

serials = Table(  # up to where serials may have been given: they rise, whatever clocks do
    "serials",
    metadata,
    Column("name", Text, primary_key=True),
    Column("upto", BigInteger, nullable=False),
)

inspections = Table(  # one row each: what was seen when the hub last tried a door itself
    "inspections",
    metadata,
    Column("name", Text, primary_key=True),
    Column("begun_at", BigInteger, nullable=False),  # since when it should be tried
    Column("looked_at", BigInteger),  # when it last could be
    count("heard"),  # topics on which something forbidden arrived then
)
