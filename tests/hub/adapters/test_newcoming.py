"""Before a device joins, nothing unsigned stands at the broker for it; on a real mosquitto."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters import attendant
from hub.adapters.connection import Login
from hub.adapters.listening import Listening
from hub.adapters.mosquitto import HUB_USER
from hub.adapters.orders import SqlOrders
from hub.adapters.programmes import SqlProgrammes
from hub.core.fleet import KioskKey
from hub.orders import Orders
from shared.commands import Command, Order
from shared.errors import SignatureRefused
from shared.notices import Notice
from shared.signing import SignedMessage, read_signed
from shared.topics import DOWNWARD, Channel, Topic
from shared.wire import decode, encode
from tests.fakes.metrics import FakeMetrics
from tests.hub.test_identity import CAJA, CENTRO, K1, Scene
from tests.parts.databases import migrated_sqlite
from tests.parts.devices import Device
from tests.parts.hub import wait_until
from tests.parts.mosquitto import RunningBroker, running_broker

OLD = {
    Channel.RECEIPT: b'{"a receipt": "of long ago"}',
    Channel.SETTINGS: b'{"settings": "of long ago"}',
    Channel.NOTICE: encode(Notice(3, 1, 60)),
    Channel.COMMAND: encode(Command("ab" * 8, Order.REBOOT, 1)),
}


K1_KEY = KioskKey(CENTRO, K1)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def client(broker: RunningBroker, name: str) -> paho.Client:
    made = paho.Client(CallbackAPIVersion.VERSION2, name)
    made.username_pw_set(name, broker.passwords[name])
    made.connect(broker.host, broker.port)
    made.loop_start()
    return made


def topic(channel: Channel) -> str:
    return str(Topic(CENTRO, K1, channel))


class Standing:
    """What the broker keeps for the kiosk; seen through the eyes that it had before it joined."""

    def __init__(self, broker: RunningBroker) -> None:
        self._kept: dict[str, bytes] = {}
        self._client = client(broker, K1)
        self._client.on_message = self._hear
        self._client.subscribe([(topic(channel), 1) for channel in DOWNWARD])

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def all(self) -> dict[Channel, bytes]:
        kept = dict(self._kept)
        return {channel: kept[topic(channel)] for channel in DOWNWARD if kept.get(topic(channel))}

    def signed(self, channel: Channel) -> SignedMessage | None:
        try:
            return read_signed(self.all().get(channel, b""))
        except SignatureRefused:
            return None

    def command(self) -> str:
        signed = self.signed(Channel.COMMAND)
        return "" if signed is None else decode(Command, signed.body).id

    def serial(self) -> int:
        signed = self.signed(Channel.SETTINGS)
        return 0 if signed is None else signed.serial

    def _hear(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        self._kept[message.topic] = bytes(message.payload)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    """It keeps what a hub without keys said last."""
    with running_broker(tmp_path / "mosquitto", [K1]) as broker:
        saying = client(broker, HUB_USER)
        for channel, payload in OLD.items():
            saying.publish(topic(channel), payload, 1, retain=True).wait_for_publish(5)
        saying.disconnect()
        saying.loop_stop()
        yield broker


@pytest.fixture
def standing(broker: RunningBroker) -> Iterator[Standing]:
    standing = Standing(broker)
    wait_until(lambda: standing.all() == OLD, "all that is of old")
    yield standing
    standing.close()


@pytest.mark.assertion("SEM-SIG-005")
def test_what_was_said_unsigned_is_gone_or_signed_before_a_device_joins(
    broker: RunningBroker, standing: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendant, "ROUND_SECONDS", 0.3)
    with migrated_sqlite(tmp_path / "hub.db") as engine:
        scene = Scene(engine, tmp_path / "authority")
        scene.now = now_ms()
        scene.archive.enrol_kiosk(K1, CENTRO, 1)
        scene.archive.assign(K1, CAJA, 1)
        SqlProgrammes(engine).change(CENTRO, lambda programme: programme, 1)
        login = Login(broker.host, broker.port, HUB_USER, broker.hub_password)
        meter, keys = FakeMetrics(), scene.authority
        listening = Listening(login, engine, meter, now_ms, lambda _: None, keys=keys)
        listening.start()
        try:
            wait_until(lambda: standing.serial() > 0, "the settings are signed")
            assert standing.all()[Channel.NOTICE] == OLD[Channel.NOTICE], "nobody takes it back"
            (wish,) = Orders(SqlOrders(engine), now_ms).send([K1_KEY], Order.REBOOT, "ana")
            code = scene.code()
            wait_until(lambda: Channel.NOTICE not in standing.all(), "it is taken back")
            wait_until(lambda: standing.command() == wish, "what it shall do stands there")
            assert set(standing.all()) == {Channel.SETTINGS, Channel.COMMAND}
            serial = standing.serial()
            scene.join(code, Device())
            wait_until(lambda: standing.serial() > serial, "told anew at the join")
        finally:
            listening.stop()
