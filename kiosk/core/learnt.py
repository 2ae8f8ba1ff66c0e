"""What is learnt of a till: what it printed, what that is taken for, and the settings proposed.

A till's text lives in a `Capture` until the lesson ends, and nowhere else: its fields are not
shown where a value is printed, and no sentence of these modules repeats a line of it, but for the
words that a proposed rule itself is made of.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kiosk.core.tills import TillSettings, reader_from, till_settings_from
from kiosk.core.toml_text import toml_text


class Kind(StrEnum):
    """What the technician was asked to print."""

    SALE = "sale"
    COPY = "copy"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class Capture:
    """What was heard of one print: pieces, each with its boot time (ms)."""

    kind: Kind
    chunks: tuple[tuple[int, bytes], ...] = field(repr=False)

    @property
    def data(self) -> bytes:
        """All of it."""
        return b"".join(piece for _, piece in self.chunks)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one print would have counted as: how many sales, and by which rules."""

    kind: Kind
    sales: int
    rules: tuple[str, ...]

    @property
    def right(self) -> bool:
        """Whether a sale is one sale, and a copy or a refund none."""
        return self.sales == (self.kind is Kind.SALE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """The table [till], why, and what every print counts as when it is read by it."""

    table: Mapping[str, Any]
    evidence: tuple[str, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Again:
    """One print more is needed; `dropped` are numbers of captures that are worth nothing."""

    kind: Kind
    why: str
    dropped: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """It cannot be known from this, with what to do."""

    why: str
    hint: str


Conclusion = Proposal | Again | Undecided


class Unsettled(Exception):
    """It cannot go on from what was printed; `conclusion` says why."""

    def __init__(self, conclusion: Again | Undecided) -> None:
        super().__init__()
        self.conclusion = conclusion


def settings_of(table: Mapping[str, Any]) -> TillSettings:
    """The settings as a kiosk will read them from the written text; raises ValueError."""
    read = tomllib.loads(toml_text({"till": table}))["till"]
    settings, faults = till_settings_from(read)
    if settings is None:
        raise ValueError("; ".join(faults))
    return settings


def replay(table: Mapping[str, Any], captures: Sequence[Capture]) -> tuple[Outcome, ...]:
    """What the kiosk's own reader says of each, one after the other, as they were heard."""
    reader = reader_from(settings_of(table))
    outcomes = []
    for capture in captures:
        seen = [one for at, piece in capture.chunks for one in reader.feed(piece, at)]
        sales = sum(one.sale for one in seen)
        outcomes.append(Outcome(capture.kind, sales, tuple(one.rule for one in seen)))
    return tuple(outcomes)


def checked(
    table: Mapping[str, Any], evidence: Sequence[str], captures: Sequence[Capture]
) -> Proposal | Undecided:
    """A proposal only where it reproduces every print."""
    outcomes = replay(table, captures)
    wrong = [number for number, one in enumerate(outcomes, 1) if not one.right]
    if not wrong:
        return Proposal(table, tuple(evidence), outcomes)
    told = ", ".join(f"{number} ({outcomes[number - 1].kind})" for number in wrong)
    return Undecided(f"the reader that was found counts print {told} wrongly", BY_HAND)


BY_HAND = "Write the table [till] by hand: docs/till.md, “What is a sale”."
