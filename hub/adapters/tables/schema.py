"""What all tables share: the metadata, which names every index, and the columns that count."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData

from hub.core.tallying import COLUMNS

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def count(name: str) -> Column[int]:
    """A column that counts, from nothing."""
    return Column(name, BigInteger, nullable=False, default=0, server_default="0")


def counts() -> list[Column[int]]:
    """The columns of a tally."""
    return [count(name) for name in COLUMNS]
