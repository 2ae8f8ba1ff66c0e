"""Alerts and registers of a store: what stands, and what is written of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from hub.core.waiting.alarming import Kind, Limits, State
from hub.core.waiting.book import AlertKey, AlertRow, Rows
from hub.core.waiting.choosing import Because, Choice, Method
from hub.core.waiting.estimates import Estimate, Part
from hub.core.waiting.facts import Fact, LineId, Sold
from hub.core.waiting.floor import Floor, heard, laid_out, looked
from hub.core.waiting.noticing import Telling, Terms, Withdrawn
from hub.core.waiting.queue import chances
from hub.core.waiting.standing import SETTLING_MS, Standing, state_of
from shared.places import StoreId
from tests.hub.core.waiting.lines import LINE, NAME, POINTS, START, rush

CENTRO = StoreId("centro")
BEGINS = [Sold(START + n, point) for n, point in enumerate(POINTS)]
LONG = Choice(Estimate((Part(1.0, 720_000.0, 60_000.0),)), Method.QUEUE_LENGTH, Because.AGREES)
FINE = Choice(Estimate((Part(1.0, 60_000.0, 60_000.0),)), Method.QUEUE_LENGTH, Because.AGREES)
LIMITS = Limits()


def after(facts: Sequence[Fact], floor: Floor | None = None) -> Floor:
    floor = floor or laid_out([LINE], START)
    for fact in facts:
        floor = heard(floor, fact, fact.at).floor
    return floor


def telling(choice: Choice, at: int, withdrawn: Withdrawn | None = None) -> Telling:
    return Telling(at, None if withdrawn else 9, choice, withdrawn)


def look(standing: Standing, floor: Floor, choice: Choice, at: int) -> Rows:
    rows = Rows()
    standing.look(floor, {NAME: telling(choice, at)}, LIMITS, at, rows)
    return rows


def test_a_register_that_sells_is_open_and_one_that_is_silent_in_a_rush_is_closed() -> None:
    standing, rows = Standing(CENTRO, START), Rows()
    floor = after([*BEGINS, *rush(START + 1_000, 120)])
    standing.look(floor, {}, LIMITS, START + 120_000, rows)
    assert not rows.openings, "of no line anything is told"
    rows = look(standing, floor, FINE, START + 120_000)
    assert [(one.point_id, one.open) for one in rows.openings] == [(one, True) for one in POINTS]
    assert not look(standing, floor, FINE, START + 125_000).openings, "it stays so"
    busy = [
        fact for fact in rush(START + 120_000, 900) if getattr(fact, "point_id", "") != POINTS[0]
    ]
    later = looked(after(busy, floor), START + 1_020_000, Terms()).floor
    rows = look(standing, later, FINE, START + 1_020_000)
    assert [(one.point_id, one.open) for one in rows.openings] == [(POINTS[0], False)]


def test_who_just_began_calls_no_register_closed() -> None:
    standing, floor = Standing(CENTRO, START), after([BEGINS[0]])
    assert [one.open for one in look(standing, floor, FINE, START + 5_000).openings] == [True]
    floor = after([BEGINS[0]])
    rows = look(standing, floor, FINE, START + SETTLING_MS)
    assert {one.point_id: one.open for one in rows.openings} == dict.fromkeys(POINTS[1:], False)


def test_an_alert_is_written_when_it_is_raised_and_when_it_is_over() -> None:
    standing, floor = Standing(CENTRO, START), after([*BEGINS, *rush(START + 1_000, 600, 40)])
    raised: dict[AlertKey, AlertRow] = {}
    cleared: dict[AlertKey, AlertRow] = {}
    for at in range(START, START + 120_000, 5_000):
        raised |= look(standing, floor, LONG, at).alerts
    key = AlertKey(CENTRO, NAME, Kind.REGISTER_NEEDED, START + LIMITS.raised_after_ms)
    assert raised[key].until is None
    assert raised[key].registers > 0
    assert standing.alerts[key] == raised[key]
    calm = after(BEGINS)
    for at in range(START + 120_000, START + 300_000, 5_000):
        cleared |= look(standing, calm, FINE, at).alerts
    assert key not in standing.alerts
    assert cleared[key] == AlertRow(
        raised[key].registers, START + 120_000 + LIMITS.cleared_after_ms
    )


def test_an_alert_that_stood_before_a_restart_is_cleared_as_any_other() -> None:
    key = AlertKey(CENTRO, NAME, Kind.LINE_LONG, START - 1)
    standing = Standing(CENTRO, START, {key: AlertRow(0)})
    found: dict[AlertKey, AlertRow] = {}
    for at in range(START, START + 200_000, 5_000):
        found |= look(standing, after(BEGINS), FINE, at).alerts
    assert found == {key: AlertRow(0, START + LIMITS.cleared_after_ms)}


def test_a_line_that_is_gone_has_no_alert_any_more() -> None:
    gone = AlertKey(CENTRO, LineId("gone"), Kind.LINE_LONG, START - 1)
    standing = Standing(CENTRO, START, {gone: AlertRow(0)})
    assert look(standing, after(BEGINS), FINE, START).alerts == {gone: AlertRow(0, START)}
    other = Standing(CENTRO, START, {gone: AlertRow(0)})
    rows = Rows()
    other.clear(START + 7, rows)
    assert rows.alerts == {gone: AlertRow(0, START + 7)}


@pytest.mark.parametrize("withdrawn", [Withdrawn.STALE, Withdrawn.CLOSED])
def test_nobody_waits_where_nothing_is_heard_or_nobody_serves(withdrawn: Withdrawn) -> None:
    floor = after(BEGINS)
    queue = floor.queues[NAME]
    state = state_of(queue, telling(LONG, START, withdrawn), floor.services, (1.0,) * 4)
    assert state == State(START, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_what_is_too_vague_neither_raises_nor_clears() -> None:
    floor = after(BEGINS)
    queue, open_ = floor.queues[NAME], chances(floor.queues[NAME], floor.services)
    blind = Choice(LONG.estimate, Method.SALES, Because.NO_COUNTER)
    assert state_of(queue, telling(blind, START, Withdrawn.WIDE), floor.services, open_) is None
    seen = state_of(queue, telling(LONG, START, Withdrawn.WIDE), floor.services, open_)
    assert seen is not None
    assert seen.wait == pytest.approx(720_000)
