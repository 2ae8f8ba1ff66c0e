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

from hub import queue as service
from hub.adapters.archive import SqlArchive
from hub.adapters.connection import Login
from hub.adapters.database import reading
from hub.adapters.layouts import SqlLayouts
from hub.adapters.listening import Listening
from hub.adapters.mosquitto import HUB_USER
from hub.adapters.sensors import SqlSensors
from hub.adapters.tables import notices
from hub.adapters.tellings import SqlTellings
from hub.core.accounts import Note
from hub.core.ports import Point, Store
from hub.core.sensing import Sensor
from hub.core.waiting.facts import Counted, Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.noticing import Terms
from shared.notices import Notice, Pulse
from shared.places import KioskId, PointId, SensorId
from shared.sensing import Count
from shared.topics import Channel, Topic
from shared.wire import decode, encode
from tests.fakes.metrics import FakeMetrics
from tests.parts.databases import migrated_sqlite
from tests.parts.hub import wait_until
from tests.parts.mosquitto import CENTRO, RunningBroker, running_broker

KIOSK, POINT, LINE = KioskId("k-1"), PointId("caja-1"), LineId("line-1")
SENSOR = SensorId("door-1")
TERMS = Terms(widest_minutes=60.0)
NOTE = Note(1, "ana", "lines laid out", CENTRO)
ROOM = 12.0
"""Seconds for anything but the second that is promised: the machine may be busy."""


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Glass:
    """What a store says to the broker, and what stands on its kiosk's notice channel."""

    def __init__(self, broker: RunningBroker) -> None:
        self.seen: queue.Queue[tuple[int, Notice | None]] = queue.Queue()
        self._counted_at = 0
        self._kiosk = self._client(broker, KIOSK)
        self._sensor = self._client(broker, SENSOR)

    def sells(self) -> None:
        pulse = encode(Pulse(POINT, now_ms()))
        topic = str(Topic(CENTRO, KIOSK, Channel.PULSE))
        self._kiosk.publish(topic, pulse).wait_for_publish(5)

    def counts(self, number: int) -> None:
        self._counted_at = max(now_ms(), self._counted_at + 1)  # the same twice is a duplicate
        word = encode(Count(LINE, number, self._counted_at))
        topic = str(Topic(CENTRO, KioskId(SENSOR), Channel.COUNT))
        self._sensor.publish(topic, word).wait_for_publish(5)

    def next(self) -> tuple[int, Notice | None]:
        """What came next, and when."""
        return self.seen.get(timeout=ROOM)

    def await_minutes(self, least: int) -> int:
        """When a notice of so many minutes came."""
        while True:
            at, notice = self.next()
            if notice is not None and notice.minutes >= least:
                return at

    def await_nothing(self) -> None:
        """Until what stood there is taken back."""
        while self.next()[1] is not None:
            continue

    def close(self) -> None:
        for client in (self._kiosk, self._sensor):
            client.disconnect()
            client.loop_stop()

    def _client(self, broker: RunningBroker, name: KioskId | SensorId) -> paho.Client:
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name)
        client.username_pw_set(name, broker.passwords[name])
        client.on_connect = self._subscribe
        client.on_message = self._hear
        client.reconnect_delay_set(1, 1)
        client.connect(broker.host, broker.port)
        client.loop_start()
        return client

    def _subscribe(self, client: paho.Client, *_: object) -> None:
        client.subscribe(str(Topic(CENTRO, KIOSK, Channel.NOTICE)), 1)

    def _hear(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        payload = bytes(message.payload)
        self.seen.put((now_ms(), decode(Notice, payload) if payload else None))


class Stage:
    """A store with one register, its kiosk and its counter, and a hub that listens."""

    def __init__(self, engine: Engine, broker: RunningBroker) -> None:
        self.engine, self.broker, self.archive = engine, broker, SqlArchive(engine)
        self.archive.add_store(Store(CENTRO, "Centro", "Europe/Madrid"), 1)
        self.archive.add_point(Point(CENTRO, POINT, "Caja 1"))
        self.archive.enrol_kiosk(KIOSK, CENTRO, 1)
        self.archive.assign(KIOSK, POINT, 1)
        SqlSensors(engine).add(Sensor(SENSOR, CENTRO, "", 1))
        self.lay_out(TERMS)
        self.listening = self.another()
        self.glass = Glass(broker)

    def another(self) -> Listening:
        broker = self.broker
        login = Login(broker.host, broker.port, HUB_USER, broker.hub_password)
        return Listening(login, self.engine, FakeMetrics(), now_ms, lambda _: None)

    def open(self) -> None:
        self.listening.start()
        self.await_listening()

    def await_listening(self) -> None:
        wait_until(self._listens, "the hub listens")

    def lay_out(self, terms: Terms) -> None:
        layout = Layout(1, (Line(LINE, (POINT,)),), terms=terms)
        SqlLayouts(self.engine).lay_out(CENTRO, layout, 1, NOTE)

    def rows(self) -> list[int | None]:
        with reading(self.engine) as db:
            return list(db.scalars(select(notices.c.minutes).order_by(notices.c.at)))

    def close(self) -> None:
        self.glass.close()
        self.listening.stop()

    def _listens(self) -> bool:
        listening = self.listening
        return listening.broker.connected and listening.queues.watches(CENTRO)


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(service, "ROUND", 0.5)
    with (
        running_broker(tmp_path / "mosquitto", [KIOSK]) as broker,
        migrated_sqlite(tmp_path / "hub.db") as engine,
    ):
        broker.enrol_sensor(SENSOR)
        stage = Stage(engine, broker)
        try:
            stage.open()
            yield stage
        finally:
            stage.close()


def test_a_count_changes_the_notice_within_a_second_and_silence_takes_it_back(
    stage: Stage,
) -> None:
    stage.glass.sells()
    stage.glass.counts(2)  # before somebody counts, nobody knows who stands there already
    _, first = stage.glass.next()
    assert first is not None
    began = now_ms()
    stage.glass.counts(4)
    came = stage.glass.await_minutes(first.minutes + 2)
    assert came - began < 1_000
    wait_until(lambda: len(stage.rows()) >= 2, "rows of what was told", ROOM)
    stage.lay_out(Terms(widest_minutes=60.0, silent_seconds=2))
    stage.glass.await_nothing()
    wait_until(lambda: stage.rows()[-1] is None, "a row that it was taken back", ROOM)


def test_what_was_typed_is_told_too(stage: Stage) -> None:
    stage.glass.sells()
    SqlTellings(stage.engine).put(CENTRO, [Counted(now_ms(), LINE, 4)], now_ms())
    stage.glass.await_minutes(4)


def test_a_broker_that_forgot_everything_is_told_again(stage: Stage) -> None:
    stage.glass.sells()
    stage.glass.counts(4)
    stage.glass.await_minutes(4)
    stage.broker.kill()
    wait_until(lambda: not stage.listening.broker.connected, "the broker is gone", ROOM)
    while not stage.glass.seen.empty():
        stage.glass.seen.get()
    stage.broker.start()
    stage.glass.await_minutes(4)


def test_a_kiosk_that_is_retired_keeps_no_notice(stage: Stage) -> None:
    stage.glass.sells()
    stage.glass.counts(4)
    stage.glass.await_minutes(4)
    stage.archive.retire_kiosk(KIOSK, now_ms())
    stage.glass.await_nothing()


def test_who_takes_over_hears_what_was_typed_meanwhile(stage: Stage) -> None:
    first, second = stage.listening, stage.another()
    second.start()
    stage.listening = second  # which the stage closes
    wait_until(lambda: second.turn.standing_by, "it stands by", ROOM)
    assert not second.queues.watches(CENTRO)
    first.stop()
    SqlTellings(stage.engine).put(CENTRO, [Counted(now_ms(), LINE, 4)], now_ms())
    stage.await_listening()
    stage.glass.sells()
    stage.glass.await_minutes(4)


def test_all_threads_are_told_of(stage: Stage) -> None:
    names = "intake", "fleet", "queue", "waits"
    assert stage.listening.threads() == dict.fromkeys(names, True)
