"""A kiosk leaves: nothing of it stays at the broker, and nothing it holds is lost silently."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.core.ports import Point
from shared.errors import EnrolmentError
from shared.places import KioskId
from shared.topics import Channel, Topic, read_topic
from shared.wire import encode_record
from tests.fakes.kiosk import NOON, anchor
from tests.parts.hub import POINT, STORE, HubProcess, StrangersKiosk, running_hub, wait_until
from tests.parts.mosquitto import RunningBroker

pytestmark = pytest.mark.journey

GONE, STAYS = KioskId("k-1"), KioskId("k-2")
Running = tuple[RunningBroker, HubProcess]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with running_hub(tmp_path) as both:
        yield both


def kiosk_at(running: Running, name: KioskId) -> StrangersKiosk:
    broker, hub = running
    kiosk = StrangersKiosk(broker, name, hub.office.enrol(name, STORE, POINT).password)
    kiosk.keep(encode_record(anchor(1_000, NOON)))
    kiosk.connect()
    kiosk.send_until(1)
    wait_until(lambda: kiosk.settings is not None, "settings")
    return kiosk


def kept_words(broker: RunningBroker) -> set[Topic]:
    """What the broker keeps of all kiosks; the hub must be away, for we come in its name."""
    heard: list[paho.MQTTMessage] = []
    last = threading.Event()

    def hear(_c: object, _u: object, message: paho.MQTTMessage) -> None:
        heard.append(message)
        if message.payload == b"after everything kept":
            last.set()

    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set("hub", broker.hub_password)
    client.on_message = hear
    client.connect(broker.host, broker.port)
    client.loop_start()
    client.subscribe("semblante/v1/#", 1)
    client.publish(str(Topic(STORE, STAYS, Channel.NOTICE)), b"after everything kept", 1)
    assert last.wait(10)
    client.disconnect()
    client.loop_stop()
    return {read_topic(message.topic) for message in heard if message.retain and message.payload}


def wait_for_another_round(hub: HubProcess, stays: StrangersKiosk) -> None:
    """Until the hub has looked around once more: it clears before it tells new settings."""
    assert stays.settings is not None
    serial = stays.settings.serial
    hub.office.registry.add_point(Point(STORE, POINT, "Caja Uno"))
    wait_until(lambda: stays.settings is not None and stays.settings.serial > serial, "a round")


@pytest.mark.assertion("SEM-TOP-005")
def test_nothing_of_a_retired_kiosk_stays_at_the_broker_and_the_others_stay_as_they_are(
    running: Running,
) -> None:
    broker, hub = running
    gone, stays = kiosk_at(running, GONE), kiosk_at(running, STAYS)
    gone.say(b"left behind", Channel.PULSE)
    hub.office.retire(GONE, force=True)
    wait_for_another_round(hub, stays)
    hub.program.stop()
    words = kept_words(broker)
    assert {topic.kiosk_id for topic in words} == {STAYS}
    assert {Channel.STATUS, Channel.RECEIPT, Channel.SETTINGS} <= {one.channel for one in words}
    gone.close()
    stays.close()


def test_a_hub_that_was_away_clears_up_when_it_comes_back(running: Running) -> None:
    broker, hub = running
    gone, stays = kiosk_at(running, GONE), kiosk_at(running, STAYS)
    hub.program.stop()
    hub.office.retire(GONE, force=True)
    assert GONE in {topic.kiosk_id for topic in kept_words(broker)}
    hub.start()
    wait_for_another_round(hub, stays)
    hub.program.stop()
    assert {topic.kiosk_id for topic in kept_words(broker)} == {STAYS}
    gone.close()
    stays.close()


def test_a_kiosk_with_answers_that_have_not_come_is_not_retired_silently(running: Running) -> None:
    _broker, hub = running
    kiosk = kiosk_at(running, GONE)
    wait_until(lambda: is_online(hub), "online")
    kiosk.pull_the_plug()
    wait_until(lambda: not is_online(hub), "its will")
    with pytest.raises(EnrolmentError):
        hub.office.retire(GONE)
    kiosk.connect()
    wait_until(lambda: is_online(hub), "online again")
    hub.office.retire(GONE)
    kiosk.close()


def is_online(hub: HubProcess) -> bool:
    left = hub.office.fleet.remainder(GONE)
    return left is not None and left.why is None
