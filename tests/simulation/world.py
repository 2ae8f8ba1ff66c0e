"""Virtual time, one heap of things to come, and the dice: nothing here happens by itself."""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any, Protocol


class Violation(AssertionError):
    """A law did not hold."""


class Mortal(Protocol):
    """A machine on which a program can die."""

    def die(self) -> None:
        """Lose everything that is not on the disk."""


class Crash(BaseException):
    """The program stops here and now; no `except Exception` of it may notice."""

    def __init__(self, machine: Mortal) -> None:
        super().__init__("crash")
        self.machine = machine


class World:
    """What time it is (`now`, ms since the scenario began), and what comes next."""

    def __init__(self, seed: int, start: int, tell: Callable[[str], None] | None = None) -> None:
        """`start` is true time (ms since 1970) at the beginning; `tell` is told what happens."""
        self.now = 0
        self.start = start
        self.dice = Random(seed)
        self.faults: Counter[str] = Counter()
        self.fails: Callable[[str], bool] = lambda what: False  # asked before each operation
        self._tell = tell
        self._coming: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._count = 0
        self._blame: str | None = None

    def blame(self, why: str) -> None:
        """A law did not hold; said so that no `except` of a program can hush it up."""
        self._blame = self._blame or why

    @property
    def true(self) -> int:
        """True time, ms since 1970."""
        return self.start + self.now

    def at(self, when: int, do: Callable[..., None], *args: Any) -> None:
        """Do it at that time."""
        self._count += 1
        heapq.heappush(self._coming, (when, self._count, do, args))

    def after(self, wait: int, do: Callable[..., None], *args: Any) -> None:
        """Do it so many milliseconds from now."""
        self.at(self.now + wait, do, *args)

    def run(self, until: int) -> None:
        """Let happen what is to happen before that time."""
        coming = self._coming
        while coming and coming[0][0] <= until:
            self.now, _, do, args = heapq.heappop(coming)
            try:
                do(*args)
            except Crash as crash:
                crash.machine.die()
            if self._blame is not None:
                raise Violation(self._blame)
        self.now = until

    def chance(self, probability: float) -> bool:
        """Throw the dice; nothing is thrown for what cannot happen."""
        return probability > 0 and self.dice.random() < probability

    def fault(self, kind: str, who: str = "") -> None:
        """Count a fault, and tell of it."""
        self.faults[kind] += 1
        self.note("nemesis", kind, who)

    @property
    def is_told(self) -> bool:
        """Whether anybody reads the event log."""
        return self._tell is not None

    def note(self, who: str, *what: object) -> None:
        """One line of the event log."""
        if self._tell is not None:
            self._tell(f"{self.now / 1000:11.3f}  {who:10} " + " ".join(map(str, what)))


class Actor:
    """One thread of the real programs, as turns: `turn` says in how many seconds to come again."""

    def __init__(
        self, world: World, turn: Callable[[], float | None], latency: Callable[[], int]
    ) -> None:
        self._world, self._turn, self._latency = world, turn, latency
        self._due: int | None = None
        self._number = 0
        self.alive = True

    def poke(self) -> None:
        """There is something to do: a turn comes soon."""
        self._come(self._world.now + self._latency())

    def _come(self, when: int) -> None:
        if self._due is None or when < self._due:
            self._due = when
            self._number += 1
            self._world.at(when, self._run, self._number)

    def _run(self, number: int) -> None:
        if number != self._number or not self.alive:
            return
        self._due = None
        wait = self._turn()
        if wait == 0:
            self.poke()
        elif wait is not None:
            self._come(self._world.now + max(1, math.ceil(wait * 1_000)))
