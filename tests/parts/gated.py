"""A real mosquitto with the door for certificates, an authority, and a hub's book of identities."""

from __future__ import annotations

import getpass
import os
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine

from hub.adapters.gate import Gate
from hub.adapters.mosquitto import Encrypted
from hub.adapters.visiting import Doorway, Visits
from hub.identity import Door, Identity
from shared.joining import Joined
from shared.places import KioskId
from tests.fakes.metrics import FakeMetrics
from tests.hub.test_identity import HERE, Scene
from tests.parts.devices import Device
from tests.parts.mosquitto import RunningBroker
from tests.parts.ports import free_port, wait_for_port

PATIENCE = 15.0


class Gated:
    """The broker and who lets kiosks in; its clock is the real one, for certificates are."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.folder = folder
        self.scene = Scene(engine, folder / "authority")
        self.broker = RunningBroker(folder / "mosquitto")
        self.port = free_port()
        authority, files = self.scene.authority, self.broker.files
        self.visits = Visits(authority, Doorway("127.0.0.1", self.port), now_ms)
        names = ("127.0.0.1", "localhost")
        self.gate = Gate(self.scene.book, authority, files, names, now_ms, self.visits.unseat)
        self.gate.follow()
        encrypted = Encrypted("127.0.0.1", self.port)
        run_as = getpass.getuser() if os.geteuid() == 0 else None
        host, port = self.broker.host, self.broker.port
        files.write(host=host, port=port, encrypted=encrypted, run_as=run_as)
        door = Door("https://127.0.0.1", "127.0.0.1", self.port)
        self.identity = Identity(
            self.scene.book, authority, door, FakeMetrics(), now_ms, self.gate.follow
        )
        self.scene.identity = self.identity

    def join(self, kiosk: str) -> Peer:
        """A device that joined, not connected yet."""
        device = Device()
        code = self.scene.code(KioskId(kiosk))
        return Peer(self, device, self.identity.join(code, device.request(), HERE))


class Peer:
    """A client with a certificate."""

    def __init__(self, gated: Gated, device: Device, joined: Joined) -> None:
        self.joined, self.device = joined, device
        self.heard: list[str] = []
        self.name = f"{joined.store_id}/{joined.kiosk_id}"
        file = gated.folder / f"{joined.kiosk_id}-{id(self)}.pem"
        file.write_text(joined.certificate + device.pem())
        context = ssl.create_default_context(cadata=joined.authority)
        context.load_cert_chain(file)
        self._port = gated.port
        self.client = paho.Client(
            CallbackAPIVersion.VERSION2, self.name, reconnect_on_failure=False
        )
        self.client.tls_set_context(context)
        self.client.on_message = self._hear

    def connect(self) -> None:
        """Connect, and wait until it stands; raises where it is not let in."""
        self.client.connect("127.0.0.1", self._port)
        self.client.loop_start()
        wait_until(self.client.is_connected)

    def say(self, channel: str, payload: bytes = b"x") -> None:
        """Publish under one's own name, and wait for the broker's word."""
        topic = f"semblante/v1/{self.name}/{channel}"
        self.client.publish(topic, payload, qos=1).wait_for_publish(PATIENCE)

    def close(self) -> None:
        """End it."""
        self.client.disconnect()
        self.client.loop_stop()

    def _hear(self, _c: Any, _u: Any, message: Any) -> None:
        self.heard.append(message.topic)


def now_ms() -> int:
    """The real time: mosquitto judges certificates by it."""
    return time.time_ns() // 1_000_000


def wait_until(true: Any) -> None:
    """Return once it is true; raise AssertionError after a while."""
    until = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < until
        time.sleep(0.01)  # another process does it: there is nothing to wait on


@contextmanager
def running_gate(engine: Engine, folder: Path) -> Iterator[Gated]:
    """It runs for the length of the block."""
    gated = Gated(engine, folder)
    gated.broker.start()
    try:
        wait_for_port(gated.port)
        yield gated
    finally:
        gated.broker.stop()
