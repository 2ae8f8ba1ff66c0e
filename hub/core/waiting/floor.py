"""All lines of a store: what is heard goes to its line, and what is told comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from hub.core.waiting.arrivals import rate_of
from hub.core.waiting.choosing import Choice, choose
from hub.core.waiting.facts import Fact, Line, LineId, Sold, Staffed
from hub.core.waiting.following import advanced, after
from hub.core.waiting.lanes import choose_lanes
from hub.core.waiting.noticing import Telling, Terms, Withdrawn, kept_back, tell
from hub.core.waiting.queue import Queue, Stepped, begun, expecting, typical
from hub.core.waiting.quickest import Hint, Lane, named, next_hint
from hub.core.waiting.services import Services
from hub.core.waiting.trusting import Fault, Gate, passed
from hub.core.waiting.usual import QUARTER_MS, Seen, Usual
from shared.places import PointId


def utc(_at: int) -> int:
    """The offset of a store that keeps UTC."""
    return 0


@dataclass(frozen=True, slots=True)
class Floor:
    """The lines of a store now; people step over between those of `lanes`."""

    gate: Gate
    queues: Mapping[LineId, Queue]
    services: Services
    usual: Mapping[LineId, Usual]
    quarter: int
    lanes: frozenset[LineId] = frozenset()
    heard_at: int | None = None
    shown: Mapping[LineId, int | None] = field(default_factory=dict)
    wide: frozenset[LineId] = frozenset()
    """Of which nothing is told because it was too wide."""

    hint: Hint | None = None
    learned: Mapping[LineId, Seen] = field(default_factory=dict)
    """What came and how long was watched when this quarter of an hour began."""

    sales: Mapping[LineId, int] = field(default_factory=dict)
    """In this quarter of an hour."""

    offset: Callable[[int], int] = utc
    """How far the store's clocks are ahead of UTC (ms): what is usual is so by its own clocks."""


class Heard(NamedTuple):
    """The floor after a fact, what was wrong with it, and who entered service by it."""

    floor: Floor
    fault: Fault | None = None
    line_id: LineId | None = None
    stepped: Stepped | None = None


class Look(NamedTuple):
    """What each line tells now, and the lane that is named, if any."""

    floor: Floor
    tellings: Mapping[LineId, Telling]
    quickest: LineId | None


def laid_out(
    lines: Iterable[Line],
    at: int,
    lanes: Iterable[LineId] = (),
    services: Services | None = None,
    usual: Mapping[LineId, Usual] | None = None,
    offset: Callable[[int], int] = utc,
) -> Floor:
    """A store's lines, of which nothing is heard yet, with what was learned of them before."""
    queues = {line.line_id: begun(line, at) for line in lines}
    points = frozenset(one.point_id for queue in queues.values() for one in queue.registers)
    known = {line: (usual or {}).get(line, Usual()) for line in queues}
    floor = Floor(
        Gate(frozenset(queues), points), queues, services or Services(), known, at // QUARTER_MS
    )
    return _expecting(replace(floor, lanes=frozenset(lanes), offset=offset))


def heard(floor: Floor, fact: Fact, now: int) -> Heard:
    """A fact that was received `now`; one that is an instant late happened now for its line."""
    gate, let_in, fault = passed(floor.gate, fact, now)
    floor = _turned(replace(floor, gate=gate), now)
    line_id = None if let_in is None else line_of(floor, let_in)
    if let_in is None or line_id is None:
        return Heard(floor, fault)
    before = floor.queues[line_id]
    let_in = let_in._replace(at=max(let_in.at, before.at))
    queue, register, took = _after(before, let_in, floor.services)
    services = floor.services
    if register is not None:
        services = services.learned(register, services.hour(let_in.at), took)
    sales = floor.sales
    if isinstance(let_in, Sold):
        sales = {**sales, line_id: sales.get(line_id, 0) + 1}
    queues = {**floor.queues, line_id: queue}
    later = replace(floor, queues=queues, services=services, sales=sales, heard_at=now)
    stepped = queue.stepped if queue.stepped is not before.stepped else None
    return Heard(later, fault, line_id, stepped)


def line_of(floor: Floor, fact: Fact) -> LineId | None:
    """The line that a fact is about; None where its register stands at none."""
    if not isinstance(fact, Sold | Staffed):
        return fact.line_id
    serves = (line for line, queue in floor.queues.items() if fact.point_id in queue.line.registers)
    return next(serves, None)


def looked(floor: Floor, now: int, terms: Terms, unsure: frozenset[LineId] = frozenset()) -> Look:
    """What is told now; of lines that are `unsure`, nothing."""
    floor = _turned(floor, now)
    queues = {one: advanced(queue, now, floor.services) for one, queue in floor.queues.items()}
    floor = replace(floor, queues=queues)
    tellings = {
        line: tell(
            choice, terms, now, floor.heard_at, floor.shown.get(line), wide=line in floor.wide
        )
        for line, choice in choices(floor).items()
    }
    wide = frozenset(
        line for line, telling in tellings.items() if telling.withdrawn is Withdrawn.WIDE
    )
    tellings |= {line: kept_back(tellings[line]) for line in unsure & tellings.keys()}
    hint = _hint(floor, tellings, now)
    shown = {line: telling.minutes for line, telling in tellings.items()}
    floor = replace(floor, shown=shown, wide=wide, hint=hint)
    return Look(floor, tellings, named(hint, now))


def choices(floor: Floor) -> dict[LineId, Choice]:
    """The estimate of each line."""
    lanes = {line: queue for line, queue in floor.queues.items() if line in floor.lanes}
    found = choose_lanes(lanes, floor.services) if lanes else {}
    return {
        line: found[line] if line in found else choose(queue, floor.services)
        for line, queue in floor.queues.items()
    }


def _hint(floor: Floor, tellings: Mapping[LineId, Telling], now: int) -> Hint | None:
    lanes = {
        line: Lane(tellings[line].choice.estimate, typical(floor.queues[line], floor.services).mean)
        for line in floor.lanes
        if tellings[line].minutes is not None
    }
    arrivals = sum(rate_of(floor.queues[line].arrivals) for line in floor.lanes)
    return next_hint(lanes, arrivals, now, floor.hint)


def _after(queue: Queue, fact: Fact, services: Services) -> tuple[Queue, PointId | None, int]:
    done = after(queue, fact, services)
    taught = done.register is not None and done.took > 0
    return done.queue, done.register.point_id if taught and done.register else None, done.took


def _turned(floor: Floor, now: int) -> Floor:
    """At each quarter of an hour what came is learned, and what is usual is told to the lines."""
    if now // QUARTER_MS <= floor.quarter:
        return floor
    usual = {line: _lesson(floor, line) for line in floor.queues}
    learned = {
        line: Seen(queue.arrivals.total, queue.arrivals.total_ms)
        for line, queue in floor.queues.items()
    }
    turned = replace(floor, usual=usual, learned=learned, sales={}, quarter=now // QUARTER_MS)
    return _expecting(turned)


def _lesson(floor: Floor, line: LineId) -> Usual:
    """Where nobody counted for most of the quarter, sales stand for arrivals."""
    arrivals, before = floor.queues[line].arrivals, floor.learned.get(line, Seen())
    came, ms = arrivals.total - before.came, arrivals.total_ms - before.ms
    if ms < QUARTER_MS / 2:
        came, ms = float(floor.sales.get(line, 0)), float(QUARTER_MS)
    return floor.usual[line].learned(_local(floor), came, ms)


def _expecting(floor: Floor) -> Floor:
    """What is usual now; and by which clocks the hours of services go."""
    at = _local(floor)
    queues = {
        line: expecting(queue, floor.usual[line].rate(at)) for line, queue in floor.queues.items()
    }
    services = floor.services.kept_by(at - floor.quarter * QUARTER_MS)
    return replace(floor, queues=queues, services=services)


def _local(floor: Floor) -> int:
    """When this quarter of an hour began, by the store's own clocks."""
    at = floor.quarter * QUARTER_MS
    return at + floor.offset(at)
