"""Whether a hub process does what it is there for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LONGEST_LAG = 60.0
"""Seconds that a message may wait for the intake: longer, and the intake has come to a stop."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a process is. `broker` is None where it does not take in; `threads` says who is alive.

    `standing_by` is true where another process takes in for the same database: this one needs no
    connection until that one ends.
    """

    roles: tuple[str, ...]
    version: str
    database: bool
    broker: bool | None
    lag_seconds: float
    waiting: int
    threads: Mapping[str, bool]
    standing_by: bool = False

    @property
    def well(self) -> bool:
        """Whether nobody has to come."""
        stands = self.database and (self.broker is not False or self.standing_by)
        return stands and self.lag_seconds <= LONGEST_LAG and all(self.threads.values())
