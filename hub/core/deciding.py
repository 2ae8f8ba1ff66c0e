"""Suspect answers of a store: how many of each day and code there are, and whether they count.

Nobody is shown their faces, registers or times: a decision is about a day and a code. What a
decision changes is what it would have been, had it stood before the records came: minus the old
contribution of each, plus the new one. What was told of the day moves by the laws of
`core.stepping`, like any late record: by a floor of answers, or not yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.core.figures import Days
from hub.core.hours import Hours
from hub.core.ports import Store
from hub.core.tallying import Counted, Counts, add, contribution
from shared.visits import Visit


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether the suspects of a day and code count after all; who said so, and when."""

    day: int
    code: str
    counted: bool
    at: int
    by: str


@dataclass(frozen=True, slots=True)
class Suspects:
    """How many answers of one local day and code are suspect, and what was decided, if anything."""

    day: int
    code: str
    answers: int
    decision: Decision | None = None

    @property
    def counted(self) -> bool:
        """Whether they count like any other answer."""
        return self.decision is not None and self.decision.counted


class SuspectBook(Protocol):
    """The suspects of all stores. Every method may raise ArchiveError."""

    def suspects(self, store: Store, days: Days) -> list[Suspects]:
        """Those of these local days, latest first; without those that retention has sealed."""

    def decide(self, store: Store, decision: Decision) -> int:
        """Let them count, or leave them out, and note it in the audit log; how many moved."""


def summed(
    hours: Hours,
    rows: Iterable[tuple[int, str, int]],
    decisions: Mapping[tuple[int, str], Decision],
    days: Days,
) -> list[Suspects]:
    """Rows of hour, code and answers, by local day and code; what was decided stands beside."""
    sums: dict[tuple[int, str], int] = {}
    for hour, code, answers in rows:
        key = (hours.hour_of(hour).day, code)
        sums[key] = sums.get(key, 0) + answers
    return [
        Suspects(day, code, answers, decisions.get((day, code)))
        for (day, code), answers in sorted(sums.items(), key=lambda one: (-one[0][0], one[0][1]))
        if days.first <= day <= days.last
    ]


def changed(
    hours: Hours, stored: Iterable[tuple[int, Visit]], before: Counted, after: Counted
) -> Counts:
    """What these visits, each with the hour in which it counts, add once `after` is decided."""
    counts: Counts = {}
    for at, visit in stored:
        hour = hours.hour_of(at)
        old, new = contribution(visit, hour, before), contribution(visit, hour, after)
        if old != new:
            add(counts, {old: -1})
            add(counts, {new: 1})
    return counts


def decided(before: Counted, decision: Decision) -> Counted:
    """What counts once this was decided."""
    key = frozenset({(decision.day, decision.code)})
    return before | key if decision.counted else before - key
