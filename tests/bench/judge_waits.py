"""Estimates beside what then happened, over simulated days."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean

from hub.core.hours import HOUR_MS
from hub.core.waiting.choosing import Choice, choose
from hub.core.waiting.facts import Fact, Line, LineId, Sold
from hub.core.waiting.queue import Queue, advanced, after, begun
from hub.core.waiting.services import Services
from tests.bench.store_day import LINE, OPENS, Plan, Shopper, Told, lane, register


@dataclass(slots=True)
class Judged:
    """One shopper: what they waited, what was estimated as they joined, and the last 30's mean."""

    who: Shopper
    queue: Queue
    choice: Choice
    rolling: float


class Store:
    """The hub's side of a day: queues and services, fed fact by fact."""

    def __init__(self, lines: Sequence[Line], services: Services, usual: float | None = None) -> None:
        self.services = services
        self.queues = {line.line_id: begun(line, OPENS) for line in lines}
        self.line_of = {point: line.line_id for line in lines for point in line.registers}

    def takes(self, fact: Fact) -> None:
        line = self.line_of[fact.point_id] if isinstance(fact, Sold) else fact.line_id  # type: ignore[union-attr]
        told = after(self.queues[line], fact, self.services)
        self.queues[line] = told.queue
        if told.register is not None and told.took:
            hour = fact.at // HOUR_MS % 24
            self.services = self.services.learned(told.register.point_id, hour, told.took)

    def at(self, line: LineId, at: int) -> Queue:
        self.queues[line] = advanced(self.queues[line], at, self.services)
        return self.queues[line]


def store_of(plan: Plan, services: Services) -> Store:
    numbers = sorted({number for number, _, _ in plan.shifts})
    if plan.lanes:
        return Store([Line(lane(n), (register(n),), True) for n in numbers], services)
    return Store([Line(LINE, tuple(map(register, numbers)))], services)


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
        if who.began >= 0 and not who.gone:
            yield Judged(who, queue, choose(queue, store.services), mean(last) if last else 0.0)


def rase(pairs: Sequence[tuple[float, float]]) -> float:
    """Mean squared error of (waited, estimated) over the squared mean wait."""
    return mean((w - e) ** 2 for w, e in pairs) / mean(w for w, _ in pairs) ** 2


def rmse_min(pairs: Sequence[tuple[float, float]]) -> float:
    """Root mean square error in minutes."""
    return sqrt(mean((w - e) ** 2 for w, e in pairs)) / 60_000
