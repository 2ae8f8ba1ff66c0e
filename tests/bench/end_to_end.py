"""From mosquitto to the receipt, by a real hub process, against what its parts can do alone."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count, islice, tee
from pathlib import Path

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.archive import SqlArchive
from hub.adapters.database import open_engine
from hub.adapters.migrations import migrate
from hub.core.ports import Point, Store
from shared.deliveries import Receipt
from shared.moments import Moment
from shared.places import KioskId, PointId, StoreId
from shared.records import Record
from shared.sales import Sale, SaleSource
from shared.topics import Channel, Topic, every
from shared.visits import Face, Input, Outcome, Visit
from shared.wire import decode, encode_record
from tests.demo.history import Sender
from tests.demo.programs import Program, python
from tests.parts.mosquitto import RunningBroker
from tests.parts.ports import free_port, wait_for_port

STORE, POINT = StoreId("centro"), PointId("caja-1")
KIOSKS = [KioskId(f"k-{n}") for n in range(20)]
_BOOT = "b0" * 16
_PATIENCE_S = 120

Roles = Sequence[str]
"""What the hub process does; in the rows of pure intake nothing else."""


BEGIN_MS = 1_760_000_000_000


def some_records(begin_ms: int = BEGIN_MS) -> Iterator[Record]:
    """Sales and answers in turn, one a minute, for ever."""
    faces = list(Face)
    for n in count():
        at = Moment(begin_ms + n * 60_000, n * 60_000, synced=True)
        if n % 2 == 0:
            yield Sale(f"{n:032x}", POINT, _BOOT, at, SaleSource.RECEIPT)
        else:
            yield Visit(
                POINT,
                _BOOT,
                at,
                Outcome.ANSWERED,
                "es",
                1,
                1,
                input=Input.TOUCH,
                face=faces[n % 3],
                answered=at,
                reason="wait" if n % 5 == 0 else None,
            )


class Kiosk:
    """One kiosk's endless stream of batches."""

    def __init__(self, name: KioskId, epoch: str, records: Iterator[Record] | None = None) -> None:
        self.name = name
        self.bodies: Iterator[bytes] = map(encode_record, records or some_records())
        self._sender = Sender(name, epoch)

    @property
    def last(self) -> int:
        """The seq of the last record that was put into a batch."""
        return self._sender.last

    def batch(self, size: int) -> bytes:
        """The next batch of so many records."""
        return self._sender.pack(tuple(islice(self.bodies, size)))


def share_records(kiosks: Sequence[Kiosk], begin_ms: int = BEGIN_MS) -> None:
    """Let all keep the same records from now on, each made once for all of them.

    A fleet writes its records with its own processors, which this machine has not.
    """
    bodies = tee(map(encode_record, some_records(begin_ms)), len(kiosks))
    for kiosk, its_own in zip(kiosks, bodies, strict=True):
        kiosk.bodies = its_own


class Line:
    """A client that may do all: it publishes for the kiosks and hears the receipts."""

    def __init__(self, broker: RunningBroker) -> None:
        self.upto: dict[str, int] = {}
        self.heard = 0
        self.news = threading.Condition()
        self.client = _client(broker, "bench")
        self.client.on_message = self._hear
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()
        self.client.subscribe(every(Channel.RECEIPT), qos=1)

    def _hear(self, _client: object, _data: object, message: paho.MQTTMessage) -> None:
        receipt = decode(Receipt, bytes(message.payload))
        with self.news:
            name = message.topic.split("/")[3]
            self.upto[name] = max(self.upto.get(name, 0), receipt.upto)
            self.heard += 1
            self.news.notify_all()

    def publish(self, kiosk: KioskId, payload: bytes) -> None:
        """Say something as this kiosk."""
        self.client.publish(str(Topic(STORE, kiosk, Channel.RECORDS)), payload, qos=1)

    def wait_until(self, held: dict[str, int]) -> None:
        """Return once every kiosk has its receipt up to there."""
        with self.news:
            done = self.news.wait_for(
                lambda: all(self.upto.get(name, 0) >= seq for name, seq in held.items()),
                _PATIENCE_S,
            )
        if not done:
            raise TimeoutError("the receipts did not come")

    def close(self) -> None:
        """Leave."""
        self.client.disconnect()
        self.client.loop_stop()


class Rig:
    """A broker, a hub process, and kiosks that have never stopped talking."""

    def __init__(self, broker: RunningBroker, folder: Path, url: str, roles: Roles) -> None:
        self.broker, self.url, self.config = broker, url, folder / "hub.toml"
        self.web_port = free_port()
        self.kiosks = [Kiosk(name, f"{n:016x}") for n, name in enumerate(KIOSKS)]
        self._write_settings(roles)
        command = python("hub", "run", "--config", str(self.config))
        self.hub = Program("hub", command, folder)
        self.hub.start()
        wait_for_port(self.web_port, seconds=30)
        self.line = Line(broker)
        self._first_words()

    def say(self, messages: int, size: int) -> dict[str, int]:
        """Publish so many messages for each kiosk; returns the seq each then stands at."""
        ready = [
            (str(Topic(STORE, kiosk.name, Channel.RECORDS)), kiosk.batch(size))
            for _ in range(messages)
            for kiosk in self.kiosks
        ]
        self.began = time.perf_counter()
        for topic, payload in ready:
            self.line.client.publish(topic, payload, qos=1)
        return {kiosk.name: kiosk.last for kiosk in self.kiosks}

    def rate(self, messages: int, size: int) -> float:
        """Records a second from the first publish to the last receipt."""
        self.line.wait_until(self.say(messages, size))
        return messages * len(self.kiosks) * size / (time.perf_counter() - self.began)

    def _first_words(self) -> None:
        """Say one record each, again and again as kiosks do, until the hub has subscribed."""
        words = [kiosk.batch(1) for kiosk in self.kiosks]
        deadline = time.monotonic() + 30
        while len(self.line.upto) < len(words) and time.monotonic() < deadline:
            for kiosk, word in zip(self.kiosks, words, strict=True):
                self.line.publish(kiosk.name, word)
            time.sleep(0.5)
        if len(self.line.upto) < len(words):
            raise TimeoutError(f"the hub does not answer: {self.hub.last_words()}")

    def close(self) -> None:
        """Stop everything."""
        self.line.close()
        self.hub.stop()

    def _write_settings(self, roles: Roles) -> None:
        self.config.write_text(
            f'roles = {list(roles)}\n[database]\nurl = "{self.url}"\n'
            f"[web]\nport = {self.web_port}\n"
            f'[broker]\nport = {self.broker.port}\npassword = "{self.broker.hub_password}"\n'
        )


@contextmanager
def rig(url: str | None = None, roles: Roles = ("intake",)) -> Iterator[Rig]:
    """A rig on a new SQLite file, or on the (empty) database of that URL."""
    with tempfile.TemporaryDirectory(prefix="semblante-bench-") as name:
        folder = Path(name)
        url = url or f"sqlite:///{folder / 'hub.db'}"
        _enrol(url)
        with open_broker(folder / "broker") as broker:
            made = Rig(broker, folder, url, roles)
            try:
                yield made
            finally:
                made.close()


def raw_sqlite(rows: int, a_commit: int = 100) -> float:
    """Rows a second of `sqlite3` alone: the same rows, WAL and FULL, so many a commit."""
    bodies = list(islice(Kiosk(KIOSKS[0], "0" * 16).bodies, rows))
    with tempfile.TemporaryDirectory(prefix="semblante-bench-") as name:
        db = sqlite3.connect(Path(name) / "raw.db", isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute(RAW_SCHEMA)
        began = time.perf_counter()
        for start in range(0, rows, a_commit):
            db.execute("BEGIN IMMEDIATE")
            part = bodies[start : start + a_commit]
            db.executemany(
                "INSERT INTO records VALUES ('centro', 1, ?, 1760000000000, 1760000000000, ?)",
                list(enumerate(part, start)),
            )
            db.execute("COMMIT")
        took = time.perf_counter() - began
        db.close()
    return rows / took


RAW_SCHEMA = (
    "CREATE TABLE records (store_id TEXT NOT NULL, ledger INTEGER NOT NULL, seq BIGINT NOT NULL, "
    "received_at BIGINT NOT NULL, hour BIGINT, body BLOB NOT NULL, "
    "PRIMARY KEY (store_id, ledger, seq))"
)


def paho_alone(broker: RunningBroker, messages: int) -> float:
    """Messages a second that one paho client takes from the broker, doing nothing with them."""
    listening, done, seen = threading.Event(), threading.Event(), count(1)
    taker = _client(broker, "taker")
    taker.on_message = lambda *_: done.set() if next(seen) == messages else None
    taker.on_subscribe = lambda *_: listening.set()
    taker.connect(broker.host, broker.port)
    taker.subscribe("bench/alone", qos=1)
    taker.loop_start()
    if not listening.wait(_PATIENCE_S):
        raise TimeoutError("the broker did not let paho listen")
    connected, giver = threading.Event(), _client(broker, "giver")
    giver.on_connect = lambda *_: connected.set()
    giver.connect(broker.host, broker.port)
    giver.loop_start()
    connected.wait(_PATIENCE_S)
    payload = Kiosk(KIOSKS[0], "0" * 16).batch(1)
    began = time.perf_counter()
    for _ in range(messages):
        giver.publish("bench/alone", payload, qos=1)
    if not done.wait(_PATIENCE_S):
        raise TimeoutError("paho did not get its messages")
    took = time.perf_counter() - began
    for client in (giver, taker):
        client.disconnect()
        client.loop_stop()
    return messages / took


def _enrol(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    archive = SqlArchive(engine)
    archive.add_store(Store(STORE, "Centro", "Europe/Madrid"), 1)
    archive.add_point(Point(STORE, POINT, "Caja 1"))
    for kiosk in KIOSKS:
        archive.enrol_kiosk(kiosk, STORE, 1)
    engine.dispose()


@contextmanager
def open_broker(folder: Path) -> Iterator[RunningBroker]:
    """A broker with users of the bench who may do all: one line for twenty kiosks.

    They are let in before the broker starts: a broker that reads its passwords again throws out
    whoever is just connected.
    """
    broker = RunningBroker(folder)
    for user in ("bench", "giver", "taker"):
        broker.passwords[user] = broker.files.set_password(user)
        with broker.files.rights.open("a") as rights:
            rights.write(f"\nuser {user}\ntopic readwrite #\n")
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def _client(broker: RunningBroker, name: str) -> paho.Client:
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=paho.MQTTv5)
    client.username_pw_set(name, broker.passwords[name])
    client.max_inflight_messages_set(20)
    return client
