"""The kiosk as a process of its own, against a real broker and a hub written from the protocol."""

from __future__ import annotations

import http.client
import json
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from hub.adapters.mosquitto import HUB_USER
from kiosk.adapters.clock import SystemClock
from kiosk.adapters.outbox import SqliteOutbox
from shared.notices import KioskSettings, Presence, Status
from shared.places import kiosk_id, point_id, store_id
from shared.records import Anchor, Record
from shared.sales import Sale, SaleSource
from shared.topics import Channel, Topic, every
from shared.visits import Face, Outcome, Visit
from shared.wire import decode, encode
from tests.fakes.hub import FakeHub
from tests.parts.mosquitto import RunningBroker, running_broker
from tests.parts.ports import free_port, wait_for_port

pytestmark = pytest.mark.journey

STORE, POINT, KIOSK = store_id("centro"), point_id("caja-1"), kiosk_id("k-1")
TOKEN = "a token of some length"


class ScriptedHub:
    """Takes batches from the real broker and answers each with a retained receipt."""

    def __init__(self, running: RunningBroker) -> None:
        self._running = running
        self.ledger = FakeHub(KIOSK)
        self.statuses: list[Status] = []
        self.news = threading.Condition()
        self.on_receipt: Callable[[], None] = lambda: None
        self._client: Client | None = None

    def connect(self) -> None:
        ready: queue.Queue[bool] = queue.Queue()
        client = Client(CallbackAPIVersion.VERSION2, "hub", protocol=MQTTProtocolVersion.MQTTv5)
        client.username_pw_set(HUB_USER, self._running.hub_password)
        client.on_message = self._on_message
        client.on_subscribe = lambda *_: ready.put(True)
        client.connect(self._running.host, self._running.port)
        client.loop_start()
        client.subscribe([(every(channel), 1) for channel in (Channel.RECORDS, Channel.STATUS)])
        ready.get(timeout=10)
        self._client = client

    def disconnect(self) -> None:
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()

    def send(self, channel: Channel, payload: bytes) -> None:
        assert self._client is not None
        self._client.publish(str(Topic(STORE, KIOSK, channel)), payload, 1, retain=True)

    def wait_for(self, enough: Callable[[], bool], seconds: float = 30) -> None:
        with self.news:
            assert self.news.wait_for(enough, seconds), f"{self.ledger.ledgers} {self.statuses}"

    def holds(self, count: int) -> bool:
        return sum(len(ledger.records) for ledger in self.ledger.ledgers.values()) >= count

    def _on_message(self, _client: Client, _data: Any, message: MQTTMessage) -> None:
        with self.news:
            if message.topic.endswith("/status"):
                self.statuses.append(decode(Status, bytes(message.payload)))
            else:
                receipt = self.ledger.take(bytes(message.payload))
                self.send(Channel.RECEIPT, receipt)
                self.on_receipt()
            self.news.notify_all()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningBroker]:
    with running_broker(tmp_path / "broker", [KIOSK]) as broker:
        yield broker


@pytest.fixture
def hub(running: RunningBroker) -> Iterator[ScriptedHub]:
    hub = ScriptedHub(running)
    hub.connect()
    yield hub
    hub.disconnect()


class Program:
    """`python -m kiosk` with its door open for drills, and what `more` says of other parts."""

    def __init__(
        self, folder: Path, running: RunningBroker, driver: str = "none", more: str = ""
    ) -> None:
        self.outbox = folder / "outbox.db"
        self.door = free_port()
        self._log = folder / "kiosk.log"
        self._config = folder / "kiosk.toml"
        self._config.write_text(f'''
            store = "{STORE}"
            point = "{POINT}"
            kiosk = "{KIOSK}"
            [broker]
            host = "{running.host}"
            port = {running.port}
            password = "{running.passwords[KIOSK]}"
            longest_wait = 1
            [outbox]
            path = "outbox.db"
            [screen]
            driver = "{driver}"
            fullscreen = false
            [door]
            token = "{TOKEN}"
            port = {self.door}
            drills = true
            {more}
        ''')  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        command = [sys.executable, "-m", "kiosk", "run", "--config", str(self._config)]
        with self._log.open("ab") as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_for_port(self.door)
            yield process
        finally:
            process.kill()
            process.wait(10)

    def call(self, path: str, **body: str) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.door, timeout=5)) as door:
            door.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {TOKEN}"})
            answer = door.getresponse()
            assert answer.status == 200, answer.read()

    def log(self) -> str:
        return self._log.read_text()


@pytest.fixture
def program(tmp_path: Path, running: RunningBroker) -> Program:
    return Program(tmp_path, running)


def sales(count: int) -> list[Sale]:
    clock = SystemClock()
    return [
        Sale(f"{number:032x}", POINT, clock.boot_id, clock.now(), SaleSource.MANUAL)
        for number in range(count)
    ]


def fill(program: Program, records: list[Sale]) -> None:
    with closing(SqliteOutbox(program.outbox, KIOSK)) as outbox:
        for record in records:
            outbox.add(record)


def without_anchors(records: list[Record]) -> list[Record]:
    """Whether the machine's clock is synchronised is not this journey's matter."""
    return [record for record in records if not isinstance(record, Anchor)]


def stop(process: subprocess.Popen[bytes], how: signal.Signals) -> float:
    begun = time.monotonic()
    process.send_signal(how)
    assert process.wait(10) == 0
    return time.monotonic() - begun


@pytest.mark.assertion("SEM-BAT-002")
@pytest.mark.assertion("SEM-BAT-003")
@pytest.mark.assertion("SEM-RCP-003")
def test_three_hundred_records_arrive_in_order_although_the_broker_dies_half_way(
    running: RunningBroker, hub: ScriptedHub, program: Program
) -> None:
    """Nothing lost, nothing doubled, the chain is right."""
    kept = sales(300)
    fill(program, kept)
    hub.on_receipt = running.kill  # before the first receipt can have left
    with program.running() as process:
        hub.wait_for(lambda: hub.holds(100))
        hub.on_receipt = lambda: None
        hub.disconnect()
        for _ in range(5):
            program.call("/sale")
        running.start()
        hub.connect()
        hub.wait_for(lambda: hub.holds(300 + 5 + 4))  # each sale but the last ends a visit
        assert without_anchors(hub.ledger.records)[:300] == kept
        stop(process, signal.SIGTERM)
    with closing(SqliteOutbox(program.outbox, KIOSK)) as outbox:
        held = outbox.held()
        (ledger,) = hub.ledger.ledgers.values()
        assert ledger.held == held.last
        assert ledger.repeated > 0


def test_a_touched_face_arrives_as_a_visit_of_its_sale(hub: ScriptedHub, program: Program) -> None:
    with program.running():
        program.call("/sale")
        program.call("/touch", face="happy")
        hub.wait_for(lambda: hub.holds(1))
        program.call("/reason", reason="service")
        program.call("/done")
        hub.wait_for(lambda: bool(hub.ledger.ledgers) and len(visits(hub)) == 1)
    (visit,) = visits(hub)
    assert (visit.outcome, visit.face) == (Outcome.ANSWERED, Face.HAPPY)
    (sale,) = [record for record in hub.ledger.records if isinstance(record, Sale)]
    assert visit.sale == sale.id


def visits(hub: ScriptedHub) -> list[Visit]:
    return [record for record in hub.ledger.records if isinstance(record, Visit)]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_good_order_within_three_seconds(
    hub: ScriptedHub, program: Program, how: signal.Signals
) -> None:
    with program.running() as process:
        hub.wait_for(lambda: bool(hub.statuses))
        assert stop(process, how) < 3
        hub.wait_for(lambda: hub.statuses[-1].presence is Presence.OFFLINE)
    assert [status.presence for status in hub.statuses] == [Presence.ONLINE, Presence.OFFLINE]


@pytest.mark.screen
def test_with_a_window_a_signal_ends_it_as_soon(
    hub: ScriptedHub, running: RunningBroker, tmp_path: Path
) -> None:
    program = Program(tmp_path, running, driver="offscreen")
    with program.running() as process:
        hub.wait_for(lambda: bool(hub.statuses))
        program.call("/sale")
        program.call("/touch", face="neutral")
        hub.wait_for(lambda: hub.holds(1))
        assert stop(process, signal.SIGTERM) < 3
        hub.wait_for(lambda: hub.statuses[-1].presence is Presence.OFFLINE)


def test_a_till_that_is_not_there_is_an_alarm_at_the_hub_and_ends_nothing(
    hub: ScriptedHub, running: RunningBroker, tmp_path: Path
) -> None:
    missing = '[till]\nkind = "receipt"\nport = "/dev/there-is-no-such-port"'
    program = Program(tmp_path, running, more=missing)
    with program.running():
        hub.wait_for(lambda: hub.statuses != [] and hub.statuses[-1].alarms == ("till",))
        program.call("/sale")
        hub.wait_for(lambda: hub.holds(1))


@pytest.mark.assertion("SEM-STA-001")
@pytest.mark.assertion("SEM-STA-002")
def test_a_kill_leaves_the_will_and_the_next_start_a_higher_connection(
    hub: ScriptedHub, program: Program
) -> None:
    with program.running() as process:
        hub.wait_for(lambda: bool(hub.statuses))
        process.kill()
        hub.wait_for(lambda: hub.statuses[-1].presence is Presence.OFFLINE)
        assert hub.statuses[-1].connection == 1
    with program.running():
        hub.wait_for(lambda: hub.statuses[-1].presence is Presence.ONLINE)
    assert hub.statuses[-1].connection == 2


@pytest.mark.assertion("SEM-SET-001")
def test_settings_of_the_hub_are_kept_over_a_restart(hub: ScriptedHub, program: Program) -> None:
    settings = KioskSettings(1_000, "Mercado Centro", "Caja 1", ("es",))
    with program.running() as process:
        hub.send(Channel.SETTINGS, encode(settings))
        hub.wait_for(lambda: hub.statuses != [] and hub.statuses[-1].settings_serial == 1_000)
        stop(process, signal.SIGTERM)
    hub.send(Channel.SETTINGS, b"")
    with program.running():
        hub.wait_for(lambda: hub.statuses[-1].presence is Presence.ONLINE)
    assert hub.statuses[-1].settings_serial == 1_000


def test_neither_answers_nor_secrets_stand_in_its_log(hub: ScriptedHub, program: Program) -> None:
    with program.running() as process:
        program.call("/sale")
        program.call("/touch", face="sad")
        program.call("/done")
        hub.wait_for(lambda: bool(hub.ledger.ledgers) and len(visits(hub)) == 1)
        stop(process, signal.SIGTERM)
    assert "sad" not in program.log()
    assert TOKEN not in program.log()
