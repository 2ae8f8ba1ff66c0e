"""The hub's line to a real mosquitto."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters import broker as broker_module
from hub.adapters.broker import Broker
from hub.adapters.connection import UNDER_WAY, Ears, Login
from hub.adapters.inbox import Letter
from hub.core.measures import CONNECTED, CONNECTIONS, OVERFLOWS, REFUSED_PUBLISHES
from shared.topics import Channel
from tests.fakes.metrics import FakeMetrics
from tests.parts.hub import wait_until
from tests.parts.mosquitto import RunningBroker, running_broker
from tests.parts.ports import free_port

pytestmark = pytest.mark.journey

SOON = 15.0


def topic(channel: Channel) -> str:
    return f"semblante/v1/centro/k-1/{channel.value}"


class Listener:
    """A hub's broker, and what it heard."""

    def __init__(self, login: Login) -> None:
        self.records: queue.Queue[Letter] = queue.Queue()
        self.others: queue.Queue[Letter] = queue.Queue()
        self.metrics = FakeMetrics()
        self.greetings = 0
        self.full = threading.Event()
        ears = Ears(self._record, self.others.put, self._greeted, lambda _: not self.full.is_set())
        self.broker = Broker(login, ears, self.metrics, draw=lambda: 0.1)

    def _record(self, letter: Letter) -> bool:
        if letter.payload == b"trap":
            raise RuntimeError("a fault of ours")
        if self.full.is_set():
            return False
        self.records.put(letter)
        return True

    def _greeted(self) -> None:
        self.greetings += 1

    def wait_for_connection(self, number: int = 1) -> None:
        wait_until(lambda: self.metrics.counted[CONNECTIONS, ""] >= number, "a connection")

    def payloads(self, many: int) -> list[bytes]:
        return [self.records.get(timeout=SOON).payload for _ in range(many)]


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[RunningBroker]:
    """One for each test: a user has one session at a broker, whatever client id is given."""
    with running_broker(tmp_path / "mosquitto", ["k-1"]) as broker:
        yield broker


Listen = Callable[..., Listener]


@pytest.fixture
def login(mosquitto: RunningBroker) -> Login:
    return Login(mosquitto.host, mosquitto.port, "hub", mosquitto.hub_password)


@contextmanager
def listening(login: Login) -> Iterator[Listener]:
    listener = Listener(login)
    listener.broker.start()
    try:
        yield listener
    finally:
        listener.broker.stop()


@pytest.fixture
def listener(login: Login) -> Iterator[Listener]:
    with listening(login) as listener:
        listener.wait_for_connection()
        yield listener


@pytest.fixture
def say(mosquitto: RunningBroker) -> Iterator[Callable[..., None]]:
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("k-1", mosquitto.passwords["k-1"])
    client.connect(mosquitto.host, mosquitto.port)
    client.loop_start()

    def publish(*payloads: bytes, channel: Channel = Channel.RECORDS, retain: bool = False) -> None:
        for payload in payloads:
            client.publish(topic(channel), payload, 1, retain).wait_for_publish(SOON)

    yield publish
    client.disconnect()
    client.loop_stop()


def test_it_hears_records_statuses_and_pulses_each_at_its_door(
    listener: Listener, say: Callable[..., None]
) -> None:
    say(b"r")
    say(b"s", channel=Channel.STATUS)
    say(b"p", channel=Channel.PULSE)
    assert listener.payloads(1) == [b"r"]
    assert {listener.others.get(timeout=SOON).payload for _ in range(2)} == {b"s", b"p"}
    assert listener.broker.connected
    assert listener.metrics.gauges[CONNECTED] == 1


def test_whose_turn_ends_leaves_the_broker_at_once_and_comes_back_with_it(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener.broker, "_ours", lambda: False)
    wait_until(lambda: not listener.broker.connected, "it has left", SOON)
    monkeypatch.undo()
    listener.wait_for_connection(2)


def test_what_was_not_acknowledged_comes_again_and_what_was_does_not(
    login: Login, say: Callable[..., None]
) -> None:
    with listening(login) as first:
        first.wait_for_connection()
        say(b"1", b"2", b"3")
        letters = [first.records.get(timeout=SOON) for _ in range(3)]
        letters[0].line.acknowledge(letters[0].mid)
    with listening(login) as second:
        say(b"4")
        assert second.payloads(3) == [b"2", b"3", b"4"]


def test_what_came_while_it_was_away_is_waiting_for_it(
    login: Login, say: Callable[..., None]
) -> None:
    with listening(login) as first:
        first.wait_for_connection()
    say(b"1", b"2")
    with listening(login) as second:
        assert second.payloads(2) == [b"1", b"2"]


def test_without_acknowledgement_no_more_comes_than_was_agreed(
    listener: Listener, say: Callable[..., None]
) -> None:
    say(*[b"x"] * (UNDER_WAY + 20))
    listener.payloads(UNDER_WAY)
    with pytest.raises(queue.Empty):
        listener.records.get(timeout=0.3)


def test_an_old_letter_is_not_acknowledged_on_a_new_connection(
    login: Login, say: Callable[..., None], mosquitto: RunningBroker
) -> None:
    with listening(login) as listener:
        listener.wait_for_connection()
        say(b"1")
        old = listener.records.get(timeout=SOON)
        with listening(login):  # the same session: it pushes the first one off
            wait_until(lambda: listener.metrics.gauges[CONNECTED] == 0, "pushed off")
        listener.wait_for_connection(2)
        again = listener.records.get(timeout=SOON)
        old.line.acknowledge(old.mid)
        assert again.payload == b"1"
        assert again.line is not old.line


def test_a_fault_of_ours_in_a_callback_ends_nothing(
    listener: Listener, say: Callable[..., None]
) -> None:
    say(b"trap", b"after")
    assert listener.payloads(1) == [b"after"]


def test_where_no_room_comes_the_connection_is_given_up_and_all_comes_again(
    listener: Listener, say: Callable[..., None]
) -> None:
    listener.full.set()
    say(b"1", b"2")
    wait_until(lambda: not listener.broker.connected, "the connection is given up")
    assert listener.metrics.counted[OVERFLOWS, ""] == 1
    listener.full.clear()
    assert listener.payloads(2) == [b"1", b"2"]


def test_it_publishes_retained_and_says_where_it_cannot(
    listener: Listener, mosquitto: RunningBroker
) -> None:
    assert listener.broker.publish(topic(Channel.RECEIPT), b"receipt")
    heard: queue.Queue[bytes] = queue.Queue()
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("k-1", mosquitto.passwords["k-1"])
    client.on_message = lambda _c, _u, message: heard.put(bytes(message.payload))
    client.connect(mosquitto.host, mosquitto.port)
    client.subscribe(topic(Channel.RECEIPT), 1)
    client.loop_start()
    assert heard.get(timeout=SOON) == b"receipt"
    client.disconnect()
    client.loop_stop()
    listener.broker.stop()
    assert not listener.broker.publish(topic(Channel.RECEIPT), b"receipt")


def test_a_publish_that_the_broker_refuses_is_no_success(listener: Listener) -> None:
    listener.broker.publish("elsewhere/v1/centro/k-1/receipt", b"the hub may not write there")
    wait_until(lambda: listener.metrics.counted[REFUSED_PUBLISHES, ""] == 1, "the refusal")


def test_records_that_somebody_had_retained_are_not_sent_again_at_every_connection(
    login: Login, say: Callable[..., None]
) -> None:
    say(b"kept by the broker", retain=True)
    with listening(login) as listener:
        listener.wait_for_connection()
        say(b"new")
        assert listener.payloads(1) == [b"new"]
    say(b"", retain=True)


def test_a_wrong_password_is_tried_again_and_never_a_connection(mosquitto: RunningBroker) -> None:
    login = Login(mosquitto.host, mosquitto.port, "hub", "wrong", "hub-wrong")
    with listening(login) as listener:
        wait_until(lambda: listener.metrics.gauges.get(CONNECTED) == 0, "refused")
        assert not listener.broker.connected


def test_nobody_at_the_address_is_waited_for_and_a_stop_is_heard(mosquitto: RunningBroker) -> None:
    login = Login(mosquitto.host, free_port(), "hub", "x", "hub-nobody")
    with listening(login) as listener:
        assert not listener.broker.publish("t", b"")
    assert not listener.broker.connected


def test_a_line_that_swallows_every_word_is_left_after_a_few_seconds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(broker_module, "ANSWER_S", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(SOON)
        listener = Listener(Login("127.0.0.1", silent.getsockname()[1], "hub", "secret"))
        listener.broker.start()
        try:
            lines = [silent.accept()[0] for _ in range(3)]
        finally:
            listener.broker.stop()
    for line in lines:
        line.close()
    assert not listener.greetings


def test_a_broker_that_was_killed_is_found_again(tmp_path: Path) -> None:
    with running_broker(tmp_path) as mosquitto:
        login = Login(mosquitto.host, mosquitto.port, "hub", mosquitto.hub_password)
        with listening(login) as listener:
            listener.wait_for_connection()
            mosquitto.kill()
            wait_until(lambda: not listener.broker.connected, "the loss")
            mosquitto.start()
            listener.wait_for_connection(2)
            wait_until(lambda: listener.greetings == 2, "who greets is told a moment after")
