"""A day at the lines of a store, drawn: what its hub would be told, and what each shopper lived.

Shoppers arrive by a Poisson process with two peaks; they stand in one line for all registers, or in
the shortest of many lanes, out of which the last one of a lane steps over when another lane is
shorter by two. Registers open and close by a plan that nobody tells the hub.
"""

from __future__ import annotations

import heapq
import random
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import exp, log, sqrt
from typing import Final

from hub.core.waiting.facts import Counted, Entered, Fact, Left, LineId, Sold
from shared.places import PointId

MINUTE: Final = 60_000
HOUR: Final = 60 * MINUTE
OPENS: Final = 1_763_971_200_000 + 8 * HOUR
"""2025-11-24, a Monday, 08:00 UTC; the day ends 12 hours later."""

DAY: Final = 12 * HOUR
LINE: Final = LineId("line-1")


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of day it is; instants are counted from its beginning (ms)."""

    rate: Callable[[int], float]
    """Shoppers a minute at an instant."""

    most_rate: float
    shifts: tuple[tuple[int, int, int], ...]
    """Register, opens, closes."""

    service_ms: float = 90_000
    cv: float = 1.0
    speeds: tuple[float, ...] = ()
    """Of each register: its services take the mean divided by it."""

    lanes: bool = False
    count_every: int | None = 5_000
    noise: float = 0.0
    """Standard deviation of a count over the root of the count; it lasts for half a minute."""

    dead: tuple[int, int] | None = None
    stuck: tuple[int, int] | None = None
    gates: bool = False
    """Whether entered and left events come instead of counts."""

    unseen: frozenset[int] = frozenset()
    """Registers without a kiosk: nobody tells of their sales."""

    length: int = DAY


@dataclass(slots=True)
class Shopper:
    """When somebody joined which lane (0 for the one line), was first served, and paid."""

    joined: int
    lane: int
    ahead: int
    open: int
    began: int = -1
    ended: int = -1
    register: int = -1
    gone: bool = False
    """Stepped over to another lane."""

    @property
    def waited(self) -> int:
        """From joining until the till turned to them."""
        return self.began - self.joined


@dataclass(frozen=True, slots=True)
class Told:
    """A day: its shoppers by joining, and the facts by time."""

    shoppers: tuple[Shopper, ...]
    facts: tuple[Fact, ...]


def two_peaks(height: float = 1.0) -> Callable[[int], float]:
    """Shoppers a minute: a quiet base, a peak at noon and a longer one before supper."""

    def rate(at: int) -> float:
        hour = at / HOUR
        noon, evening = exp(-(((hour - 3.8) / 0.9) ** 2)), exp(-(((hour - 9.3) / 1.2) ** 2))
        return height * (1.35 + 1.45 * noon + 1.5 * evening)

    return rate


def register(number: int) -> PointId:
    """The name of a register."""
    return PointId(f"caja-{number + 1}")


def lane(number: int) -> LineId:
    """The name of the lane before a register."""
    return LineId(f"lane-{number + 1}")


def a_day(plan: Plan, seed: int) -> Told:
    """One day of that plan."""
    return (_Lanes if plan.lanes else _Line)(plan, seed).runs()


@dataclass(slots=True)
class _Store:
    plan: Plan
    seed: int
    facts: list[Fact] = field(default_factory=list)
    shoppers: list[Shopper] = field(default_factory=list)
    events: list[tuple[int, int, str, int]] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    serving: dict[int, Shopper] = field(default_factory=dict)
    closing: set[int] = field(default_factory=set)
    blur: dict[int, tuple[int, float]] = field(default_factory=dict)
    said: dict[int, int] = field(default_factory=dict)
    order: int = 0
    dice: random.Random = field(init=False)
    noise: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice, self.noise = random.Random(self.seed), random.Random(self.seed + 1_000_003)

    def runs(self) -> Told:
        plan = self.plan
        for at in _arrivals(plan, self.dice):
            self.push(at, "joins", 0)
        for number, opens, closes in plan.shifts:
            self.push(opens, "opens", number)
            self.push(closes, "closes", number)
        if plan.count_every is not None and not plan.gates:
            for at in range(plan.count_every, plan.length, plan.count_every):
                self.push(at, "counts", 0)
        while self.events:
            at, _, kind, number = heapq.heappop(self.events)
            getattr(self, f"_{kind}")(at, number)
        return Told(tuple(self.shoppers), tuple(self.facts))

    def push(self, at: int, kind: str, number: int) -> None:
        self.order += 1
        heapq.heappush(self.events, (at, self.order, kind, number))

    def begin(self, at: int, number: int, who: Shopper) -> None:
        who.began, who.register = at, number
        self.serving[number] = who
        self.push(at + self._service(number), "ends", number)

    def tell_sale(self, at: int, number: int) -> None:
        who = self.serving.pop(number)
        who.ended = at
        if number not in self.plan.unseen:
            self.facts.append(Sold(OPENS + at, register(number)))
        if number in self.closing:
            self.closing.discard(number)
            self.open.discard(number)

    def tell_count(self, at: int, line: LineId, number: int, key: int) -> None:
        """What the counter says of so many people, unless it is dead."""
        plan = self.plan
        if plan.dead and plan.dead[0] <= at < plan.dead[1]:
            return
        if not (plan.stuck and plan.stuck[0] <= at < plan.stuck[1]):
            self.said[key] = max(0, round(number + sqrt(number) * self._blur(at, key)))
        self.facts.append(Counted(OPENS + at, line, self.said.get(key, 0)))

    def _blur(self, at: int, key: int) -> float:
        drawn, value = self.blur.get(key, (-MINUTE, 0.0))
        if at - drawn >= 30_000:
            drawn, value = at, self.noise.gauss(0, self.plan.noise) if self.plan.noise else 0.0
            self.blur[key] = drawn, value
        return value

    def _service(self, number: int) -> int:
        plan = self.plan
        mean = plan.service_ms / (plan.speeds[number] if plan.speeds else 1.0)
        if plan.cv == 1.0:
            return 1 + round(self.dice.expovariate(1 / mean))
        square = log(1 + plan.cv * plan.cv)
        return 1 + round(mean * self.dice.lognormvariate(-square / 2, sqrt(square)))


class _Line(_Store):
    """One line for all registers."""

    __slots__ = ("waiting",)

    def __init__(self, plan: Plan, seed: int) -> None:
        super().__init__(plan, seed)
        self.waiting: deque[Shopper] = deque()

    def _joins(self, at: int, _: int) -> None:
        who = Shopper(at, 0, len(self.waiting), len(self.open))
        self.shoppers.append(who)
        if self.plan.gates:
            self.facts.append(Entered(OPENS + at, LINE))
        self.waiting.append(who)
        for number in sorted(self.open - self.serving.keys()):
            self._takes(at, number)

    def _opens(self, at: int, number: int) -> None:
        self.closing.discard(number)
        self.open.add(number)
        self._takes(at, number)

    def _closes(self, _: int, number: int) -> None:
        if number in self.serving:
            self.closing.add(number)
        else:
            self.open.discard(number)

    def _ends(self, at: int, number: int) -> None:
        self.tell_sale(at, number)
        if number in self.open:
            self._takes(at, number)

    def _takes(self, at: int, number: int) -> None:
        if self.waiting and number not in self.serving:
            self.begin(at, number, self.waiting.popleft())
            if self.plan.gates:
                self.facts.append(Left(OPENS + at, LINE))

    def _counts(self, at: int, _: int) -> None:
        self.tell_count(at, LINE, len(self.waiting), 0)


class _Lanes(_Store):
    """A lane before each register; counts include whoever is being served."""

    __slots__ = ("waiting",)

    def __init__(self, plan: Plan, seed: int) -> None:
        super().__init__(plan, seed)
        self.waiting: dict[int, deque[Shopper]] = {}

    def long(self, number: int) -> int:
        return len(self.waiting[number]) + (number in self.serving)

    def _joins(self, at: int, _: int) -> None:
        lanes = sorted(self.open - self.closing) or sorted(self.open)
        if not lanes:
            return
        least = min(map(self.long, lanes))
        number = self.dice.choice([one for one in lanes if self.long(one) == least])
        who = Shopper(at, number, self.long(number), len(self.open))
        self.shoppers.append(who)
        self.waiting[number].append(who)
        self._takes(at, number)

    def _opens(self, at: int, number: int) -> None:
        self.open.add(number)
        self.closing.discard(number)
        self.waiting.setdefault(number, deque())
        self._changes(at)

    def _closes(self, at: int, number: int) -> None:
        self.closing.add(number)
        others = sorted(self.open - self.closing)
        while others and self.waiting[number]:  # whoever waits there must go elsewhere
            who = self.waiting[number].popleft()
            who.gone = True
            to = min(others, key=self.long)
            self.waiting[to].append(who)
            self._takes(at, to)
        if number not in self.serving and not self.waiting[number]:
            self.closing.discard(number)
            self.open.discard(number)

    def _ends(self, at: int, number: int) -> None:
        self.tell_sale(at, number)
        if number in self.open:
            self._takes(at, number)
            self._changes(at)

    def _takes(self, at: int, number: int) -> None:
        if self.waiting[number] and number not in self.serving:
            self.begin(at, number, self.waiting[number].popleft())

    def _changes(self, at: int) -> None:
        """The last of a lane steps over where another is shorter by two."""
        while True:
            lanes = sorted(self.open - self.closing)
            if len(lanes) < 2:
                return
            longest, least = max(lanes, key=self.long), min(lanes, key=self.long)
            if self.long(longest) - self.long(least) < 2 or not self.waiting[longest]:
                return
            who = self.waiting[longest].pop()
            who.gone = True
            self.waiting[least].append(who)
            self._takes(at, least)

    def _counts(self, at: int, _: int) -> None:
        for number in sorted(self.waiting):
            self.tell_count(at, lane(number), self.long(number), number)


def _arrivals(plan: Plan, dice: random.Random) -> Iterator[int]:
    """By thinning (Lewis and Shedler 1979)."""
    at = 0.0
    while True:
        at += dice.expovariate(plan.most_rate / MINUTE)
        if at >= plan.length:
            return
        if dice.random() * plan.most_rate < plan.rate(int(at)):
            yield int(at)
