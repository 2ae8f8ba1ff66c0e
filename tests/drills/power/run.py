"""The drill of power cuts, short or long: what `make drill` runs of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from tests.drills.power.cuts import Plan
from tests.drills.power.drill import (
    Enough,
    Result,
    failing_told,
    hub_told,
    judged,
    kiosk_told,
    pulled_again,
    twenty,
)

SHORT = Plan(scattered=1, rubbish=1, every=5)
LONG = Plan(scattered=4, rubbish=2, torn_everywhere=True)
FAILING = Plan(scattered=1, rubbish=0, every=9)

Part = Callable[[Enough], Result]


@dataclass
class Progress:
    """A line that says how it stands, twice a second."""

    sum: Result = field(default_factory=Result)
    what: str = ""
    _began: float = field(default_factory=time.monotonic)
    _told: float = 0.0

    def __call__(self, result: Result) -> bool:
        now = time.monotonic()
        if now - self._told > 0.5 and sys.stderr.isatty():
            self._told = now
            self.say(result)
        return twenty(result)

    def say(self, result: Result, end: str = "") -> None:
        """One line."""
        states, cards = self.sum.states + result.states, self.sum.distinct + result.distinct
        wrong = len(self.sum.violations) + len(result.violations)
        seconds = time.monotonic() - self._began
        line = f"{self.what}: {states:,} cuts, {cards:,} cards opened, {wrong} wrong"
        print(f"\r{line}, {seconds:.0f} s  ", end=end, file=sys.stderr, flush=True)


def run(*, long: bool, seed: int = 1, seeds: int | None = None) -> Result:
    """All of it; `seeds` stories of each kind, from `seed` on (one, or ten in the long run)."""
    progress = Progress()
    for number in range(seed, seed + (seeds or (10 if long else 1))):
        for name, part in parts(number, long=long):
            progress.what = f"seed {number}, {name}"
            result = part(progress)
            progress.say(result, "\n")
            progress.sum.add(result)
    return progress.sum


def parts(seed: int, *, long: bool) -> Iterator[tuple[str, Part]]:
    """What is drilled with one seed."""
    plan = replace(LONG if long else SHORT, seed=seed)
    visits, rounds = 45 if long else 11, 13
    spoiled = replace(plan, spoiled=True)  # the hub's disk is no cheap card
    yield "kiosk", partial(_judged, kiosk_told, visits, seed, spoiled)
    yield "hub", partial(_judged, hub_told, rounds, seed, plan)
    yield "kiosk, pulled again", lambda _: pulled_again(visits, seed, 30 if long else 2, SHORT)
    for times in (1, 2, 3, 4) if long else (2, 3):
        yield f"kiosk, {times} syncs fail", partial(_failing, "sync", times, long, 0)
        yield f"kiosk, {times} writes fail", partial(_failing, "write", times, long, seed)


def _judged(told: Callable[..., object], size: int, seed: int, plan: Plan, tell: Enough) -> Result:
    with told(size, seed) as story:  # type: ignore[attr-defined]
        return judged(story, plan, tell)


def _failing(operation: str, times: int, long: bool, shift: int, tell: Enough) -> Result:
    """From the first operation on, until there is none that fails."""
    result, visits = Result(), 12 if long else 1
    stride = 1 if operation == "sync" else 7
    nth = 1 + shift % stride
    while True:
        with failing_told(operation, nth, times, visits) as told:
            if not told.trace:
                return result
            result.add(judged(told, FAILING))
        if tell(result):
            return result
        nth += stride
