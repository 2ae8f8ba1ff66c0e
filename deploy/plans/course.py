"""The course of a plan: step after step, told while it goes, and in one line at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from deploy.plans.steps import Step

_SHOWN = 3
"""Names of what is missing that fit into a line."""


class Mark(Enum):
    """How a step stands, as the first letter of its line."""

    DONE = "✓"
    CHANGED = "+"
    WOULD_CHANGE = "~"
    WAITS = "·"


@dataclass(frozen=True, slots=True)
class Course:
    """What came of a plan."""

    marks: Sequence[Mark]
    seconds: float

    @property
    def changes(self) -> int:
        """Steps that were done, or would be."""
        return sum(mark in {Mark.CHANGED, Mark.WOULD_CHANGE} for mark in self.marks)

    def told(self) -> str:
        """In one line."""
        would = " to be made" if Mark.WOULD_CHANGE in self.marks else ""
        changes = counted(self.changes, "change") + would
        waiting = self.marks.count(Mark.WAITS)
        later = f", {waiting} waits for systemd, which does not run here" if waiting else ""
        return f"{counted(len(self.marks), 'step')}, {changes}{later}; {self.seconds:.0f} s"


@dataclass(frozen=True, slots=True)
class Walk:
    """Goes through a plan; only looks, where it is `checking`."""

    say: Callable[[str], None]
    clock: Callable[[], float]
    systemd: bool
    checking: bool = False

    def through(self, plan: Sequence[Step]) -> Course:
        """Do every step that is not done; raises what a step raises: all before it stand."""
        began = self.clock()
        marks = [self._one(f"{n:>2}/{len(plan)}", step) for n, step in enumerate(plan, 1)]
        return Course(marks, self.clock() - began)

    def _one(self, place: str, step: Step) -> Mark:
        if step.needs_systemd and not self.systemd:
            return self._tell(place, Mark.WAITS, step.name)
        lacks = step.lacks()
        if not lacks:
            return self._tell(place, Mark.DONE, step.name)
        if self.checking:
            return self._tell(place, Mark.WOULD_CHANGE, f"{step.name}: {_few(lacks)}")
        self.say(f"{place} … {step.name}: {_few(lacks)}")
        began = self.clock()
        step.do()
        return self._tell(place, Mark.CHANGED, f"{step.name} ({self.clock() - began:.1f} s)")

    def _tell(self, place: str, mark: Mark, what: str) -> Mark:
        self.say(f"{place} {mark.value} {what}")
        return mark


def _few(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown


def counted(number: int, noun: str) -> str:
    """So many of it, in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
