"""How soon a notice is on every kiosk of a store after the event that changed it, all parts real.

A broker, a hub as a process of its own, six kiosks that listen, and a counter. Between two events
lies a time by chance, so that the pause between two looks at a store is in the figure.
"""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from hub.adapters.database import open_engine
from hub.adapters.layouts import SqlLayouts
from hub.core.accounts import Note
from hub.core.ports import Point, Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from shared.moments import Moment
from shared.notices import Notice, Pulse
from shared.places import KioskId, PointId, SensorId, StoreId
from shared.sales import Sale, SaleSource
from shared.sensing import Count, Passing, Way
from shared.topics import Channel, Topic
from shared.wire import decode, encode, encode_record
from tests.bench.rows import Row
from tests.parts.hub import HubProcess, StrangersKiosk, wait_until
from tests.parts.mosquitto import RunningBroker, running_broker

KIOSKS: Final = 6
LINE: Final = LineId("line-1")

SERVICE_MS: Final = 60_000
CROWD: Final = 24
GROUP: Final = 12
"""So many join or leave together: two minutes more, or less, before six registers."""

LATE_S: Final = 5.0
"""An event whose notice is not everywhere by then has failed, and the bench with it."""


class Listener(StrangersKiosk):
    """A kiosk that writes down when which minutes came."""

    def __init__(self, store: StoreId, point: PointId, *its: Any) -> None:
        super().__init__(*its)
        self.store, self.point = store, point
        self.minutes: int | None = None
        self.news = threading.Condition()
        self.came = 0.0

    def sell(self, at: int) -> None:
        """A sale is kept; it goes with the next batch."""
        boot = at % 86_400_000
        moment = Moment(at, boot, synced=True)
        name = random.randbytes(16).hex()
        self.keep(encode_record(Sale(name, self.point, "b0" * 16, moment, SaleSource.RECEIPT)))

    def topic(self, channel: Channel) -> str:
        """One of its topics."""
        return str(Topic(self.store, self.kiosk, channel))

    def wait_for(self, right: Callable[[int | None], bool]) -> float:
        """When such a notice had come (monotonic)."""
        with self.news:
            found = self.news.wait_for(lambda: right(self.minutes), LATE_S)
            assert found, f"{self.kiosk} still shows {self.minutes}"
            return self.came

    def _greet(self, client: paho.Client, *its: Any) -> None:
        super()._greet(client, *its)
        client.subscribe(self.topic(Channel.NOTICE), 1)

    def _hear(self, client: Any, data: Any, message: paho.MQTTMessage) -> None:
        if message.topic != self.topic(Channel.NOTICE):
            super()._hear(client, data, message)
            return
        payload, now = bytes(message.payload), time.monotonic()
        minutes = decode(Notice, payload).minutes if payload else None
        with self.news:
            if minutes != self.minutes:
                self.minutes, self.came = minutes, now
                self.news.notify_all()


class Shop:
    """A store with one line before six registers, its counter and its kiosks."""

    def __init__(self, number: int, broker: RunningBroker, hub: HubProcess, folder: Path) -> None:
        office, self.store = hub.office, StoreId(f"store-{number}")
        self.counter_id = SensorId(f"counter-{number}")
        office.registry.add_store(Store(self.store, f"Store {number}", "Europe/Madrid"))
        points = [PointId(f"caja-{place + 1}") for place in range(KIOSKS)]
        self.kiosks = []
        for place, point in enumerate(points):
            office.registry.add_point(Point(self.store, point, f"Caja {place + 1}"))
            name = KioskId(f"k-{number}-{place + 1}")
            password = office.enrol(name, self.store, point).password
            self.kiosks.append(Listener(self.store, point, broker, name, password))
        engine = open_engine(f"sqlite:///{folder / 'hub.db'}")
        layout = Layout(1, (Line(LINE, tuple(points)),), usual_ms=SERVICE_MS)
        SqlLayouts(engine).lay_out(self.store, layout, 1, Note(1, "bench", "layout", self.store))
        engine.dispose()
        password = office.add_sensor(self.counter_id, self.store).password
        self._broker = broker
        self.counter = paho.Client(CallbackAPIVersion.VERSION2, self.counter_id)
        self.counter.username_pw_set(self.counter_id, password)
        self.dice = random.Random(number)

    @contextmanager
    def open(self, registers: int) -> Iterator[Shop]:
        """So many registers have sold something, and people are counted."""
        self.counter.connect(self._broker.host, self._broker.port)
        self.counter.loop_start()
        for kiosk in self.kiosks:
            kiosk.connect()
        try:
            wait_until(lambda: self._is_told(registers), "the first notice")
            yield self
        finally:
            self.close()

    def _is_told(self, registers: int) -> bool:
        for kiosk in self.kiosks[:registers]:
            kiosk.say(encode(Pulse(kiosk.point, _now_ms())), Channel.PULSE)
        self.tell(Count(LINE, CROWD))
        time.sleep(1.0)  # and what follows from it is told, too
        return all(kiosk.minutes for kiosk in self.kiosks)

    def tell(self, word: Count | Passing) -> float:
        """The counter over the line says this; returns when that was said (monotonic)."""
        said = time.monotonic()
        channel = Channel.COUNT if isinstance(word, Count) else Channel.PASSING
        self.counter.publish(
            str(Topic(self.store, KioskId(self.counter_id), channel)), encode(word)
        )
        return said

    def pass_by(self, way: Way) -> float:
        """A group joins, or leaves; returns when the last of it was said."""
        return [self.tell(Passing(LINE, way)) for _ in range(GROUP)][-1]

    def rest(self, least: float, most: float) -> None:
        """Between two events."""
        time.sleep(self.dice.uniform(least, most))

    def everywhere(self, said: float, right: Callable[[int | None], bool]) -> float:
        """How long after it was said such a notice was on the last kiosk (ms)."""
        return 1_000 * (max(kiosk.wait_for(right) for kiosk in self.kiosks) - said)

    def close(self) -> None:
        """End it."""
        for kiosk in self.kiosks:
            kiosk.close()
        self.counter.disconnect()
        self.counter.loop_stop()


def rows(long: bool) -> list[Row]:
    """Both figures."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        broker = stack.enter_context(running_broker(folder / "mosquitto"))
        hub = HubProcess(folder, broker)
        hub.prepare()
        stack.callback(hub.program.stop)
        first, *others = [Shop(one, broker, hub, folder) for one in range(9 if long else 5)]
        hub.start()
        groups = list(_groups(first, 400 if long else 120))
        records = [took for shop in others for took in _openings(shop)]
    return [
        _row(f"people who join or leave, until the wait is on all {KIOSKS} kiosks", groups),
        _row("a register that opens, known by its sale's record alone (the pulse lost)", records),
    ]


def _groups(shop: Shop, events: int) -> Iterator[float]:
    """A group joins, the next one leaves."""
    with shop.open(KIOSKS):
        for number in range(events):
            shop.rest(0.3, 0.9)
            before, rises = shop.kiosks[0].minutes, number % 2 == 0
            said = shop.pass_by(Way.ENTERED if rises else Way.LEFT)
            yield shop.everywhere(said, partial(_moved, before, rises=rises))


def _openings(shop: Shop) -> Iterator[float]:
    """One register after the other."""
    with shop.open(1):
        for kiosk in shop.kiosks[1:]:
            shop.rest(0.5, 1.5)
            before = shop.kiosks[0].minutes
            kiosk.sell(_now_ms())
            said = time.monotonic()
            kiosk.send()
            yield shop.everywhere(said, partial(_moved, before, rises=False))


def _moved(before: int | None, after: int | None, *, rises: bool) -> bool:
    if before is None or after is None:
        return False
    return after > before if rises else after < before


def _row(name: str, took: Sequence[float]) -> Row:
    ordered = sorted(took)
    last = ordered[min(len(ordered) - 1, int(0.99 * len(ordered)))]
    return Row(
        f"{name}, {len(took)} events",
        f"median {median(took):.0f} ms, 99 % within {last:.0f} ms, worst {ordered[-1]:.0f} ms",
        "0.25 s that lie between two looks at a store, 125 ms on average where much happens",
        "99 % within 1 s",
        last <= 1_000,
    )


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
