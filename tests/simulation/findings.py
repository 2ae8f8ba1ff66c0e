"""What lies at the hub in the end, laid open for the judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

Key = tuple[str, str, str]
"""Store, kiosk and epoch."""


class Entered(NamedTuple):
    """One record at the hub."""

    key: Key
    seq: int
    body: bytes


class Standing(NamedTuple):
    """Where a ledger stands."""

    held: int
    lost: int
    refused: int


@dataclass
class Findings:
    """Everything that the judge compares."""

    ledgers: dict[Key, Standing] = field(default_factory=dict)
    records: list[Entered] = field(default_factory=list)
    losses: dict[Key, list[tuple[int, int]]] = field(default_factory=dict)
    refused: dict[Key, set[int]] = field(default_factory=dict)
    tallies: dict[tuple[str, str, int], tuple[int, ...]] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    """Where a recount by the hub's own rule differs."""
