"""Alerts to be told outward: each raising and each clearing once, in order, by one process."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from hub.adapters.alerts import SqlAlerts
from hub.adapters.archive import SqlArchive
from hub.adapters.layouts import SqlLayouts
from hub.adapters.tables import notices, wait_alerts
from hub.core.accounts import Note
from hub.core.ports import Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Hook, Layout
from hub.core.waiting.outward import GIVEN_UP_MS, AlertKey, Event, pause_ms
from shared.places import PointId, StoreId

CENTRO, NORTE = StoreId("centro-012"), StoreId("norte-007")
LINE = LineId("fila-unica")
HOOK = Hook("https://example.org/alerts", "ab" * 32)
NOW = 1_000_000_000
LINES = (Line(LINE, (PointId("caja-1"),)),)


@pytest.fixture
def alerts(engine: Engine) -> SqlAlerts:
    """The alerts of two stores, of which the first is told outward."""
    for store, hook in ((CENTRO, HOOK), (NORTE, None)):
        SqlArchive(engine).add_store(Store(store, store, "Europe/Madrid"), at=1)
        # a name that looks like what it is not
        layout = Layout(1, LINES, names={LINE: '"hook":{'}, hook=hook)
        SqlLayouts(engine).lay_out(store, layout, 1, Note(1, "ana", "lines laid out", store))
    return SqlAlerts(engine)


def keep(engine: Engine, since: int = NOW, store: StoreId = CENTRO, **change: Any) -> None:
    row = {"store_id": store, "line_id": LINE, "kind": "line_long", "since": since, "registers": 1}
    with engine.begin() as db:
        db.execute(insert(wait_alerts).values({**row, **change}))


def over(engine: Engine, at: int) -> None:
    with engine.begin() as db:
        db.execute(update(wait_alerts).values(until=at))


def events(alerts: SqlAlerts, now: int = NOW) -> list[str]:
    return [one.event.value for one in alerts.due(now)]


def test_a_raised_alert_is_due_at_once_and_once(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine, registers=2)
    [errand] = alerts.due(NOW)
    assert errand.key == AlertKey(CENTRO, LINE, "line_long", NOW)
    assert (errand.event, errand.registers, errand.minutes) == (Event.RAISED, 2, None)
    assert (errand.hook, errand.attempts, errand.until) == (HOOK, 0, None)
    alerts.told(errand, NOW + 5)
    assert not events(alerts)
    with engine.connect() as db:
        row = db.execute(select(wait_alerts)).one()
    assert (row.raising_told_at, row.clearing_told_at, row.attempts) == (NOW + 5, None, 0)


def test_its_clearing_is_told_after_its_raising(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine)
    over(engine, NOW + 50)
    [raised] = alerts.due(NOW + 60)
    assert raised.event is Event.RAISED
    alerts.told(raised, NOW + 61)
    [cleared] = alerts.due(NOW + 62)
    assert (cleared.event, cleared.until) == (Event.CLEARED, NOW + 50)
    alerts.told(cleared, NOW + 63)
    assert not events(alerts, NOW + 64)


def test_a_store_without_a_receiver_is_told_nowhere(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine, store=NORTE)
    assert not events(alerts)


def test_after_an_attempt_it_rests(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine)
    [errand] = alerts.due(NOW)
    assert alerts.claim(errand, NOW)
    assert not events(alerts, NOW + pause_ms(1) - 1)
    [again] = alerts.due(NOW + pause_ms(1))
    assert again.attempts == 1
    assert alerts.claim(again, NOW + pause_ms(1))
    assert not events(alerts, NOW + pause_ms(1) + pause_ms(2) - 1)


def test_of_two_processes_one_sends(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine)
    [ours], [theirs] = alerts.due(NOW), SqlAlerts(engine).due(NOW)
    assert [alerts.claim(ours, NOW), SqlAlerts(engine).claim(theirs, NOW)] == [True, False]
    alerts.told(ours, NOW + 1)
    assert not alerts.claim(theirs, NOW + 1)


def test_what_was_told_begins_anew_for_its_clearing(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine, attempts=5, again_at=NOW - 1)
    [raised] = alerts.due(NOW)
    alerts.told(raised, NOW)
    over(engine, NOW + 1)
    [cleared] = alerts.due(NOW + 2)
    assert (cleared.event, cleared.attempts) == (Event.CLEARED, 0)


def test_an_hour_later_nobody_is_told(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine)
    assert events(alerts, NOW + GIVEN_UP_MS - 1) == ["raised"]
    assert not events(alerts, NOW + GIVEN_UP_MS)
    over(engine, NOW + GIVEN_UP_MS)
    assert events(alerts, NOW + GIVEN_UP_MS + 1) == ["cleared"]
    assert not events(alerts, NOW + 2 * GIVEN_UP_MS)


def test_what_was_never_tried_comes_before_what_failed(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine, NOW - 30, attempts=3, again_at=NOW - 1)
    keep(engine, NOW - 10, kind="register_needed")
    keep(engine, NOW - 20)
    assert [one.key.since for one in alerts.due(NOW)] == [NOW - 20, NOW - 10, NOW - 30]


def test_it_says_what_the_line_told_then(engine: Engine, alerts: SqlAlerts) -> None:
    keep(engine)
    told = {"method": "queue_length", "because": "agrees", "waiting": 1.0, "open": 1.0}
    told |= {"store_id": CENTRO, "line_id": LINE, "quickest": False}
    rows = [{**told, "at": NOW + at, "minutes": at} for at in (-200_000, -9, 9)]
    with engine.begin() as db:
        db.execute(insert(notices), rows[:1])
    assert alerts.due(NOW)[0].minutes is None  # too old to be what it told
    with engine.begin() as db:
        db.execute(insert(notices), rows[1:])
    assert alerts.due(NOW)[0].minutes == -9
