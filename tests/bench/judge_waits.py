"""Estimates beside what then happened, over simulated days."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import mean

from hub.core.hours import HOUR_MS
from hub.core.waiting.choosing import Choice, choose
from hub.core.waiting.facts import Fact, Line, LineId, Sold, Staffed
from hub.core.waiting.following import advanced, after
from hub.core.waiting.lanes import choose_lanes
from hub.core.waiting.queue import Queue, begun, expecting
from hub.core.waiting.services import Services
from hub.core.waiting.usual import QUARTER_MS, Usual
from tests.bench.store_day import LINE, OPENS, Plan, Shopper, Told, lane, register


@dataclass(slots=True)
class Judged:
    """One shopper: what they waited, what was estimated as they joined, and the last 30's mean."""

    who: Shopper
    queue: Queue
    choice: Choice
    rolling: float


@dataclass(frozen=True, slots=True)
class History:
    """What a hub has learned of a store so far."""

    services: Services = field(default_factory=Services)
    usual: Mapping[LineId, Usual] = field(default_factory=dict)


class Store:
    """The hub's side of a day: queues and services, fed fact by fact."""

    def __init__(self, lines: Sequence[Line], history: History) -> None:
        self.services = history.services
        self.usual = {line.line_id: history.usual.get(line.line_id, Usual()) for line in lines}
        self.quarter = OPENS // QUARTER_MS
        self.seen = {line.line_id: (0.0, 0.0) for line in lines}
        self.sales = {line.line_id: 0 for line in lines}
        self.queues = {line.line_id: begun(line, OPENS) for line in lines}
        self.line_of = {point: line.line_id for line in lines for point in line.registers}

    def takes(self, fact: Fact) -> None:
        self._turns(fact.at)
        if isinstance(fact, Sold | Staffed):
            line = self.line_of[fact.point_id]
            self.sales[line] += isinstance(fact, Sold)
        else:
            line = fact.line_id
        told = after(self.queues[line], fact, self.services)
        self.queues[line] = told.queue
        if told.register is not None and told.took:
            hour = fact.at // HOUR_MS % 24
            self.services = self.services.learned(told.register.point_id, hour, told.took)

    def _turns(self, at: int) -> None:
        """At each quarter of an hour what came is learned, and what is usual is told."""
        if at // QUARTER_MS == self.quarter:
            return
        for line, queue in self.queues.items():
            came, ms = queue.arrivals.total, queue.arrivals.total_ms
            before = self.seen[line]
            watched = ms - before[1] >= QUARTER_MS / 2
            new = (came - before[0], ms - before[1]) if watched else (self.sales[line], QUARTER_MS)
            self.usual[line] = self.usual[line].learned(self.quarter * QUARTER_MS, *new)
            self.seen[line], self.sales[line] = (came, ms), 0
        self.quarter = at // QUARTER_MS
        for line, queue in self.queues.items():
            rate = self.usual[line].rate(self.quarter * QUARTER_MS)
            self.queues[line] = expecting(queue, rate)

    @property
    def history(self) -> History:
        return History(self.services, dict(self.usual))

    def chooses(self, line: LineId, at: int) -> Choice:
        queues = {one: self.at(one, at) for one in self.queues}
        return choose_lanes(queues, self.services)[line]

    def at(self, line: LineId, at: int) -> Queue:
        self.queues[line] = advanced(self.queues[line], at, self.services)
        return self.queues[line]


def store_of(plan: Plan, history: History) -> Store:
    numbers = sorted({number for number, _, _ in plan.shifts})
    if plan.lanes:
        return Store([Line(lane(n), (register(n),), True) for n in numbers], history)
    return Store([Line(LINE, tuple(map(register, numbers)))], history)


def judge(plan: Plan, day: Told, store: Store) -> Iterator[Judged]:
    """Each shopper who joined, with what the hub knew just before."""
    ended = deque(sorted((s.began, s.waited) for s in day.shoppers if s.began >= 0))
    last: deque[int] = deque(maxlen=30)
    facts = deque(day.facts)
    for who in day.shoppers:
        at = OPENS + who.joined
        while facts and facts[0].at < at:
            store.takes(facts.popleft())
        while ended and ended[0][0] < who.joined:
            last.append(ended.popleft()[1])
        line = lane(who.lane) if plan.lanes else LINE
        queue = store.at(line, at)
        if who.began >= 0:
            choice = store.chooses(line, at) if plan.lanes else choose(queue, store.services)
            yield Judged(who, queue, choice, mean(last) if last else 0.0)


def rase(pairs: Sequence[tuple[float, float]]) -> float:
    """Mean squared error of (waited, estimated) over the squared mean wait."""
    return mean((w - e) ** 2 for w, e in pairs) / mean(w for w, _ in pairs) ** 2


def rmse_min(pairs: Sequence[tuple[float, float]]) -> float:
    """Root mean square error in minutes."""
    return sqrt(mean((w - e) ** 2 for w, e in pairs)) / 60_000
