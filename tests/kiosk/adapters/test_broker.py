"""What only a hostile or half-dead broker does: silence, rubbish, floods, dead threads, no TLS."""

from __future__ import annotations

import gc
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.reasoncodes import ReasonCode

from hub.adapters.mosquitto import HUB_USER
from kiosk.adapters.broker import IN_FLIGHT, BrokerAddress, MqttBroker
from shared.places import kiosk_id, store_id
from shared.topics import Channel, Topic
from shared.wire import LONGEST_MESSAGE
from tests.fakes.broker import Ear
from tests.parts.mosquitto import RunningBroker, running_broker
from tests.parts.ports import free_port

STORE, KIOSK = store_id("centro"), kiosk_id("k-1")

CONNACK = bytes.fromhex("2003000000")
SUBACK = bytes.fromhex("9006000100010101")


class ScriptedBroker:
    """Accepts one connection, answers CONNECT and SUBSCRIBE with `answers`, then only listens."""

    def __init__(self, *answers: bytes, tls: ssl.SSLContext | None = None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._answers = answers
        self._tls = tls
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            line, _ = self._listener.accept()
            with closing(
                self._tls.wrap_socket(line, server_side=True) if self._tls else line
            ) as it:
                it.settimeout(10)
                for answer in self._answers:
                    it.recv(65_536)
                    it.sendall(answer)
                while it.recv(65_536):
                    continue


@pytest.fixture
def ear() -> Ear:
    return Ear()


def address(port: int, password: str = "x", **more: Any) -> BrokerAddress:
    return BrokerAddress("127.0.0.1", port, STORE, KIOSK, password, **more)


@pytest.fixture
def silent() -> Iterator[ScriptedBroker]:
    with closing(ScriptedBroker(CONNACK, SUBACK)) as broker:
        yield broker


def test_no_more_is_taken_than_paho_may_hold(silent: ScriptedBroker, ear: Ear) -> None:
    broker = MqttBroker(address(silent.port))
    broker.connect(ear, b"will")
    ear.wait_for("connected")
    taken = [broker.publish(Channel.RECORDS, b"batch") for _ in range(2 * IN_FLIGHT)]
    assert taken == [True] * IN_FLIGHT + [False] * IN_FLIGHT
    broker.close()


def test_a_broker_that_never_reads_is_left_within_two_seconds(
    silent: ScriptedBroker, ear: Ear
) -> None:
    broker = MqttBroker(address(silent.port))
    broker.connect(ear, b"will")
    ear.wait_for("connected")
    for _ in range(IN_FLIGHT):
        broker.publish(Channel.RECORDS, bytes(LONGEST_MESSAGE))
    begun = time.monotonic()
    broker.close()
    assert time.monotonic() - begun < 2.5
    assert len(ear.wait_for("disconnected")) == 1


def test_a_broker_that_never_answers_can_be_left(ear: Ear) -> None:
    with closing(ScriptedBroker()) as mute:
        broker = MqttBroker(address(mute.port))
        broker.connect(ear, b"will")
        assert not broker.publish(Channel.RECORDS, b"too early")
        broker.close()
        assert len(ear.wait_for("disconnected")) == 1
        assert ear.all("connected") == []


@pytest.mark.parametrize(
    "rubbish", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 64, b"\x20\x00", b"\x00"]
)
def test_rubbish_instead_of_an_answer_ends_the_connection_once(rubbish: bytes, ear: Ear) -> None:
    with closing(ScriptedBroker(rubbish)) as hostile:
        broker = MqttBroker(address(hostile.port, keepalive=5))
        broker.connect(ear, b"will")
        time_out = threading.Timer(1, broker.close)  # what rubbish does not end, the courier does
        time_out.start()
        assert len(ear.wait_for("disconnected")) == 1
        time_out.join()
        broker.close()


def test_nobody_there_is_told_with_the_cause(ear: Ear) -> None:
    MqttBroker(address(free_port())).connect(ear, b"will")
    (why,) = ear.wait_for("disconnected")
    assert "ConnectionRefusedError" in str(why)


def test_a_network_thread_that_dies_is_told(
    silent: ScriptedBroker, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> int:
        return 1  # the thread ends, and no callback tells of it

    broker = MqttBroker(address(silent.port))
    broker.connect(ear, b"will")
    ear.wait_for("connected")
    monkeypatch.setattr(broker._current._client, "_loop", die)  # type: ignore[union-attr]
    assert len(ear.wait_for("disconnected")) == 1
    assert not broker.publish(Channel.RECORDS, b"late")


def test_a_connection_that_ended_leaves_no_open_descriptor() -> None:
    broker = MqttBroker(address(free_port()))
    gc.collect()
    gc.disable()
    try:
        before = open_descriptors()
        for _ in range(10):
            with closing(ScriptedBroker(CONNACK, SUBACK)) as silent:
                broker._address = address(silent.port)
                ear = Ear()
                broker.connect(ear, b"will")
                ear.wait_for("connected")
                broker.close()
                ear.wait_for("disconnected")
        assert open_descriptors() <= before + 2  # those of the last, which is still remembered
    finally:
        gc.enable()


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(tmp_path, [KIOSK]) as broker:
        yield broker


@pytest.fixture
def hub(running: RunningBroker) -> Iterator[Client]:
    client = Client(CallbackAPIVersion.VERSION2, "hub", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(HUB_USER, running.hub_password)
    client.connect(running.host, running.port)
    client.loop_start()
    yield client
    client.disconnect()
    client.loop_stop()


def send(hub: Client, payload: bytes) -> None:
    hub.publish(str(Topic(STORE, KIOSK, Channel.NOTICE)), payload, 1).wait_for_publish(5)


def test_a_wrong_password_is_told_as_such(running: RunningBroker, ear: Ear) -> None:
    MqttBroker(address(running.port, "wrong")).connect(ear, b"will")
    (why,) = ear.wait_for("disconnected")
    assert "refuses this kiosk" in str(why)
    assert ear.all("connected") == []


def test_a_listener_that_fails_costs_neither_connection_nor_the_next_message(
    running: RunningBroker, hub: Client
) -> None:
    class Clumsy(Ear):
        def received(self, channel: Channel, payload: bytes) -> None:
            super().received(channel, payload)
            if payload == b"first":
                raise RuntimeError("a fault of ours")

    ear = Clumsy()
    broker = MqttBroker(address(running.port, running.passwords[KIOSK]))
    broker.connect(ear, b"will")
    ear.wait_for("connected")
    send(hub, b"first")
    send(hub, b"second")
    assert len(ear.wait_for("received", 2)) == 2
    assert ear.all("disconnected") == []
    broker.close()


def test_a_message_longer_than_any_of_ours_is_passed_over(
    running: RunningBroker, hub: Client, ear: Ear
) -> None:
    broker = MqttBroker(address(running.port, running.passwords[KIOSK]))
    broker.connect(ear, b"will")
    ear.wait_for("connected")
    send(hub, bytes(LONGEST_MESSAGE + 1))
    send(hub, b"short")
    assert ear.wait_for("received") == [(Channel.NOTICE, b"short")]
    broker.close()


@pytest.mark.parametrize(
    "topic", ["", "#", "semblante/v1/centro/k-2/receipt", "semblante/v1/centro/k-1/status"]
)
def test_a_message_on_a_topic_not_our_own_is_passed_over(topic: str, ear: Ear) -> None:
    class Message:
        payload = b"{}"

        def __init__(self) -> None:
            self.topic = topic

    broker = MqttBroker(address(free_port()))
    broker.connect(ear, b"will")
    ear.wait_for("disconnected")
    broker._current._on_message(None, None, Message())  # type: ignore[union-attr,arg-type]
    assert ear.all("received") == []


def test_answer_and_publish_find_each_other_in_either_order(
    silent: ScriptedBroker, ear: Ear
) -> None:
    refusal = ReasonCode(PacketTypes.PUBACK, identifier=0x87)  # not authorised
    broker = MqttBroker(address(silent.port))
    broker.connect(ear, b"will")
    ear.wait_for("connected")
    answers = broker._current._answers  # type: ignore[union-attr]
    answers.published(101, Channel.RECORDS)
    answers.answered(101, refusal)
    answers.answered(102, refusal)
    answers.published(102, Channel.PULSE)
    assert ear.all("refused") == [Channel.RECORDS, Channel.PULSE]
    assert not answers._channels
    assert not answers._reasons
    broker.close()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    command += " -subj /CN=broker -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*command.split(), "-keyout", key, "-out", cert], check=True, capture_output=True
    )
    return cert, key


def test_with_a_ca_file_the_line_is_encrypted(certificate: tuple[Path, Path], ear: Ear) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    with closing(ScriptedBroker(CONNACK, SUBACK, tls=tls)) as encrypted:
        broker = MqttBroker(address(encrypted.port, ca_file=str(certificate[0])))
        broker.connect(ear, b"will")
        ear.wait_for("connected")
        broker.close()


def test_a_ca_file_that_holds_no_certificate_is_told(tmp_path: Path, ear: Ear) -> None:
    empty = tmp_path / "ca.pem"
    empty.write_text("no certificate")
    MqttBroker(address(free_port(), ca_file=str(empty))).connect(ear, b"will")
    (why,) = ear.wait_for("disconnected")
    assert "NO_CERTIFICATE" in str(why)


# paho leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broker_that_the_ca_file_does_not_know_is_not_spoken_to(
    certificate: tuple[Path, Path], ear: Ear
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    with closing(ScriptedBroker(CONNACK, SUBACK, tls=tls)) as encrypted:
        everybodys = "/etc/ssl/certs/ca-certificates.crt"  # of the package ca-certificates
        MqttBroker(address(encrypted.port, ca_file=everybodys)).connect(ear, b"will")
        (why,) = ear.wait_for("disconnected")
    assert "CERTIFICATE_VERIFY_FAILED" in str(why)
    assert ear.all("connected") == []
