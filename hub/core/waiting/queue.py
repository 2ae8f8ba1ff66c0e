"""What is known of one line, and what its length says to whoever joins it now."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from hub.core.waiting.agreeing import Agreement
from hub.core.waiting.arrivals import Arrivals
from hub.core.waiting.counters import Counter, is_alive
from hub.core.waiting.crowd import Crowd, empty
from hub.core.waiting.estimates import Estimate
from hub.core.waiting.estimating import Pace, paces, queue_length
from hub.core.waiting.facts import Line
from hub.core.waiting.opening import Register, chance_open, how_many
from hub.core.waiting.services import Service, Services


class Waiting(NamedTuple):
    """Somebody who waits: when they joined, and what was estimated for them then (ms)."""

    at: int
    mean: float = 0.0
    deviation: float = 0.0
    ticket: str = ""
    known: bool = True
    """Nobody knows when they joined whom a first count finds, or one after a long silence."""


class Stepped(NamedTuple):
    """The last one who entered service, and how long they had waited (ms)."""

    at: int
    waited: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One line at the instant `at`; `open` registers are what the crowd was reckoned with."""

    line: Line
    at: int
    crowd: Crowd
    registers: tuple[Register, ...]
    open: int
    arrivals: Arrivals = field(default_factory=Arrivals)
    counter: Counter = field(default_factory=Counter)
    waiting: tuple[Waiting, ...] = ()
    stepped: Stepped | None = None
    agreement: Agreement = field(default_factory=Agreement)
    inside: int | None = None
    """Entered less left, where a line has gates or tickets."""


def begun(line: Line, at: int) -> Queue:
    """A line of which nothing is known yet."""
    registers = tuple(map(Register, line.registers))
    return Queue(line, at, empty(0), registers, 0)


def chances(queue: Queue, services: Services) -> tuple[float, ...]:
    """The chance of each register to be open."""
    hour = services.hour(queue.at)
    return tuple(
        chance_open(register, services.of(register.point_id, hour), queue.at)
        for register in queue.registers
    )


def expecting(queue: Queue, usual: float | None) -> Queue:
    """So many arrivals (per ms) are usual now."""
    return replace(queue, arrivals=queue.arrivals._replace(usual=usual))


def is_watched(queue: Queue) -> bool:
    """Whether somebody counts those who wait."""
    return is_alive(queue.counter, queue.at)


def by_length(queue: Queue, services: Services) -> Estimate:
    """The wait of somebody who joins now, from the length of the line."""
    return queue_length(queue.crowd, pace(queue, services), services.square)


def pace(queue: Queue, services: Services) -> tuple[Pace, ...]:
    """How fast the line is served, for each number of registers that may be open."""
    hour = services.hour(queue.at)
    known = [services.of(one.point_id, hour) for one in queue.registers]
    open_ = [chance_open(r, s, queue.at) for r, s in zip(queue.registers, known, strict=True)]
    doubt = sum(one.doubt for one in known) / len(known)
    return paces(how_many(open_), open_, [1 / one.mean for one in known], doubt)


def typical(queue: Queue, services: Services) -> Service:
    """A service at this line's first register: what the crowd is reckoned with."""
    return services.of(queue.registers[0].point_id, services.hour(queue.at))
