"""What is known of one line: a table of what each fact changes.

Laws of this page
1. A queue never goes back in time: a fact that is older than what it knows is not for it (the gate
   in `trusting` tells those apart; see there).
2. Whoever waits has an instant at which they joined, as near as it can be known: a count that rises
   adds somebody now, whoever steps up is the one who came first.
3. A counter that is not alive is not asked: the crowd goes on from sales and arrivals, and widens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from hub.core.hours import HOUR_MS
from hub.core.waiting import crowd as crowds
from hub.core.waiting.agreeing import Agreement, compared
from hub.core.waiting.arrivals import Arrivals, after_arrivals, fading, rate_of
from hub.core.waiting.counters import Counter, after_count, after_start, after_surprise, is_alive
from hub.core.waiting.crowd import Crowd
from hub.core.waiting.estimates import Estimate
from hub.core.waiting.estimating import Pace, paces, queue_length
from hub.core.waiting.facts import (
    Called,
    Counted,
    Drew,
    Entered,
    Fact,
    Left,
    Line,
    Sold,
    Source,
    Staffed,
)
from hub.core.waiting.opening import (
    Register,
    after_sale,
    after_silence,
    after_word,
    chance_open,
    how_many,
)
from hub.core.waiting.services import Service, Services

LEAST_CERTAIN: Final = 0.9
"""A gap between two sales is a service where somebody stepped up at once with this chance."""


class Waiting(NamedTuple):
    """Somebody who waits: when they joined, and what was estimated for them then (ms)."""

    at: int
    mean: float = 0.0
    deviation: float = 0.0
    ticket: str = ""


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
    arrivals: Arrivals = Arrivals()
    counter: Counter = Counter()
    waiting: tuple[Waiting, ...] = ()
    stepped: Stepped | None = None
    agreement: Agreement = Agreement()
    inside: int | None = None
    """Entered less left, where a line has gates or tickets."""


@dataclass(frozen=True, slots=True)
class After:
    """A queue after a fact, and the service that it taught, if any."""

    queue: Queue
    register: Register | None = None
    took: int = 0


def begun(line: Line, at: int) -> Queue:
    """A line of which nothing is known yet."""
    registers = tuple(map(Register, line.registers))
    return Queue(line, at, crowds.empty(0), registers, 0)


def chances(queue: Queue, services: Services) -> tuple[float, ...]:
    """The chance of each register to be open."""
    hour = queue.at // HOUR_MS % 24
    return tuple(
        chance_open(register, services.of(register.point_id, hour), queue.at)
        for register in queue.registers
    )


def advanced(queue: Queue, to: int, services: Services) -> Queue:
    """The same line a while later, in which no fact came."""
    ms = to - queue.at
    if ms <= 0:
        return queue
    alive = is_watched(queue)
    rate = rate_of(queue.arrivals)
    pressed = queue.crowd.at_least(0)
    registers = tuple(after_silence(one, ms, pressed) for one in queue.registers)
    service = _typical(queue, services)
    # people seen at a gate do not come by chance, too: one in fifty passes unseen
    comes = rate * (0.02 if queue.inside is not None else 1.0)
    crowd = crowds.after_time(queue.crowd, ms, comes, 1 / service.mean, queue.open)
    seen = after_arrivals(queue.arrivals, comes * ms, ms) if alive else fading(queue.arrivals, ms)
    later = replace(queue, at=to, registers=registers, crowd=crowd, arrivals=seen)
    return _opened(later if alive else _lined_up(later, services), services)


def is_watched(queue: Queue) -> bool:
    """Whether somebody counts those who wait."""
    return is_alive(queue.counter, queue.at)


def after(queue: Queue, fact: Fact, services: Services) -> After:
    """The line after a fact; one that is older than the line changes nothing."""
    if fact.at < queue.at:
        return After(queue)
    return HANDLERS[type(fact)](advanced(queue, fact.at, services), fact, services)


def _sold(queue: Queue, fact: Sold, services: Services) -> After:
    register = next((one for one in queue.registers if one.point_id == fact.point_id), None)
    if register is None:
        return After(queue)
    took = 0
    if register.sold_at is not None and register.next_at_once >= LEAST_CERTAIN:
        took = fact.at - register.sold_at
    steps_up = queue.crowd.at_least(1)
    moved = after_sale(register, fact.at, steps_up)
    registers = tuple(moved if one is register else one for one in queue.registers)
    queue = _opened(replace(queue, registers=registers), services)
    queue = replace(queue, crowd=crowds.after_sale(queue.crowd, max(1, queue.open)))
    if queue.inside is None:
        queue = _stepped_up(queue, steps_up)
    return After(queue, register, took)


def _counted(queue: Queue, fact: Counted, services: Services) -> After:
    counter = after_count(queue.counter, fact.at, fact.number, fact.source)
    if not is_alive(counter, fact.at):
        return After(replace(queue, counter=counter))
    served = queue.open if queue.line.counts_served else 0
    number, expected = fact.number - served, queue.crowd.waiting
    if queue.counter.at is not None:
        chance = queue.crowd.spread + crowds.EXACT
        counter = after_surprise(counter, (max(0, number) - expected) ** 2, chance)
    crowd = crowds.after_count(queue.crowd, number, counter.noise, -served)
    arrivals = after_arrivals(queue.arrivals, crowd.waiting - expected, 0.0)
    queue = replace(queue, crowd=crowd, counter=counter, arrivals=arrivals)
    return After(_lined_up(queue, services))


def _entered(queue: Queue, fact: Entered | Drew, services: Services) -> After:
    ticket = fact.ticket if isinstance(fact, Drew) else ""
    mean, deviation = _told(queue, services)
    who = Waiting(fact.at, mean, deviation, ticket)
    return After(
        replace(
            queue,
            crowd=crowds.after_arrival(queue.crowd),
            arrivals=after_arrivals(queue.arrivals, 1.0, 0.0),
            inside=(queue.inside or 0) + 1,
            waiting=(*queue.waiting, who)[-crowds.MOST_WAITING :],
        )
    )


def _left(queue: Queue, fact: Left, services: Services) -> After:
    return After(_gone(queue, 1, fact.at, services))


def _called(queue: Queue, fact: Called, services: Services) -> After:
    places = [place for place, one in enumerate(queue.waiting) if one.ticket == fact.ticket]
    if not places:  # nobody drew it, or it was called before
        return After(queue)
    return After(_gone(queue, places[0] + 1, fact.at, services))


def _gone(queue: Queue, people: int, at: int, services: Services) -> Queue:
    """The first so many left the line; the last of them is being served."""
    inside = max(0, (queue.inside or 0) - people)
    skipped = replace(queue, waiting=queue.waiting[people - 1 :], inside=inside)
    stepped = _stepped_up(skipped, 1.0)
    counter = after_count(queue.counter, at, inside, Source.COUNTER)
    crowd = crowds.after_count(queue.crowd, inside, counter.noise)
    return _opened(replace(stepped, counter=counter, crowd=crowd), services)


def _staffed(queue: Queue, fact: Staffed, services: Services) -> After:
    registers = tuple(
        after_word(one, fact.at, is_open=fact.open) if one.point_id == fact.point_id else one
        for one in queue.registers
    )
    return After(_opened(replace(queue, registers=registers), services))


HANDLERS: Final[Mapping[type[Any], Callable[[Queue, Any, Services], After]]] = {
    Sold: _sold,
    Counted: _counted,
    Entered: _entered,
    Left: _left,
    Drew: _entered,
    Called: _called,
    Staffed: _staffed,
}
"""What each fact does."""


def _opened(queue: Queue, services: Services) -> Queue:
    """The crowd reckoned with as many registers as are open by now."""
    number = round(sum(chances(queue, services)))
    if number == queue.open:
        return queue
    counted = is_watched(queue)
    crowd = crowds.after_opening(queue.crowd, queue.open, number, counted=counted)
    return replace(queue, crowd=crowd, open=number)


def _stepped_up(queue: Queue, sure: float) -> Queue:
    """Whoever came first is being served now; the estimate made for them is compared."""
    counter = after_start(queue.counter, sure)
    if sure <= 0.5 or not queue.waiting:
        return replace(queue, counter=counter)
    first, *rest = queue.waiting
    waited = queue.at - first.at
    return replace(
        queue,
        counter=counter,
        waiting=tuple(rest),
        stepped=Stepped(queue.at, waited),
        agreement=compared(queue.agreement, waited, first.mean, first.deviation),
    )


def _lined_up(queue: Queue, services: Services) -> Queue:
    """As many who wait as are thought to: the newest were added, or were none."""
    if queue.inside is not None:
        return queue
    number, have = round(queue.crowd.waiting), len(queue.waiting)
    if number == have:
        return queue
    if number < have:
        return replace(queue, waiting=queue.waiting[:number])
    mean, deviation = _told(queue, services)
    new = (Waiting(queue.at, mean, deviation),) * (number - have)
    return replace(queue, waiting=(*queue.waiting, *new))


def _told(queue: Queue, services: Services) -> tuple[float, float]:
    """What the length of the line says to somebody who joins just now."""
    estimate = by_length(queue, services)
    return estimate.mean, estimate.deviation


def by_length(queue: Queue, services: Services) -> Estimate:
    """The wait of somebody who joins now, from the length of the line."""
    return queue_length(queue.crowd, pace(queue, services), services.square())


def pace(queue: Queue, services: Services) -> tuple[Pace, ...]:
    """How fast the line is served, for each number of registers that may be open."""
    hour = queue.at // HOUR_MS % 24
    known = [services.of(one.point_id, hour) for one in queue.registers]
    open_ = [chance_open(r, s, queue.at) for r, s in zip(queue.registers, known, strict=True)]
    doubt = sum(one.doubt for one in known) / len(known)
    return paces(how_many(open_), open_, [1 / one.mean for one in known], doubt)


def _typical(queue: Queue, services: Services) -> Service:
    return services.of(queue.registers[0].point_id, queue.at // HOUR_MS % 24)
