"""Alerts outward, with the parts as they run: from a row in the database to a real receiver."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update

from hub.adapters.archive import SqlArchive
from hub.adapters.layouts import SqlLayouts
from hub.adapters.messenger import Messenger
from hub.adapters.tables import wait_alerts
from hub.core.accounts import Note
from hub.core.ports import Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Hook, Layout
from hub.core.waiting.outward import signature
from hub.sections import Alerts, Database
from hub.settings import Duty, Settings
from hub.wiring import Hub
from hub.wiring.lines import messenger
from hub.wiring.opening import now_ms
from shared.places import PointId, StoreId
from tests.parts.receiver import PATIENCE, make_certificate, receiving

CENTRO, LINE, KEY = StoreId("centro-012"), LineId("fila-unica"), "0f" * 32
WITHIN_S = 5.0
"""As promised; it takes two and a half at most."""


def lay_out(engine: Engine, address: str) -> None:
    SqlArchive(engine).add_store(Store(CENTRO, "Mercado Centro", "Europe/Madrid"), at=1)
    line = Line(LINE, (PointId("caja-1"),))
    layout = Layout(1, (line,), {LINE: "Fila única"}, hook=Hook(address, KEY))
    SqlLayouts(engine).lay_out(CENTRO, layout, 1, Note(1, "ana", "lines laid out", CENTRO))


def until_told(engine: Engine, column: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        with engine.connect() as db:
            if db.scalar(select(wait_alerts.c[column])) is not None:
                return
        assert time.monotonic() < end
        time.sleep(0.05)  # what another thread commits shows in the database alone


def test_an_alert_is_told_in_time_by_https_and_so_is_its_end(
    engine: Engine, tmp_path: Path
) -> None:
    certificate = make_certificate(tmp_path)
    alerts = Alerts(networks=("127.0.0.0/8", "::1/128"), ca_file=certificate)
    with receiving(certificate) as receiver:
        lay_out(engine, receiver.address)
        part = messenger(Settings(alerts=alerts), engine)
        part.start()
        try:
            began, since = time.monotonic(), now_ms()
            row = {"store_id": CENTRO, "line_id": LINE, "kind": "line_long", "registers": 1}
            with engine.begin() as db:
                db.execute(insert(wait_alerts).values({**row, "since": since}))
            raised = receiver.next()
            assert time.monotonic() - began < WITHIN_S
            assert raised.headers["Semblante-Signature"] == signature(KEY, raised.body)
            until_told(engine, "raising_told_at")
            with engine.begin() as db:
                db.execute(update(wait_alerts).values(until=now_ms()))
            cleared = receiver.next()
            until_told(engine, "clearing_told_at")
        finally:
            part.stop()
    events = [json.loads(came.body)["event"] for came in (raised, cleared)]
    assert events == ["raised", "cleared"]
    assert receiver.arrived.empty()


def test_without_the_setting_nothing_leaves_for_this_machine(engine: Engine) -> None:
    with receiving() as receiver:
        lay_out(engine, receiver.address)
        row = {"store_id": CENTRO, "line_id": LINE, "kind": "line_long", "registers": 1}
        with engine.begin() as db:
            db.execute(insert(wait_alerts).values({**row, "since": now_ms()}))
        part = messenger(Settings(), engine)
        part.look()
        part.stop()  # waits for what is under way
        assert receiver.arrived.empty()
    with engine.connect() as db:
        tried = db.execute(select(wait_alerts)).one()
    assert (tried.attempts, tried.raising_told_at) == (1, None)


@pytest.mark.parametrize(("duty", "tells"), [(Duty.JOBS, 1), (Duty.WEB, 0)])
def test_a_process_with_the_role_jobs_tells_alerts(tmp_path: Path, duty: Duty, tells: int) -> None:
    database = Database(url=f"sqlite:///{tmp_path}/hub.db")
    hub = Hub(Settings(roles=frozenset({duty}), database=database))
    try:
        assert sum(isinstance(part, Messenger) for part in hub._parts) == tells
    finally:
        hub.close()
