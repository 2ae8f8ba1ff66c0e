"""What of a store's facts may be believed for *now*, and what is wrong with the rest.

Everything from outside is doubted: what is refused is counted by its fault, and a page shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from hub.core.waiting.crowd import MOST_WAITING
from hub.core.waiting.facts import (
    Called,
    Counted,
    Drew,
    Entered,
    Fact,
    Left,
    LineId,
    Sold,
    Staffed,
)
from shared.places import PointId

LATE_MS: Final = 60_000
"""A fact that is a minute old says nothing about now; it is still a record."""

AHEAD_MS: Final = 5_000
"""A clock that is further ahead of the hub's is wrong; what it tells is taken as of now."""

BEHIND_MS: Final = 2_000
"""Two gates of one line have two clocks and two ways to the hub: who passed is not late for that.
Within so short a time all that was let in is remembered, so that nobody passes twice."""

REMEMBERED: Final = 64
"""Facts remembered of each source, in which a duplicate is looked for."""


class Fault(StrEnum):
    """What was wrong with a fact."""

    NEGATIVE = "negative"
    ABSURD = "absurd"
    DUPLICATE = "duplicate"
    LATE = "late"
    CLOCK_AHEAD = "clock_ahead"
    UNKNOWN_LINE = "unknown_line"


class Troubles(NamedTuple):
    """How often something was wrong, and when last."""

    times: int
    last_at: int


@dataclass(frozen=True, slots=True)
class Gate:
    """What was let in lately, and what was wrong with what."""

    lines: frozenset[LineId]
    points: frozenset[PointId]
    latest: Mapping[str, int] = field(default_factory=dict)
    recent: tuple[tuple[str, Fact], ...] = ()
    """Each with its source: who entered and left in one instant would be the same otherwise."""

    troubles: Mapping[tuple[str, Fault], Troubles] = field(default_factory=dict)


class Passed(NamedTuple):
    """The gate after a fact, the fact as it may be used, and its fault."""

    gate: Gate
    fact: Fact | None
    fault: Fault | None = None


def passed(gate: Gate, fact: Fact, now: int) -> Passed:
    """Let a fact in that was received `now`; a clock that is ahead is mended, the rest refused.

    A sale that is told twice is as it should be, by a pulse and by its record: nothing is noted.
    """
    fault = _fault(gate, fact, now)
    if fault is None:
        return Passed(_kept(gate, fact, fact), fact)
    if not (fault is Fault.DUPLICATE and isinstance(fact, Sold)):
        gate = noted(gate, place_of(fact), fault, now)
    if fault is not Fault.CLOCK_AHEAD:
        return Passed(gate, None, fault)
    mended = fact._replace(at=now)
    return Passed(_kept(gate, fact, mended), mended, fault)


def place_of(fact: Fact) -> str:
    """The line or the register that a fact is about."""
    return fact.point_id if isinstance(fact, Sold | Staffed) else fact.line_id


def noted(gate: Gate, place: str, fault: Fault, now: int) -> Gate:
    """One more of it; the places are known ones and one for all others, so that they are few."""
    name = place if place in gate.lines or place in gate.points else "?"
    times = gate.troubles.get((name, fault), Troubles(0, now)).times + 1
    return replace(gate, troubles={**gate.troubles, (name, fault): Troubles(times, now)})


def _fault(gate: Gate, fact: Fact, now: int) -> Fault | None:
    place = place_of(fact)
    if place not in gate.lines and place not in gate.points:
        return Fault.UNKNOWN_LINE
    return _nonsense(fact) or _out_of_time(gate, fact, now)


def _nonsense(fact: Fact) -> Fault | None:
    """What no line can have."""
    if isinstance(fact, Counted) and not 0 <= fact.number <= MOST_WAITING:
        return Fault.NEGATIVE if fact.number < 0 else Fault.ABSURD
    if isinstance(fact, Drew | Called) and not 1 <= len(fact.ticket) <= 32:
        return Fault.ABSURD
    return None


def _out_of_time(gate: Gate, fact: Fact, now: int) -> Fault | None:
    latest = gate.latest.get(_source(fact), -1)
    behind = BEHIND_MS if isinstance(fact, Entered | Left | Drew | Called) else 0
    if (_source(fact), fact) in gate.recent or (isinstance(fact, Sold) and fact.at == latest):
        return Fault.DUPLICATE  # a pulse and the record of its sale, which may come much later
    if fact.at > now + AHEAD_MS:
        return Fault.CLOCK_AHEAD
    if fact.at < max(now - LATE_MS, latest - behind):
        return Fault.LATE
    return None


def _kept(gate: Gate, fact: Fact, mended: Fact) -> Gate:
    """As it came, so that the same again is recognised."""
    source = _source(fact)
    latest = {**gate.latest, source: max(mended.at, gate.latest.get(source, mended.at))}
    return replace(gate, recent=(*gate.recent, (source, fact))[-REMEMBERED:], latest=latest)


def _source(fact: Fact) -> str:
    """Who tells by a clock of its own: a counter that is ahead makes nobody late who types."""
    kind = fact.source.value if isinstance(fact, Counted) else type(fact).__name__
    return f"{kind} {place_of(fact)}"
