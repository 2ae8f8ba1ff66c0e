"""Which estimate is believed: the length of the line where count and registers agree with what is
observed, else the delay of those before, else what sales alone tell; and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.core.waiting.arrivals import rate_of
from hub.core.waiting.counters import is_alive, is_stuck
from hub.core.waiting.estimates import Estimate, mixed
from hub.core.waiting.estimating import Pace, head_of_line, last_to_enter, queue_length
from hub.core.waiting.queue import Queue, pace
from hub.core.waiting.services import Services

LATELY_MS: Final = 4 * 60_000
"""Whoever entered service before says nothing about now."""


UNUSUAL: Final = 0.25
"""A day differs from what is usual by so much (one standard deviation)."""

LONGEST_BLIND_MS: Final = 60 * 60_000
"""After an hour without a count its doubt no longer grows: lines come and go."""

BELIEVED: Final = 0.88
"""Of an inferred chance not to wait: found on days that are not judged."""

LEAST_SERVING: Final = 0.5
"""The chance that any register of the line is open, below which nothing is told."""


class Method(StrEnum):
    """What an estimate rests on."""

    QUEUE_LENGTH = "queue_length"
    HEAD_OF_LINE = "head_of_line"
    LAST_TO_ENTER = "last_to_enter"
    SALES = "sales"
    NONE = "none"


class Because(StrEnum):
    """Why it is that one."""

    AGREES = "agrees"
    COUNTER_SILENT = "counter_silent"
    COUNTER_STUCK = "counter_stuck"
    NO_COUNTER = "no_counter"
    DISAGREES = "disagrees"
    NOBODY_SERVES = "nobody_serves"


@dataclass(frozen=True, slots=True)
class Choice:
    """The estimate that is believed, what it rests on, and why."""

    estimate: Estimate
    method: Method
    because: Because


def choose(queue: Queue, services: Services) -> Choice:
    """The wait of somebody who joins this line now."""
    known = pace(queue, services)
    if sum(one.chance for one in known) < LEAST_SERVING:
        return Choice(Estimate(()), Method.NONE, Because.NOBODY_SERVES)
    why = because(queue)
    if why is Because.AGREES:
        estimate = queue_length(queue.crowd, known, services.square)
        return Choice(estimate, Method.QUEUE_LENGTH, why)
    return _by_delay(queue, known, services.square, why) or Choice(
        _by_sales(queue, known, services.square), Method.SALES, why
    )


def _by_sales(queue: Queue, known: tuple[Pace, ...], square: float) -> Estimate:
    """Nobody counts: that a register is free is only inferred, and less is believed of it."""
    estimate = queue_length(queue.crowd, known, square, _unseen(queue))
    return mixed(estimate.parts, BELIEVED * estimate.none)


def _unseen(queue: Queue) -> float:
    """The variance of who came since somebody counted: no day is quite a usual one."""
    since = queue.counter.since if is_stuck(queue.counter) else queue.counter.at
    blind = LONGEST_BLIND_MS if since is None else min(LONGEST_BLIND_MS, queue.at - since)
    return (UNUSUAL * rate_of(queue.arrivals) * blind) ** 2


def because(queue: Queue) -> Because:
    """Whether count and registers agree with what is observed, or what is wrong."""
    if queue.counter.at is None:
        return Because.NO_COUNTER
    if is_stuck(queue.counter):
        return Because.COUNTER_STUCK
    if not is_alive(queue.counter, queue.at):
        return Because.COUNTER_SILENT
    return Because.AGREES if queue.agreement.holds else Because.DISAGREES


def _by_delay(queue: Queue, known: tuple[Pace, ...], square: float, why: Because) -> Choice | None:
    every = sum(one.chance * one.every for one in known) / sum(one.chance for one in known)
    if queue.waiting and was_seen(queue):
        estimate = head_of_line(queue.at - queue.waiting[0].at, every, square)
        return Choice(estimate, Method.HEAD_OF_LINE, why)
    if queue.stepped is not None and why is Because.DISAGREES:
        age = queue.at - queue.stepped.at
        if age <= LATELY_MS:
            estimate = last_to_enter(queue.stepped.waited, age, every, square)
            return Choice(estimate, Method.LAST_TO_ENTER, why)
    return None


def was_seen(queue: Queue) -> bool:
    """Whether whoever is first in line was counted when they joined, by a counter that lived."""
    seen = queue.counter.at
    if seen is None or not queue.waiting[0].known:
        return False
    until = queue.counter.since if is_stuck(queue.counter) else seen
    return queue.waiting[0].at <= until
