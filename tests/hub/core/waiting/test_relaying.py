"""A layout that changes: what remains goes on, what is new begins with what was learned."""

from __future__ import annotations

from dataclasses import replace

from hub.core.waiting.facts import Counted, Line, LineId, Sold
from hub.core.waiting.floor import Floor, heard
from hub.core.waiting.layout import Layout
from hub.core.waiting.lessons import lessons_of
from hub.core.waiting.relaying import laid, relaid
from hub.core.waiting.trusting import Fault
from shared.places import PointId
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START, rush

SELF = Line(LineId("self"), (PointId("auto-1"),))
WHOLE = Layout(1, (LINE,), usual_ms=70_000)


def busy() -> Floor:
    floor = laid(WHOLE, START)
    begins = [Sold(START + n, point) for n, point in enumerate(POINTS)]
    for fact in [*begins, *rush(START + 1_000, 600)]:
        floor = heard(floor, fact, fact.at).floor
    return floor


def test_a_floor_begins_with_what_a_service_usually_takes_and_what_was_learned() -> None:
    assert laid(WHOLE, START).services.usual == 70_000
    again = laid(WHOLE, START, lessons_of(busy()))
    assert again.services.sums == busy().services.sums
    assert again.heard_at is None


def test_a_line_that_remains_does_not_stop_where_another_is_added() -> None:
    floor = busy()
    more = relaid(floor, replace(WHOLE, lines=(LINE, SELF), usual_ms=60_000), START + 602_000)
    assert more.queues[NAME] is floor.queues[NAME]
    assert more.heard_at == floor.heard_at
    assert (more.services.sums, more.services.usual) == (floor.services.sums, 60_000)
    assert heard(more, Counted(START + 602_000, SELF.line_id, 2), START + 602_000).fault is None
    sold = [fact for fact in rush(START + 1_000, 600) if isinstance(fact, Sold)]
    assert heard(more, sold[-1], START + 602_000).fault is Fault.DUPLICATE, "it is remembered"


def test_a_line_with_other_registers_begins_anew_with_what_was_learned_of_them() -> None:
    floor = busy()
    fewer = Line(NAME, POINTS[:3])
    less = relaid(floor, replace(WHOLE, lines=(fewer,)), START + 602_000)
    assert less.queues[NAME].line == fewer
    assert not less.queues[NAME].waiting
    assert less.usual == floor.usual
    assert less.shown == {}
    assert heard(less, Sold(START + 602_000, POINTS[3]), START + 602_000).fault is not None
