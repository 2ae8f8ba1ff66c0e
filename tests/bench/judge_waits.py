"""Estimates beside what then happened, over simulated days."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean

from hub.core.hours import HOUR_MS
from hub.core.waiting.choosing import Choice, Method, choose
from hub.core.waiting.facts import Fact, Line, LineId, Sold, Staffed
from hub.core.waiting.following import advanced, after
from hub.core.waiting.lanes import choose_lanes
from hub.core.waiting.noticing import Terms, Withdrawn, tell
from hub.core.waiting.queue import Queue, begun, expecting
from hub.core.waiting.services import Services
from hub.core.waiting.usual import QUARTER_MS, Usual
from tests.bench.store_day import LINE, OPENS, Plan, Shopper, Told, lane, register

TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Judged:
    """One shopper: what they waited, and what was known, told and shown as they joined (ms).

    `known` is the queue-length estimate of somebody who knows everything but the future; `rolling`
    the mean of the last 30 true waits.
    """

    joined: int
    waited: int
    ended: int
    estimate: float
    told: int | None
    method: Method
    withdrawn: Withdrawn | None
    known: float
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
        self.heard: int | None = None
        self.usual = {line.line_id: history.usual.get(line.line_id, Usual()) for line in lines}
        self.quarter = OPENS // QUARTER_MS
        self.seen = {line.line_id: (0.0, 0.0) for line in lines}
        self.sales = {line.line_id: 0 for line in lines}
        self.queues = {line.line_id: begun(line, OPENS) for line in lines}
        self.line_of = {point: line.line_id for line in lines for point in line.registers}

    def lives(self, facts: Iterable[Fact]) -> Store:
        """All of these facts."""
        for fact in facts:
            self.takes(fact)
        return self

    def takes(self, fact: Fact) -> None:
        """One fact."""
        self._turns(fact.at)
        self.heard = fact.at
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
        """What it has learned by now."""
        return History(self.services, dict(self.usual))

    def chooses(self, line: LineId, at: int) -> Choice:
        """The estimate of a line."""
        queues = {one: self.at(one, at) for one in self.queues}
        if len(queues) == 1:
            return choose(queues[line], self.services)
        return choose_lanes(queues, self.services)[line]

    def at(self, line: LineId, at: int) -> Queue:
        """A line, at this instant."""
        self.queues[line] = advanced(self.queues[line], at, self.services)
        return self.queues[line]


def store_of(plan: Plan, history: History) -> Store:
    """The lines of such a store, and what was learned of it before."""
    numbers = sorted({number for number, _, _ in plan.shifts})
    if plan.lanes:
        return Store([Line(lane(n), (register(n),), True) for n in numbers], history)
    return Store([Line(LINE, tuple(map(register, numbers)))], history)


def judge(plan: Plan, day: Told, store: Store, terms: Terms = TERMS) -> Iterator[Judged]:
    """Each shopper who joined, with what the hub knew just before."""
    began = deque(sorted((who.began, who.waited) for who in day.shoppers if who.began >= 0))
    last: deque[int] = deque(maxlen=30)
    facts, shown = deque(day.facts), dict[LineId, int | None]()
    for who in day.shoppers:
        at = OPENS + who.joined
        while facts and facts[0].at < at:
            store.takes(facts.popleft())
        while began and began[0][0] < who.joined:
            last.append(began.popleft()[1])
        line = lane(who.lane) if plan.lanes else LINE
        choice = store.chooses(line, at)
        telling = tell(choice, terms, at, store.heard, shown.get(line))
        shown[line] = telling.minutes
        if who.began >= 0:
            yield Judged(
                who.joined,
                who.waited,
                who.ended,
                choice.estimate.mean,
                telling.minutes,
                choice.method,
                telling.withdrawn,
                _known(plan, who),
                fmean(last) if last else 0.0,
            )


def _known(plan: Plan, who: Shopper) -> float:
    if plan.lanes:
        return who.ahead * plan.service_ms
    return (who.ahead + 1) * plan.service_ms / max(1, who.open)


def rase(pairs: Sequence[tuple[float, float]]) -> float:
    """Mean squared error of (waited, estimated) over the squared mean wait."""
    return fmean((w - e) ** 2 for w, e in pairs) / fmean(w for w, _ in pairs) ** 2


def rmse_min(pairs: Sequence[tuple[float, float]]) -> float:
    """Root mean square error in minutes."""
    return sqrt(fmean((w - e) ** 2 for w, e in pairs)) / 60_000
