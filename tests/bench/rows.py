"""One line of the table that `make bench` prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A figure, what it was measured against in the same run, and what it had to be."""

    name: str
    figure: str
    baseline: str
    goal: str
    met: bool
