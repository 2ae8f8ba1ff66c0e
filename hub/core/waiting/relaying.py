"""A store's lines laid out anew, while people stand in them: what remains goes on as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hub.core.waiting.floor import Floor, laid_out, utc
from hub.core.waiting.layout import Layout
from hub.core.waiting.lessons import Lessons


def laid(
    layout: Layout, at: int, lessons: Lessons | None = None, offset: Callable[[int], int] = utc
) -> Floor:
    """The floor of this layout, with what was learned there before."""
    known = lessons or Lessons()
    services = replace(known.services, usual=float(layout.usual_ms))
    return laid_out(layout.lines, at, layout.lanes, services, known.usual, offset)


def relaid(floor: Floor, layout: Layout, at: int) -> Floor:
    """The floor of another layout; a line with the same registers never stops."""
    fresh = laid(layout, at, Lessons(floor.services, floor.usual), floor.offset)
    same = {
        line: queue
        for line, queue in floor.queues.items()
        if line in fresh.queues and fresh.queues[line].line == queue.line
    }
    return replace(
        fresh,
        gate=replace(floor.gate, lines=fresh.gate.lines, points=fresh.gate.points),
        queues={**fresh.queues, **same},
        quarter=floor.quarter,
        heard_at=floor.heard_at,
        shown={line: shown for line, shown in floor.shown.items() if line in same},
        learned={line: seen for line, seen in floor.learned.items() if line in same},
        sales={line: sold for line, sold in floor.sales.items() if line in same},
    )
