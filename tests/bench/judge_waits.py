"""Estimates beside what then happened, over simulated days."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from statistics import fmean

from hub.core.waiting.choosing import Method
from hub.core.waiting.facts import Fact, Line, LineId
from hub.core.waiting.floor import Floor, heard, laid_out, looked
from hub.core.waiting.noticing import Terms, Withdrawn
from hub.core.waiting.services import Services
from hub.core.waiting.usual import Usual
from tests.bench.store_day import LINE, OPENS, Plan, Shopper, Told, a_day, lane, register

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


def store_of(plan: Plan, history: History) -> Floor:
    """The lines of such a store, and what was learned of it before."""
    numbers = sorted({number for number, _, _ in plan.shifts} - plan.unseen)
    if not plan.lanes:
        line = Line(LINE, tuple(map(register, numbers)))
        return laid_out([line], OPENS, (), history.services, history.usual)
    lines = [Line(lane(number), (register(number),), counts_served=True) for number in numbers]
    names = [line.line_id for line in lines]
    return laid_out(lines, OPENS, names, history.services, history.usual)


def after_day(floor: Floor, facts: Iterable[Fact]) -> Floor:
    """All of these facts, each heard as it happened."""
    for fact in facts:
        floor = heard(floor, fact, fact.at).floor
    return floor


def learned(plan: Plan, seeds: Iterable[int]) -> History:
    """What days of their own teach."""
    history = History()
    for seed in seeds:
        floor = after_day(store_of(plan, history), a_day(plan, seed).facts)
        history = History(floor.services, floor.usual)
    return history


def judge(plan: Plan, day: Told, floor: Floor, terms: Terms = TERMS) -> Iterator[Judged]:
    """Each shopper who joined, with what the hub knew just before."""
    began = deque(sorted((who.began, who.waited) for who in day.shoppers if who.began >= 0))
    last: deque[int] = deque(maxlen=30)
    facts = deque(day.facts)
    for who in day.shoppers:
        at = OPENS + who.joined
        while facts and facts[0].at < at:
            fact = facts.popleft()
            floor = heard(floor, fact, fact.at).floor
        while began and began[0][0] < who.joined:
            last.append(began.popleft()[1])
        floor, tellings, _ = looked(floor, at, terms)
        telling = tellings[lane(who.lane) if plan.lanes else LINE]
        if who.began >= 0:
            yield Judged(
                who.joined,
                who.waited,
                who.ended,
                telling.choice.estimate.mean,
                telling.minutes,
                telling.choice.method,
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
