"""A lane for each register, out of which people step over."""

from __future__ import annotations

import pytest

from hub.core.waiting.choosing import Method, choose
from hub.core.waiting.facts import Counted, Line, LineId, Sold
from hub.core.waiting.lanes import choose_lanes
from hub.core.waiting.queue import Queue, begun
from hub.core.waiting.services import Services
from tests.hub.core.waiting.lines import POINTS, START, told

SERVICES = Services()


def lanes(*numbers: int) -> dict[LineId, Queue]:
    """One lane for each, with so many in it, the one being served included."""
    found = dict[LineId, Queue]()
    for place, number in enumerate(numbers):
        line = LineId(f"lane-{place + 1}")
        queue = begun(Line(line, (POINTS[place],), counts_served=True), START)
        found[line] = told(queue, [Sold(START, POINTS[place]), Counted(START + 1, line, number)])
    return found


def test_an_empty_lane_has_no_wait_and_a_long_one_has() -> None:
    found = choose_lanes(lanes(0, 4), SERVICES)
    assert found[LineId("lane-1")].estimate.none > 0.99
    assert found[LineId("lane-2")].estimate.mean > 60_000


def test_uneven_lanes_are_drawn_together_because_people_step_over() -> None:
    queues = lanes(2, 8)
    own = {line: choose(queue, SERVICES).estimate.mean for line, queue in queues.items()}
    found = {line: one.estimate.mean for line, one in choose_lanes(queues, SERVICES).items()}
    short, long = LineId("lane-1"), LineId("lane-2")
    assert own[short] < found[short] < found[long] < own[long]
    none = choose_lanes(queues, SERVICES, drawn=0.0)
    assert {line: one.estimate.mean for line, one in none.items()} == pytest.approx(own)


def test_one_lane_is_its_own() -> None:
    queues = lanes(5)
    (only,) = choose_lanes(queues, SERVICES).values()
    assert only == choose(queues[LineId("lane-1")], SERVICES)


def test_a_closed_lane_takes_no_part() -> None:
    queues = lanes(3, 3)
    closed = LineId("lane-9")
    queues[closed] = begun(Line(closed, (POINTS[3],), counts_served=True), START)
    found = choose_lanes(queues, SERVICES)
    assert found[closed].method is Method.NONE
    both = choose_lanes(lanes(3, 3), SERVICES)
    one = LineId("lane-1")
    assert found[one].estimate.mean == pytest.approx(both[one].estimate.mean)
