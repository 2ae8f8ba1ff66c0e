"""The broker's files, judged by a real mosquitto."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.mosquitto import BrokerFiles
from shared.errors import BrokerError
from shared.places import KioskId, SensorId, StoreId
from shared.topics import DOWNWARD, SENSING, UPWARD
from tests.parts.mosquitto import RunningBroker, running_broker

pytestmark = pytest.mark.journey

CENTRO, NORTE = StoreId("centro"), StoreId("norte")
DOOR = SensorId("door-1")


class Person:
    """A client that notes what the broker says to it."""

    def __init__(
        self, broker: RunningBroker, name: str, password: str | None, client_id: str = ""
    ) -> None:
        self.connected: list[str] = []
        self.published: list[str] = []
        self.subscribed: list[str] = []
        self.heard: list[tuple[str, bytes]] = []
        self._news = threading.Condition()
        self.client = paho.Client(CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5)
        if password is not None:
            self.client.username_pw_set(name, password)
        self.client.on_connect = lambda *a: self._note(self.connected, str(a[3]))
        self.client.on_publish = lambda *a: self._note(self.published, str(a[3]))
        self.client.on_subscribe = lambda *a: self._note(self.subscribed, str(a[3][0]))
        self.client.on_message = lambda *a: self._note(self.heard, (a[2].topic, a[2].payload))
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()
        self.wait(lambda: bool(self.connected))

    def _note(self, where: list, what: object) -> None:  # type: ignore[type-arg]
        with self._news:
            where.append(what)
            self._news.notify_all()

    def wait(self, until) -> None:  # type: ignore[no-untyped-def]
        with self._news:
            assert self._news.wait_for(until, timeout=5), (self.connected, self.published)

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> str:
        before = len(self.published)
        self.client.publish(topic, payload, qos=1, retain=retain)
        self.wait(lambda: len(self.published) > before)
        return self.published[-1]

    def subscribe(self, topic: str) -> None:
        before = len(self.subscribed)
        self.client.subscribe(topic, qos=1)
        self.wait(lambda: len(self.subscribed) > before)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(tmp_path / "broker", ["k-1", "k-2"]) as running:
        yield running


@pytest.mark.assertion("SEM-TOP-002")
@pytest.mark.assertion("SEM-TOP-004")
def test_nobody_connects_without_a_password_or_with_a_wrong_one(broker: RunningBroker) -> None:
    for name, password in (("k-1", None), ("k-1", "guess"), ("nobody", "guess")):
        person = Person(broker, name, password)
        assert person.connected == ["Not authorized"], (name, password)
        person.close()


@pytest.mark.assertion("SEM-TOP-003")
def test_a_kiosk_writes_its_own_records_and_nobody_elses(broker: RunningBroker) -> None:
    hub = Person(broker, "hub", broker.hub_password)
    hub.subscribe("semblante/v1/+/+/records")
    kiosk = Person(broker, "k-1", broker.passwords["k-1"])
    assert kiosk.publish("semblante/v1/centro/k-2/records", b"forged") == "Not authorized"
    assert kiosk.publish("semblante/v1/centro/k-1/receipt", b"forged") == "Not authorized"
    assert kiosk.publish("semblante/v1/centro/k-1/records", b"mine") == "Success"
    hub.wait(lambda: bool(hub.heard))
    assert hub.heard == [("semblante/v1/centro/k-1/records", b"mine")]
    kiosk.close()
    hub.close()


@pytest.mark.assertion("SEM-TOP-003")
@pytest.mark.parametrize("channel", ["records", "pulse", "status"])
def test_a_kiosk_leaves_no_words_under_a_store_that_is_not_its_own(
    broker: RunningBroker, channel: str
) -> None:
    """Else one that is taken over could leave retained words under as many stores as it invents."""
    kiosk = Person(broker, "k-1", broker.passwords["k-1"])
    for store in ("norte", "made-up-1", "made-up-2"):
        told = kiosk.publish(f"semblante/v1/{store}/k-1/{channel}", b"left behind", retain=True)
        assert told == "Not authorized"
    assert kiosk.publish(f"semblante/v1/centro/k-1/{channel}", b"mine", retain=True) != (
        "Not authorized"
    )
    hub = Person(broker, "hub", broker.hub_password)
    hub.subscribe(f"semblante/v1/+/+/{channel}")
    hub.publish("semblante/v1/centro/k-1/receipt", b"after everything retained")
    hub.wait(lambda: bool(hub.heard))
    assert hub.heard == [(f"semblante/v1/centro/k-1/{channel}", b"mine")]
    kiosk.close()
    hub.close()


def person_after_reload(broker: RunningBroker, name: str, told: str) -> Person:
    """A client for which the broker's files are as they were written last."""
    for _ in range(50):  # the broker reads its files when it next turns round its loop
        person = Person(broker, name, broker.passwords[name])
        if person.connected == [told]:
            return person
        person.close()
    raise AssertionError(person.connected)


def test_a_kiosk_of_another_store_from_now_on_writes_there_and_no_longer_here(
    broker: RunningBroker,
) -> None:
    other = Person(broker, "k-2", broker.passwords["k-2"])
    broker.enrol(KioskId("k-1"), NORTE)
    kiosk = person_after_reload(broker, "k-1", "Success")
    assert kiosk.publish("semblante/v1/norte/k-1/records", b"new home") != "Not authorized"
    assert kiosk.publish("semblante/v1/centro/k-1/records", b"old home") == "Not authorized"
    told = other.publish("semblante/v1/centro/k-2/records", b"through all of it")
    assert told != "Not authorized"
    assert len(other.connected) == 1, "a reload ends no connection that stands"
    kiosk.close()
    other.close()


def test_a_kiosk_that_was_removed_writes_nothing_not_even_its_will(broker: RunningBroker) -> None:
    kiosk = Person(broker, "k-1", broker.passwords["k-1"])
    broker.files.remove("k-1")
    broker.files.reload()
    person_after_reload(broker, "k-1", "Not authorized").close()
    hub = Person(broker, "hub", broker.hub_password)
    assert hub.publish("semblante/v1/centro/k-1/status", b"", retain=True) != "Not authorized"
    kiosk.close()
    hub.close()


@pytest.mark.assertion("SEM-TOP-003")
def test_a_kiosk_reads_its_own_receipts_and_nobody_elses(broker: RunningBroker) -> None:
    hub = Person(broker, "hub", broker.hub_password)
    kiosk = Person(broker, "k-1", broker.passwords["k-1"])
    kiosk.subscribe("semblante/#")
    kiosk.subscribe("semblante/v1/centro/k-1/receipt")
    hub.publish("semblante/v1/centro/k-2/receipt", b"not yours")
    hub.publish("semblante/v1/centro/k-1/receipt", b"yours")
    kiosk.wait(lambda: bool(kiosk.heard))
    assert {topic for topic, _ in kiosk.heard} == {"semblante/v1/centro/k-1/receipt"}
    kiosk.close()
    hub.close()


@pytest.fixture
def sensor(broker: RunningBroker) -> Iterator[Person]:
    """A sensor of “centro” that the broker lets in."""
    broker.enrol_sensor(DOOR)
    person = person_after_reload(broker, DOOR, "Success")
    yield person
    person.close()


@pytest.mark.assertion("SEM-TOP-006")
def test_a_sensor_tells_what_it_senses_in_its_own_store_and_nothing_else(
    broker: RunningBroker, sensor: Person
) -> None:
    hub = Person(broker, "hub", broker.hub_password)
    hub.subscribe("semblante/v1/#")
    refused = [f"norte/door-1/{channel}" for channel in SENSING]
    refused += [f"centro/k-1/{channel}" for channel in SENSING]
    refused += [f"centro/door-2/{channel}" for channel in SENSING]
    refused += [f"centro/{name}/{channel}" for channel in (*UPWARD, *DOWNWARD)
                for name in ("door-1", "k-1")]  # fmt: skip
    for topic in refused:
        told = sensor.publish(f"semblante/v1/{topic}", b"forged", retain=True)
        assert told == "Not authorized", topic
    allowed = [f"semblante/v1/centro/door-1/{channel}" for channel in SENSING]
    assert [sensor.publish(topic, b"seen", retain=True) for topic in allowed] == ["Success"] * 3
    hub.wait(lambda: len(hub.heard) == 3)
    assert hub.heard == [(topic, b"seen") for topic in allowed]
    hub.close()


@pytest.mark.assertion("SEM-TOP-006")
def test_a_sensor_reads_nothing_not_even_under_its_own_name(
    broker: RunningBroker, sensor: Person
) -> None:
    hub = Person(broker, "hub", broker.hub_password)
    other = person_after_reload(broker, "k-1", "Success")
    for topic in ("#", "semblante/v1/+/door-1/+", "semblante/v1/centro/door-1/receipt"):
        sensor.subscribe(topic)
    sensor.subscribe("semblante/v1/centro/door-1/count")
    for channel in DOWNWARD:
        hub.publish(f"semblante/v1/centro/door-1/{channel}", b"not for you", retain=True)
        hub.publish(f"semblante/v1/centro/k-1/{channel}", b"not for you")
    other.publish("semblante/v1/centro/k-1/records", b"not for you")
    sensor.publish("semblante/v1/centro/door-1/count", b"its own word")
    for again in ("semblante/v1/centro/door-1/notice", "semblante/v1/+/+/+"):
        sensor.subscribe(again)  # what the broker keeps would come now
    sensor.publish("semblante/v1/centro/door-1/count", b"last")
    assert sensor.heard == []
    other.close()
    hub.close()


@pytest.mark.assertion("SEM-TOP-006")
def test_a_kiosk_counts_nobody(broker: RunningBroker) -> None:
    kiosk = Person(broker, "k-1", broker.passwords["k-1"])
    for channel in SENSING:
        for name in ("k-1", "door-1"):
            told = kiosk.publish(f"semblante/v1/centro/{name}/{channel}", b"forged")
            assert told == "Not authorized"
    kiosk.close()


def test_a_sensor_that_was_removed_comes_in_no_more(broker: RunningBroker, sensor: Person) -> None:
    broker.files.remove(DOOR)
    broker.files.reload()
    person_after_reload(broker, DOOR, "Not authorized").close()
    assert broker.files.seats() == {}
    assert broker.files.homes() == {"k-1": CENTRO, "k-2": CENTRO}


def test_nobody_is_both_kiosk_and_sensor(tmp_path: Path) -> None:
    files = BrokerFiles(tmp_path / "broker")
    files.write(host="127.0.0.1", port=1883, seats={SensorId("door-2"): NORTE})
    files.enrol(KioskId("k-1"), CENTRO)
    files.enrol_sensor(DOOR, CENTRO, "secret")
    before = files.rights.read_text(), files.passwords.read_text()
    for name in ("hub", "k-1"):
        with pytest.raises(BrokerError):
            files.enrol_sensor(SensorId(name), CENTRO, "secret")
    with pytest.raises(BrokerError):
        files.enrol(KioskId(DOOR), CENTRO)
    assert (files.rights.read_text(), files.passwords.read_text()) == before
    files.write(host="127.0.0.1", port=1884)
    assert files.seats() == {"door-2": NORTE, DOOR: CENTRO}
    assert files.homes() == {"k-1": CENTRO}


@pytest.mark.parametrize("client_id", ["semblante-hub", "hub", "k-2"])
def test_nobody_is_pushed_off_by_a_kiosk_that_gives_their_client_id(
    broker: RunningBroker, client_id: str
) -> None:
    hub = Person(broker, "hub", broker.hub_password, "semblante-hub")
    other = Person(broker, "k-2", broker.passwords["k-2"], "k-2")
    thief = Person(broker, "k-1", broker.passwords["k-1"], client_id)
    for person, topic in ((thief, "k-1/records"), (hub, "k-1/receipt"), (other, "k-2/records")):
        told = person.publish(f"semblante/v1/centro/{topic}", b"still here")
        assert told in ("Success", "No matching subscribers")
    assert [len(person.connected) for person in (hub, other, thief)] == [1, 1, 1]
    for person in (thief, other, hub):
        person.close()


def test_a_kiosk_enrolled_later_connects_after_a_reload(broker: RunningBroker) -> None:
    password = broker.enrol(KioskId("k-3"))
    for _ in range(50):  # the broker reads its files when it next turns round its loop
        person = Person(broker, "k-3", password)
        person.close()
        if person.connected == ["Success"]:
            break
    assert person.connected == ["Success"]


def test_passwords_are_kept_hashed_and_private(tmp_path: Path) -> None:
    files = BrokerFiles(tmp_path / "broker")
    password = files.write(host="127.0.0.1", port=1883)
    assert password is not None
    assert password not in files.passwords.read_text()
    assert stat.S_IMODE(files.passwords.stat().st_mode) == 0o600
    assert files.write(host="127.0.0.1", port=1883) is None, "a second run keeps the password"


def test_the_passwords_of_kiosks_are_random_and_long(tmp_path: Path) -> None:
    """160 bits each: the broker does not count wrong tries, so nobody may have a chance."""
    files = BrokerFiles(tmp_path / "broker")
    files.write(host="127.0.0.1", port=1883)
    made = {files.enrol(KioskId(f"k-{number % 5}"), CENTRO) for number in range(20)}
    assert len(made) == 20
    assert all(re.fullmatch("[0-9a-f]{40}", password) for password in made)


def test_removing_and_renewing_touch_one_line(tmp_path: Path) -> None:
    files = BrokerFiles(tmp_path / "broker")
    files.write(host="127.0.0.1", port=1883)
    first, second = (files.enrol(KioskId("k-1"), CENTRO) for _ in range(2))
    assert first != second
    assert files.users() == ["hub", "k-1"]
    files.remove("k-1")
    assert files.users() == ["hub"]
    assert files.reload() is False, "no broker runs from this folder"


def test_who_has_the_number_of_a_broker_that_was_is_not_signalled(tmp_path: Path) -> None:
    """In a container the numbers are few: the next one to have it may hold up everything."""
    files = BrokerFiles(tmp_path / "broker")
    files.write(host="127.0.0.1", port=1883)
    with subprocess.Popen(["sleep", "60"]) as somebody:
        files.pid.write_text(f"{somebody.pid}\n")
        said = files.reload()
        somebody.terminate()
    assert (said, somebody.returncode) == (False, -signal.SIGTERM)


def test_rights_are_kept_when_the_files_are_written_again_and_may_be_given_anew(
    tmp_path: Path,
) -> None:
    files = BrokerFiles(tmp_path / "broker")
    files.write(host="127.0.0.1", port=1883)
    files.enrol(KioskId("k-1"), CENTRO)
    files.write(host="127.0.0.1", port=1884, homes={KioskId("k-2"): NORTE})
    assert files.homes() == {"k-1": CENTRO, "k-2": NORTE}
    files.rights.unlink()
    files.write(host="127.0.0.1", port=1884, homes={KioskId("k-1"): CENTRO})
    assert files.homes() == {"k-1": CENTRO}
    files.remove("k-1")
    assert files.homes() == {}


def test_what_cannot_be_written_whole_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = BrokerFiles(tmp_path / "broker")
    files.write(host="127.0.0.1", port=1883)
    files.enrol(KioskId("k-1"), CENTRO)
    before = files.rights.read_text(), files.passwords.read_text()

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        files.enrol(KioskId("k-2"), CENTRO)
    assert (files.rights.read_text(), files.passwords.read_text()) == before


def test_commands_at_the_same_time_undo_nothing_of_each_other(tmp_path: Path) -> None:
    files = BrokerFiles(tmp_path / "broker")
    files.write(host="127.0.0.1", port=1883)
    names = [KioskId(f"k-{number}") for number in range(12)]
    threads = [threading.Thread(target=files.enrol, args=(name, CENTRO)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(files.users()) == sorted(["hub", *names])
    assert sorted(files.homes()) == sorted(names)


def test_no_kiosk_takes_the_hubs_name(tmp_path: Path) -> None:
    with pytest.raises(BrokerError):
        BrokerFiles(tmp_path).enrol(KioskId("hub"), CENTRO)
