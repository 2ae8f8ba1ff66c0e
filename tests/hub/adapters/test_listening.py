"""The role intake on a real mosquitto: what a store tells stands on its kiosk within a second."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine, select

from hub.adapters.archive import SqlArchive
from hub.adapters.connection import Login
from hub.adapters.database import reading
from hub.adapters.layouts import SqlLayouts
from hub.adapters.listening import Listening
from hub.adapters.mosquitto import HUB_USER
from hub.adapters.tables import notices
from hub.adapters.tellings import SqlTellings
from hub.core.accounts import Note
from hub.core.ports import Point, Store
from hub.core.waiting.facts import Counted, Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.noticing import Terms
from shared.notices import Notice, Pulse
from shared.places import KioskId, PointId
from shared.topics import Channel, Topic
from shared.wire import decode, encode
from tests.fakes.metrics import FakeMetrics
from tests.parts.databases import migrated_sqlite
from tests.parts.hub import wait_until
from tests.parts.mosquitto import CENTRO, RunningBroker, running_broker

KIOSK, POINT, LINE = KioskId("k-1"), PointId("caja-1"), LineId("line-1")
NOTE = Note(1, "ana", "lines laid out", CENTRO)
ROOM = 12.0
"""Seconds for anything but the second that is promised: the machine may be busy."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Glass:
    """The kiosk's side of the broker: tells sales, and sees what stands on its notice channel."""

    def __init__(self, broker: RunningBroker) -> None:
        self.seen: queue.Queue[Notice | None] = queue.Queue()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=KIOSK)
        self._client.username_pw_set(KIOSK, broker.passwords[KIOSK])
        self._client.on_connect = self._subscribe
        self._client.on_message = self._hear
        self._client.connect(broker.host, broker.port)
        self._client.loop_start()

    def sells(self) -> None:
        pulse = encode(Pulse(POINT, now_ms()))
        self._client.publish(str(Topic(CENTRO, KIOSK, Channel.PULSE)), pulse).wait_for_publish(5)

    def next(self) -> Notice | None:
        return self.seen.get(timeout=ROOM)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _subscribe(self, client: paho.Client, *_: object) -> None:
        client.subscribe(str(Topic(CENTRO, KIOSK, Channel.NOTICE)), 1)

    def _hear(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        payload = bytes(message.payload)
        self.seen.put(decode(Notice, payload) if payload else None)


class Stage:
    """A store with one register, its kiosk, and a hub that listens."""

    def __init__(self, engine: Engine, broker: RunningBroker) -> None:
        self.engine = engine
        archive = SqlArchive(engine)
        archive.add_store(Store(CENTRO, "Centro", "Europe/Madrid"), 1)
        archive.add_point(Point(CENTRO, POINT, "Caja 1"))
        archive.enrol_kiosk(KIOSK, CENTRO, 1)
        archive.assign(KIOSK, POINT, 1)
        self.lay_out(Terms(widest_minutes=60.0))
        login = Login(broker.host, broker.port, HUB_USER, broker.hub_password)
        self.listening = Listening(login, engine, FakeMetrics(), now_ms, lambda _: None)
        self.glass = Glass(broker)

    def open(self) -> None:
        self.listening.start()
        wait_until(self._listens, "the hub listens")

    def _listens(self) -> bool:
        return self.listening.broker.connected and self.listening.queues.watches(CENTRO)

    def lay_out(self, terms: Terms) -> None:
        layout = Layout(1, (Line(LINE, (POINT,)),), terms=terms)
        SqlLayouts(self.engine).lay_out(CENTRO, layout, 1, NOTE)

    def count(self, number: int) -> None:
        SqlTellings(self.engine).put(CENTRO, [Counted(now_ms(), LINE, number)], now_ms())

    def close(self) -> None:
        self.glass.close()
        self.listening.stop()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with (
        running_broker(tmp_path / "mosquitto", [KIOSK]) as broker,
        migrated_sqlite(tmp_path / "hub.db") as engine,
    ):
        stage = Stage(engine, broker)
        try:
            stage.open()
            yield stage
        finally:
            stage.close()


def test_a_sale_and_a_count_become_a_notice_and_a_row(stage: Stage) -> None:
    stage.glass.sells()
    stage.count(4)
    notice = stage.glass.next()
    while notice is None or notice.minutes < 2:
        notice = stage.glass.next()
    wait_until(lambda: notice.minutes in rows(stage.engine), "a row of what was told", ROOM)


def rows(engine: Engine) -> list[int | None]:
    with reading(engine) as db:
        return [row.minutes for row in db.execute(select(notices).order_by(notices.c.at))]
