"""Tallies read from rows of counts, or from sums of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Row, Table, cast, func

from hub.core.satisfaction import Tally
from hub.core.tallying import COLUMNS


def counts_of(table: Table) -> list[ColumnElement[int]]:
    """The columns of a tally."""
    return [table.c[name] for name in COLUMNS]


def sum_of(count: ColumnElement[int]) -> ColumnElement[int]:
    """The sum of a count, as a whole number."""
    # PostgreSQL sums whole numbers to decimals, which would spread through every figure.
    return cast(func.sum(count), BigInteger)


def sums_of(table: Table) -> list[ColumnElement[int]]:
    """The sums of the columns of a tally."""
    return [sum_of(table.c[name]) for name in COLUMNS]


def tally_of(row: Row[Any], first: int) -> Tally:
    """The tally whose columns begin at the place `first`."""
    return Tally(*row[first:])
