"""Where kiosks are measured: a broker, a hub that answers, and programs watched from outside."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.mosquitto import HUB_USER
from shared.notices import KioskSettings
from shared.places import KioskId, StoreId
from shared.topics import Channel, Topic
from shared.wire import encode
from tests.demo.programs import Program, python
from tests.fakes.hub import FakeHub
from tests.parts.mosquitto import RunningBroker, running_broker

STORE, KIOSK = StoreId("centro"), KioskId("k-bench")

PATIENCE_S: Final = 30.0
"""For a program to come up, or to say its next word, on a machine that is busy."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A program that shows something by now."""

    pid: int
    first_frame_s: float
    """From the start of the process to the first flip."""

    serves_s: float = 0
    """From the start of the process until shoppers can answer; 0 of a program that never asks."""


class Ground:
    """The folder of everything, and a broker with somebody behind it who gives receipts."""

    def __init__(self, folder: Path, broker: RunningBroker) -> None:
        self._folder, self._broker = folder, broker
        self._config = folder / "kiosk.toml"
        self._numbers = count(1)
        self._config.write_text(
            f'store = "{STORE}"\npoint = "caja-1"\nkiosk = "{KIOSK}"\n'
            'store_name = "Mercado Centro"\npoint_name = "Caja 1"\n'
            f'[broker]\nhost = "{broker.host}"\nport = {broker.port}\n'
            f'password = "{broker.passwords[KIOSK]}"\n[screen]\ndriver = "offscreen"\n'
            "width = 800\nheight = 480\nfullscreen = false\n"
        )

    def tell(self, settings: KioskSettings) -> None:
        """What the hub would have this kiosk ask, from the next start on."""
        client = _calling(self._broker)
        client.loop_start()
        topic = str(Topic(STORE, KIOSK, Channel.SETTINGS))
        client.publish(topic, encode(settings), qos=1, retain=True).wait_for_publish(PATIENCE_S)
        client.disconnect()
        client.loop_stop()

    @contextmanager
    def bare(self) -> Iterator[Standing]:
        """The bare program, off screen."""
        with self._standing(python("tests.bench.bare_faces")) as bare:
            yield bare

    @contextmanager
    def kiosk(self) -> Iterator[Standing]:
        """The real kiosk, off screen."""
        command = python("tests.bench.kiosk_watched", str(self._config))
        with self._standing(command, "serves") as kiosk:
            yield kiosk

    def visited(self, what: str, how_many: int, seconds: float) -> list[dict[str, Any]]:
        """What `tests.bench.kiosk_visited` measures."""
        command = python("tests.bench.kiosk_visited", str(self._config), what, str(how_many))
        with self._running(command) as program:
            self._words(program, "done", seconds)
            lines = program.log.read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]

    @contextmanager
    def _standing(self, command: list[str], *later: str) -> Iterator[Standing]:
        began = time.monotonic()
        with self._running(command) as program:
            words = ("first-flip", *later)
            told = [self._words(program, word, PATIENCE_S) for word in words]
            yield Standing(int(told[0][1]), *(float(at) - began for _, _, at in told))

    @contextmanager
    def _running(self, command: list[str]) -> Iterator[Program]:
        program = Program(f"{next(self._numbers)}-{command[2]}", command, self._folder)
        try:
            program.start()
            yield program
        finally:
            program.stop()

    def _words(self, program: Program, first: str, seconds: float) -> list[str]:
        """The line of its output that begins with that word."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and program.ended is None:
            for line in program.log.read_text().splitlines(keepends=True):
                if line.startswith(first) and line.endswith("\n"):
                    return line.split()
            time.sleep(0.05)
        raise TimeoutError(f"“{first}” was not said: {program.last_words()}")


@contextmanager
def ground() -> Iterator[Ground]:
    """Everything that kiosks stand on, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="semblante-bench-") as name:
        folder = Path(name)
        with running_broker(folder / "broker", [KIOSK]) as broker, _answering(broker):
            yield Ground(folder, broker)


@contextmanager
def _answering(broker: RunningBroker) -> Iterator[None]:
    """A hub that holds everything in memory, and says so."""
    hub = FakeHub(KIOSK)
    client = _calling(broker)
    receipts = str(Topic(STORE, KIOSK, Channel.RECEIPT))

    def answer(_client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        client.publish(receipts, hub.take(bytes(message.payload)), qos=1, retain=True)

    client.on_message = answer
    client.subscribe(str(Topic(STORE, KIOSK, Channel.RECORDS)), qos=1)
    client.loop_start()
    try:
        yield
    finally:
        client.disconnect()
        client.loop_stop()


def _calling(broker: RunningBroker) -> paho.Client:
    """Somebody with the hub's rights."""
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.username_pw_set(HUB_USER, broker.hub_password)
    client.connect(broker.host, broker.port)
    return client
