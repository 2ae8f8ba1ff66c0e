"""What each fact changes about a line: a table.

Laws of this page
1. A queue never goes back in time: a fact that is older than what it knows changes nothing.
2. Whoever waits has an instant at which they joined, as near as it can be known: a count that rises
   adds somebody now, whoever steps up is the one who came first.
3. A counter that is not alive is not asked: the crowd goes on from sales and arrivals, and widens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from hub.core.waiting import counters
from hub.core.waiting import crowd as crowds
from hub.core.waiting.agreeing import compared
from hub.core.waiting.arrivals import after_arrivals, fading, rate_of
from hub.core.waiting.counters import (
    after_contradiction,
    after_count,
    after_passing,
    after_start,
    after_surprise,
    confirms,
    is_alive,
)
from hub.core.waiting.facts import Called, Counted, Drew, Entered, Fact, Left, Sold, Staffed
from hub.core.waiting.opening import Register, after_sale, after_silence, after_word
from hub.core.waiting.queue import (
    Queue,
    Stepped,
    Waiting,
    by_length,
    chances,
    is_watched,
    typical,
)
from hub.core.waiting.services import Services

LEAST_CERTAIN: Final = 0.9
"""A gap between two sales is a service where somebody stepped up at once with this chance."""

MOST_AT_ONCE: Final = 3
"""More than a family do not join between two counts: they were there before."""

UNSEEN: Final = 0.02
"""One in fifty passes a gate, or draws no ticket, without being noticed."""


@dataclass(frozen=True, slots=True)
class After:
    """A queue after a fact, and the service that it taught, if any."""

    queue: Queue
    register: Register | None = None
    took: int = 0


def advanced(queue: Queue, to: int, services: Services) -> Queue:
    """The same line a while later, in which no fact came."""
    ms = to - queue.at
    if ms <= 0:
        return queue
    alive = is_watched(queue)
    rate = rate_of(queue.arrivals)
    pressed = queue.crowd.at_least(0)
    registers = tuple(after_silence(one, ms, pressed) for one in queue.registers)
    service = typical(queue, services)
    # people seen at a gate do not come by chance, too
    comes = rate * (UNSEEN if queue.inside is not None else 1.0)
    crowd = crowds.after_time(queue.crowd, ms, comes, 1 / service.mean, queue.open)
    seen = after_arrivals(queue.arrivals, comes * ms, ms) if alive else fading(queue.arrivals, ms)
    counter = counters.after_time(queue.counter, queue.open * ms / service.mean)
    later = replace(queue, at=to, counter=counter, registers=registers, crowd=crowd, arrivals=seen)
    return _opened(later if alive else _lined_up(later, services), services)


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
    crowd = crowds.after_sale(queue.crowd, max(1, queue.open))
    queue = replace(queue, crowd=crowd, counter=counters.after_sale(queue.counter))
    if queue.inside is not None:
        queue = replace(queue, counter=after_start(queue.counter))
    elif steps_up > 0.5:
        queue = _stepped_up(replace(queue, counter=after_start(queue.counter)))
    return After(queue, register, took)


def _counted(queue: Queue, fact: Counted, services: Services) -> After:
    counter = after_count(queue.counter, fact.at, fact.number, fact.source)
    if not is_alive(counter, fact.at):
        return After(replace(queue, counter=counter))
    served = queue.open if queue.line.counts_served else 0
    number = fact.number - served
    if _contradicts(queue, fact, number, served):
        return After(replace(queue, counter=after_contradiction(queue.counter, fact.number)))
    expected, spread = queue.crowd.moments()
    if queue.counter.at is not None:
        missed = (max(0, number) - expected) ** 2
        counter = after_surprise(counter, missed, spread + crowds.EXACT)
    crowd = crowds.after_count(queue.crowd, number, counter.noise, -served)
    arrivals = after_arrivals(queue.arrivals, crowd.waiting - expected, 0.0)
    queue = replace(queue, crowd=crowd, counter=counter, arrivals=arrivals)
    return After(_lined_up(queue, services))


def _contradicts(queue: Queue, fact: Counted, number: int, served: int) -> bool:
    """Whether it cannot be, and is the first that says so; a first count ever may be anything."""
    if queue.counter.at is None or confirms(queue.counter, fact.number):
        return False
    chance = crowds.likelihood(queue.crowd, number, queue.counter.noise, -served)
    return chance < crowds.FAR


def _entered(queue: Queue, fact: Entered | Drew, services: Services) -> After:
    ticket = fact.ticket if isinstance(fact, Drew) else ""
    mean, deviation = _told(queue, services)
    who = Waiting(fact.at, mean, deviation, ticket)
    inside = (queue.inside or 0) + 1
    return After(
        replace(
            queue,
            counter=after_passing(queue.counter, fact.at, inside),
            crowd=crowds.after_arrival(queue.crowd),
            arrivals=after_arrivals(queue.arrivals, 1.0, 0.0),
            inside=inside,
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
    stepped = _stepped_up(skipped)
    counter = after_passing(queue.counter, at, inside)
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


def _stepped_up(queue: Queue) -> Queue:
    """Whoever came first is being served now; the estimate made for them is compared."""
    if not queue.waiting:
        return queue
    first, *rest = queue.waiting
    waited = queue.at - first.at
    if not first.known:
        return replace(queue, waiting=tuple(rest))
    return replace(
        queue,
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
    known = number - have <= MOST_AT_ONCE
    new = (Waiting(queue.at, mean, deviation, known=known),) * (number - have)
    return replace(queue, waiting=(*queue.waiting, *new))


def _told(queue: Queue, services: Services) -> tuple[float, float]:
    """What the length of the line says to somebody who joins just now."""
    estimate = by_length(queue, services)
    return estimate.mean, estimate.deviation
