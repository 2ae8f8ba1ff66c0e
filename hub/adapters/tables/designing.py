"""Questionnaires, and every version of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text

from hub.adapters.tables.schema import metadata

questionnaires = Table(
    "questionnaires",
    metadata,
    Column("questionnaire_id", Text, primary_key=True),
    Column("store_id", Text, ForeignKey("stores.store_id")),  # None: the whole chain's
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", Text, nullable=False),
)

questionnaire_versions = Table(
    "questionnaire_versions",
    metadata,
    Column(
        "questionnaire_id",
        Text,
        ForeignKey("questionnaires.questionnaire_id"),
        primary_key=True,
    ),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),  # the word as JSON
    Column("edition", Integer, nullable=False),  # how often the draft was changed
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("sent_at", BigInteger),  # from then on the row never changes
)
