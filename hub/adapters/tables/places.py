"""Who this hub is, and what it knows of stores, points and kiosks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, SmallInteger, Table, Text

from hub.adapters.tables.schema import metadata

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
    Column("questionnaire", Text),  # which one is in the body, so that it is found unread
    Column("questionnaire_version", Integer),
)
