"""What the kiosk may expect of a broker: the fake and a real mosquitto behind paho alike."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from hub.adapters.mosquitto import HUB_USER
from kiosk.adapters.broker import BrokerAddress, MqttBroker
from kiosk.core.ports import Broker
from shared.places import kiosk_id, store_id
from shared.topics import RETAINED, Channel, Topic, every
from tests.fakes.broker import Ear, FakeBroker
from tests.parts.mosquitto import RunningBroker, running_broker

STORE, KIOSK = store_id("centro"), kiosk_id("k-1")


class World(Protocol):
    """A broker as the kiosk sees it, and the hub's side of it."""

    @property
    def broker(self) -> Broker: ...

    def send(self, channel: Channel, payload: bytes) -> None: ...
    def await_seen(self, channel: Channel, payload: bytes) -> None: ...
    def cut(self) -> None: ...
    def restore(self) -> None: ...


class FakeWorld:
    def __init__(self) -> None:
        self.broker = FakeBroker()
        self.send = self.broker.send
        self.cut = self.broker.cut
        self.restore = self.broker.restore

    def await_seen(self, channel: Channel, payload: bytes) -> None:
        assert payload in self.broker.seen(channel)


class RealWorld:
    def __init__(self, running: RunningBroker) -> None:
        self._running = running
        address = BrokerAddress(
            running.host, running.port, STORE, KIOSK, running.passwords[KIOSK], keepalive=5
        )
        self.broker = MqttBroker(address)
        self._seen: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._hub = self._new_hub()

    def send(self, channel: Channel, payload: bytes) -> None:
        topic = str(Topic(STORE, KIOSK, channel))
        info = self._hub.publish(topic, payload, 1, channel in RETAINED)
        info.wait_for_publish(5)

    def await_seen(self, channel: Channel, payload: bytes) -> None:
        while self._seen.get(timeout=10) != (str(Topic(STORE, KIOSK, channel)), payload):
            continue

    def cut(self) -> None:
        self._running.kill()

    def restore(self) -> None:
        self.end()
        self._running.start()
        self._hub = self._new_hub()

    def end(self) -> None:
        self._hub.disconnect()
        self._hub.loop_stop()

    def _new_hub(self) -> Client:
        ready: queue.Queue[bool] = queue.Queue()

        def on_subscribe(*_: Any) -> None:
            ready.put(True)

        hub = Client(CallbackAPIVersion.VERSION2, "hub", protocol=MQTTProtocolVersion.MQTTv5)
        hub.username_pw_set(HUB_USER, self._running.hub_password)
        hub.on_message = lambda _c, _d, message: self._seen.put(
            (message.topic, bytes(message.payload))
        )
        hub.on_subscribe = on_subscribe
        hub.connect(self._running.host, self._running.port)
        hub.loop_start()
        hub.subscribe([(every(channel), 1) for channel in (Channel.RECORDS, Channel.STATUS)])
        ready.get(timeout=10)
        return hub


@pytest.fixture(params=["fake", "mosquitto"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "fake":
        yield FakeWorld()
        return
    with running_broker(tmp_path, [KIOSK]) as running:
        real = RealWorld(running)
        try:
            yield real
        finally:
            real.broker.close()
            real.end()


def test_what_is_published_arrives_in_order(world: World) -> None:
    ear = Ear()
    world.broker.connect(ear, b"will")
    ear.wait_for("connected")
    for number in range(10):
        assert world.broker.publish(Channel.RECORDS, b"batch %d" % number)
    for number in range(10):
        world.await_seen(Channel.RECORDS, b"batch %d" % number)


def test_the_hubs_words_are_received_also_those_from_before_the_connection(world: World) -> None:
    world.send(Channel.SETTINGS, b"before")
    ear = Ear()
    world.broker.connect(ear, b"will")
    ear.wait_for("received")
    world.send(Channel.RECEIPT, b"after")
    assert ear.wait_for("received", 2) == [
        (Channel.SETTINGS, b"before"),
        (Channel.RECEIPT, b"after"),
    ]


def test_without_a_connection_publish_says_false_and_nothing_is_queued(world: World) -> None:
    assert not world.broker.publish(Channel.RECORDS, b"too early")
    ear = Ear()
    world.broker.connect(ear, b"will")
    ear.wait_for("connected")
    world.broker.publish(Channel.RECORDS, b"in time")
    world.await_seen(Channel.RECORDS, b"in time")


def test_a_refused_publish_is_told_and_the_connection_stays(world: World) -> None:
    ear = Ear()
    world.broker.connect(ear, b"will")
    ear.wait_for("connected")
    assert world.broker.publish(Channel.RECEIPT, b"forged")
    assert ear.wait_for("refused") == [Channel.RECEIPT]
    assert world.broker.publish(Channel.RECORDS, b"still here")
    world.await_seen(Channel.RECORDS, b"still here")


def test_a_closed_connection_is_told_once_and_takes_nothing_more(world: World) -> None:
    ear = Ear()
    world.broker.connect(ear, b"will")
    ear.wait_for("connected")
    world.broker.close()
    world.broker.close()
    assert not world.broker.publish(Channel.RECORDS, b"late")
    assert len(ear.wait_for("disconnected")) == 1


def test_what_was_published_just_before_the_close_still_leaves(world: World) -> None:
    ear = Ear()
    world.broker.connect(ear, b"will")
    ear.wait_for("connected")
    world.broker.publish(Channel.STATUS, b"goodbye")
    world.broker.close()
    world.await_seen(Channel.STATUS, b"goodbye")


def test_a_broken_line_is_told_once_and_a_new_connection_stands(world: World) -> None:
    first, second, third = Ear(), Ear(), Ear()
    world.broker.connect(first, b"will")
    first.wait_for("connected")
    world.cut()
    assert len(first.wait_for("disconnected")) == 1
    world.broker.connect(second, b"will")
    assert len(second.wait_for("disconnected")) == 1
    assert second.all("connected") == []
    world.restore()
    world.broker.connect(third, b"will")
    third.wait_for("connected")
    assert world.broker.publish(Channel.RECORDS, b"again")
    world.await_seen(Channel.RECORDS, b"again")
    assert len(first.all("disconnected")) == 1


def test_a_second_connect_ends_the_first(world: World) -> None:
    first, second = Ear(), Ear()
    world.broker.connect(first, b"will")
    first.wait_for("connected")
    world.broker.connect(second, b"will")
    second.wait_for("connected")
    assert len(first.wait_for("disconnected")) == 1
    assert second.all("disconnected") == []
