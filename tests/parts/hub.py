"""A real hub process beside a real broker, and a stranger's kiosk written from the protocol."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.core.ports import Point, Store
from hub.settings import load_settings
from hub.wiring import Office
from shared.deliveries import Batch, Receipt, chain_on, chain_start
from shared.notices import KioskSettings, Presence, Status
from shared.places import KioskId, PointId, StoreId
from shared.topics import Channel, Topic
from shared.wire import decode, encode, encode_batch
from tests.demo.programs import Program, python
from tests.parts.mosquitto import RunningBroker, running_broker
from tests.parts.ports import free_port

STORE = StoreId("centro")
POINT = PointId("caja-1")
PATIENCE = 30.0
"""Seconds for anything to happen: a hub starts in two, and the machine may be busy."""


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Return once it is true; raise AssertionError otherwise."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.02)  # it happens in another process, which nobody here can wait on


class HubProcess:
    """`python -m hub run`, which can be killed and started again."""

    def __init__(
        self,
        folder: Path,
        broker: RunningBroker,
        name: str = "hub",
        *,
        database: str = "sqlite:///hub.db",
        **env: str,
    ) -> None:
        self.web_port = free_port()
        self.config = folder / "hub.toml"
        self._env = {"SEMBLANTE_WEB__PORT": str(self.web_port), **env}
        self._folder = folder
        self.config.write_text(
            f'[broker]\nport = {broker.port}\npassword = "{broker.hub_password}"\n'
            f'[database]\nurl = "{database}"\n[mosquitto]\nfolder = "{broker.files.folder}"\n'
            '[log]\nformat = "json"\n'
        )
        command = python("hub", "run", "--config", str(self.config))
        self.program = Program(name, command, folder)

    @cached_property
    def office(self) -> Office:
        """What its commands use."""
        return Office(load_settings(self.config))

    def prepare(self) -> None:
        """A database with one store and one register."""
        office = self.office
        office.migrate()
        office.registry.add_store(Store(STORE, "Mercado Centro", "Europe/Madrid"))
        office.registry.add_point(Point(STORE, POINT, "Caja 1"))

    def start(self) -> None:
        """Start it and wait until it is well."""
        self.program.start(self._env)
        wait_until(lambda: self.health().get("well", False), f"hub: {self.program.last_words()}")

    def health(self) -> dict[str, Any]:
        """What /healthz says; nothing where nobody answers."""
        try:
            return dict(json.loads(self.get("/healthz")))
        except (OSError, ValueError):
            return {}

    def get(self, path: str) -> bytes:
        """The body of a page, also of one that says 503."""
        url = f"http://127.0.0.1:{self.web_port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as answer:
            return answer.read()

    def metric(self, line: str) -> float:
        """The value of one line of /metrics."""
        for found in self.get("/metrics").decode().splitlines():
            if found.startswith(line + " "):
                return float(found.rpartition(" ")[2])
        return 0.0


class StrangersKiosk:
    """A client by the last page of the protocol: keeps records, sends, forgets on receipt."""

    def __init__(self, broker: RunningBroker, kiosk: KioskId, password: str) -> None:
        self.epoch = "5eed5eed5eed5eed"
        self.kiosk, self._broker, self._password = kiosk, broker, password
        self.records: list[bytes] = []
        self.chains = [chain_start(kiosk, self.epoch)]
        self.receipt: Receipt | None = None
        self.settings: KioskSettings | None = None
        self.connection = 0
        self._news = threading.Condition()
        self._client: paho.Client | None = None

    def keep(self, record: bytes) -> None:
        """Write a record down."""
        self.records.append(record)
        self.chains.append(chain_on(self.chains[-1], record))

    @property
    def held(self) -> int:
        """Up to where the hub holds our records, by its last receipt that fits."""
        receipt = self.receipt
        if receipt is None or receipt.epoch != self.epoch or receipt.problem:
            return 0
        assert receipt.chain == self.chains[receipt.upto].hex(), "a receipt of another chain"
        return receipt.upto

    def connect(self) -> None:
        """A new connection, with status and last will."""
        self.close()
        self.connection += 1
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=self.kiosk)
        client.username_pw_set(self.kiosk, self._password)
        client.will_set(self.topic(Channel.STATUS), encode(self._status(Presence.OFFLINE)), 1, True)
        client.on_message = self._hear
        client.on_connect = self._greet
        client.connect(self._broker.host, self._broker.port)
        client.loop_start()
        self._client = client

    def send(self, size: int = 100, *, ahead: int = 10) -> None:
        """Publish the oldest records that the hub does not hold, a few batches of them."""
        assert self._client is not None
        first = self.held + 1
        for start in range(first, min(len(self.records), first + size * ahead - 1) + 1, size):
            self._client.publish(self.topic(Channel.RECORDS), self.batch(start, size), qos=1)

    def batch(self, first: int, size: int) -> bytes:
        """The bytes of one batch."""
        records = tuple(self.records[first - 1 : first - 1 + size])
        last = first + len(records) - 1
        return encode_batch(
            # A receipt may come at this very moment: then `held` is beyond what is sent here.
            Batch(self.epoch, min(self.held + 1, first), first, self.chains[first - 1].hex(),
                  self.chains[last].hex(), records)
        )  # fmt: skip

    def send_until(self, seq: int, seconds: float = PATIENCE) -> None:
        """Send and send again, as a courier does, until the receipt says `seq`."""
        deadline = time.monotonic() + seconds
        while self.held < seq:
            assert time.monotonic() < deadline, f"the receipt stays at {self.held}"
            self.send()
            with self._news:
                before = self.held
                self._news.wait_for(lambda before=before: self.held > before, 1.0)  # type: ignore[misc]

    def say(self, payload: bytes, channel: Channel = Channel.RECORDS) -> None:
        """Publish anything at all."""
        assert self._client is not None
        self._client.publish(self.topic(channel), payload, qos=1).wait_for_publish(PATIENCE)

    def pull_the_plug(self) -> None:
        """Go without a word: the broker will say the last will."""
        assert self._client is not None
        sock = self._client.socket()
        self._client.loop_stop()
        if sock is not None:
            sock.close()
        self._client = None

    def close(self) -> None:
        """Leave."""
        if self._client is not None:
            self._client.disconnect()
            self._client.loop_stop()
            self._client = None

    def topic(self, channel: Channel) -> str:
        """One of our topics."""
        return str(Topic(STORE, self.kiosk, channel))

    def _status(self, presence: Presence) -> Status:
        return Status(self.epoch, self.connection, presence, "1.2.3", int(time.time() * 1000))

    def _greet(self, client: paho.Client, *_: Any) -> None:
        client.subscribe([(self.topic(one), 1) for one in (Channel.RECEIPT, Channel.SETTINGS)])
        client.publish(
            self.topic(Channel.STATUS), encode(self._status(Presence.ONLINE)), qos=1, retain=True
        )

    def _hear(self, _c: Any, _u: Any, message: paho.MQTTMessage) -> None:
        with self._news:
            if message.topic == self.topic(Channel.RECEIPT):
                self.receipt = decode(Receipt, bytes(message.payload))
            else:
                self.settings = decode(KioskSettings, bytes(message.payload))
            self._news.notify_all()


@contextmanager
def running_hub(folder: Path) -> Iterator[tuple[RunningBroker, HubProcess]]:
    """A broker and a hub with one store and one register; both gone at the end."""
    with running_broker(folder / "mosquitto") as broker:
        hub = HubProcess(folder, broker)
        hub.prepare()
        try:
            hub.start()
            yield broker, hub
        finally:
            hub.program.stop()
