"""Longer questionnaires: what stands beside each response, what is told of them, and phones."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from hub.adapters.tables.schema import count, metadata

responses = Table(  # one row per response, beside its record
    "responses",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("ledger", Integer, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("questionnaire", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("day", Integer, nullable=False),  # local date as 20261122
    Column("point_id", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("input", Text, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("week", Integer),  # the Monday of the week with which it was judged; None: not yet
    Column("fit", Boolean),  # whether its answers fit its version; None: not judged yet
)

told_answers = Table(  # what is told of a questionnaire's weeks that are over: see core/results
    "told_answers",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("questionnaire", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("question", Text, primary_key=True),  # '' is the responses themselves
    Column("part", Text, primary_key=True),  # of whom: everybody, or by language, input …
    Column("value", Text, primary_key=True),
    Column("week", Integer, primary_key=True, autoincrement=False),  # 0 and 1: see core/results
    count("n"),
    Column("counts", Text, nullable=False),  # how often each answer was given, as JSON
)

walks = Table(  # links that were opened on a phone: answers until they are kept as a record
    "walks",
    metadata,
    Column("kiosk_id", Text, primary_key=True),
    Column("minute", BigInteger, primary_key=True, autoincrement=False),
    Column("nonce", Text, primary_key=True),
    Column("store_id", Text, nullable=False),
    Column("point_id", Text, nullable=False),
    Column("questionnaire", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("language", Text, nullable=False),
    Column("secret", Text, nullable=False),  # the fingerprint of the phone's cookie
    Column("begun", BigInteger, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("answers", Text, nullable=False),  # JSON; nothing once it is done
    Column("done_at", BigInteger),
)

phone_secrets = Table(  # one row: what the keys of all kiosks' links are made of
    "phone_secrets",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),
)

Index("ix_responses_week", responses.c.week)
Index(
    "ix_responses_store_id_questionnaire_version",
    responses.c.store_id,
    responses.c.questionnaire,
    responses.c.version,
)
Index("ix_walks_done_at_seen", walks.c.done_at, walks.c.seen)
