"""The lines before the demo's registers, and the counters over them.

Shoppers join; whenever a register really sells, whoever is first in its line steps up. So what the
counters tell agrees with what the kiosks tell. While the file `--pulled` is there, they are silent.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from math import pi, sin
from pathlib import Path
from typing import Any, Final

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from shared.places import KioskId, SensorId
from shared.sensing import Count
from shared.topics import Channel, Topic
from shared.wire import encode
from tests.demo.floors import sensor_of, serving
from tests.demo.stores import DemoStore, Lines, demo_stores

TICK_S: Final = 0.2
COUNT_EVERY_S: Final = 2.0

FIRST_COUNT_S: Final = 25.0
"""Nobody knows how many registers are open before most of them have sold something."""

PERIOD_S: Final = 480.0
"""A line grows and shrinks by this: whoever looks for two minutes sees the notice change."""

CROWD: Final = {Lines.ONE: (14.0, 11.0), Lines.LANES: (9.0, 5.0)}
"""How many stand in a line on average, and by how many that goes up and down: before six registers
that take 40 s for each, 25 people wait three minutes, and look like it."""


class Standing:
    """One line: how many stand in it."""

    def __init__(self, store: DemoStore, kiosks: frozenset[KioskId], dice: random.Random) -> None:
        self.kiosks = kiosks
        self._middle, self._swing = CROWD[store.lines]
        self._rate = len(kiosks) / store.pace
        self._dice, self._phase = dice, dice.uniform(0, PERIOD_S)
        self._owed = 0.0
        self.people = round(self._wanted(0))

    def go_on(self, at: float) -> None:
        """Shoppers join for a tick: more where fewer stand there than usual at such a time."""
        pull = 1 + (self._wanted(at) - self.people) / (0.4 * self._middle)
        self._owed += self._rate * TICK_S * max(0.0, pull) * self._dice.uniform(0, 2)
        came = int(self._owed)
        self._owed -= came
        self.people += came

    def sold(self) -> None:
        """A register of this line sold something: the next one steps up."""
        self.people = max(0, self.people - 1)

    def _wanted(self, at: float) -> float:
        return self._middle + self._swing * sin(2 * pi * (at + self._phase) / PERIOD_S)


class Sales:
    """The notebooks of tills and kiosks, read as they grow."""

    def __init__(self, files: dict[Path, KioskId | None]) -> None:
        """A file belongs to one kiosk, or each of its lines says which."""
        self._files, self._read = files, dict.fromkeys(files, 0)

    def new(self) -> Iterator[KioskId]:
        """At which kiosks something was sold since this was last asked."""
        for file, kiosk in self._files.items():
            if not file.exists():
                continue
            with file.open("rb") as book:
                book.seek(self._read[file])
                lines = book.read().splitlines(keepends=True)
            for line in lines:
                if not line.endswith(b"\n"):
                    break  # it is still being written
                self._read[file] += len(line)
                note = json.loads(line) if line.startswith(b"{") else {}
                if "sale" in note:
                    yield kiosk or KioskId(note["kiosk"])


@dataclass(frozen=True, slots=True)
class Counter:
    """What hangs over the lines of one store."""

    store: DemoStore
    sensor: SensorId
    client: Client
    lines: dict[str, Standing]

    def tell(self) -> None:
        """So many stand in each line now; what cannot be sent is forgotten."""
        topic = str(Topic(self.store.store_id, KioskId(self.sensor), Channel.COUNT))
        for line, standing in self.lines.items():
            if self.client.is_connected():
                self.client.publish(topic, encode(Count(line, standing.people)))


def counter_over(store: DemoStore, port: int, password: str, seed: int) -> Counter:
    """A counter that is about to connect."""
    sensor = sensor_of(store)
    assert sensor is not None
    client = Client(CallbackAPIVersion.VERSION2, sensor)
    client.username_pw_set(sensor, password)
    client.reconnect_delay_set(1, 2)
    client.connect_async("127.0.0.1", port)
    client.loop_start()
    lines = dict[str, Standing]()
    for line, points in serving(store).items():
        kiosks = frozenset(map(store.kiosk_at, points))
        lines[line] = Standing(store, kiosks, random.Random(f"{seed}/{store.store_id}/{line}"))
    return Counter(store, sensor, client, lines)


class Ended:
    """Set by a signal. A plain flag: an Event waited for by the thread it interrupts can hang."""

    told = False

    def tell(self, *_: object) -> None:
        """Remember that it was told."""
        self.told = True


def run(counters: list[Counter], sales: Sales, pulled: Path, ended: Ended) -> None:
    """Until it is ended."""
    tick = 0
    while not ended.told:
        time.sleep(TICK_S)
        tick += 1
        standing = [line for counter in counters for line in counter.lines.values()]
        for kiosk in sales.new():
            for line in standing:
                if kiosk in line.kiosks:
                    line.sold()
        for line in standing:
            line.go_on(tick * TICK_S)
        is_time = tick % round(COUNT_EVERY_S / TICK_S) == 0 and tick * TICK_S > FIRST_COUNT_S
        if is_time and not pulled.exists():
            for counter in counters:
                counter.tell()


def main() -> int:
    """Count until a signal comes."""
    options = _options()
    told: dict[str, Any] = json.loads(options.settings.read_text())
    stores = demo_stores(datetime.fromisoformat(told["born"]))
    passwords: dict[str, str] = told["passwords"]
    counters = [
        counter_over(store, told["port"], passwords[sensor], options.seed)
        for store in stores
        if (sensor := sensor_of(store)) is not None
    ]
    first = stores[0].kiosk_at(stores[0].points[0])
    sales = Sales({options.logs / "till.log": first, options.logs / "neighbours.notes": None})
    ended = Ended()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ended.tell)
    run(counters, sales, options.pulled, ended)
    for counter in counters:
        counter.client.disconnect()
        counter.client.loop_stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.demo.counter", description=__doc__)
    parser.add_argument("--settings", type=Path, required=True, help="as the demo writes it")
    parser.add_argument("--logs", type=Path, required=True, help="where tills write their sales")
    parser.add_argument("--pulled", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
