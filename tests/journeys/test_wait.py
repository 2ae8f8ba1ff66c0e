"""A wait is told, taken back and told again, on a real kiosk, by a real hub and broker."""

from __future__ import annotations

import http.client
import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import Engine, func, select

from hub.adapters import tables as t
from hub.adapters.database import open_engine, reading
from hub.adapters.layouts import SqlLayouts
from hub.core.accounts import Note
from hub.core.ports import Point, Store
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.core.waiting.noticing import Terms
from shared.notices import Pulse
from shared.places import KioskId, PointId, SensorId
from shared.sensing import Count
from shared.topics import Channel, Topic
from shared.wire import encode
from tests.demo.programs import Program, python
from tests.demo.stores import demo_stores
from tests.parts.hub import HubProcess, wait_until
from tests.parts.mosquitto import RunningBroker, running_broker
from tests.parts.ports import free_port, wait_for_port

pytestmark = [pytest.mark.journey, pytest.mark.screen]

BORN = datetime(2025, 11, 22, 12, tzinfo=UTC)
SHOP = demo_stores(BORN)[0]
STORE, LINE = SHOP.store_id, LineId("line-1")
HERE, BESIDE = PointId("caja-1"), PointId("caja-2")
COUNTER = SensorId("counter-1")
TOKEN = "a token of some length"

TERMS = Terms(fresh_seconds=6, silent_seconds=3)
"""A store in a hurry: what takes a minute elsewhere takes seconds here."""

LOOKED_S: Final = 5.0
"""A store of which nothing is heard is looked at so often."""

SLACK_S: Final = 5.0
"""The machine may be busy."""


class Seen(NamedTuple):
    """What the kiosk's glass shows."""

    page: str
    wait: int | None


class Glass:
    """The real kiosk with its window, as a program; what it shows stands in its notes."""

    def __init__(self, folder: Path, broker: RunningBroker, password: str) -> None:
        self.door, self._notes = free_port(), folder / "kiosk.notes"
        config = folder / "kiosk.toml"
        config.write_text(f"""
            store = "{STORE}"
            point = "{HERE}"
            kiosk = "{SHOP.kiosk_at(HERE)}"
            [broker]
            host = "{broker.host}"
            port = {broker.port}
            password = "{password}"
            longest_wait = 1
            [outbox]
            path = "outbox.db"
            [screen]
            driver = "offscreen"
            fullscreen = false
            [door]
            token = "{TOKEN}"
            port = {self.door}
            drills = true
        """)
        arguments = ("--config", str(config), "--notes", str(self._notes))
        command = python("tests.demo.kiosk", *arguments, "--born", BORN.isoformat())
        self.program = Program("kiosk", command, folder)

    def start(self) -> None:
        self.program.start()
        wait_for_port(self.door)

    def sells(self) -> None:
        """A sale; its shopper says “not now”."""
        for path in ("/sale", "/not-now"):
            with closing(http.client.HTTPConnection("127.0.0.1", self.door, timeout=5)) as door:
                door.request("POST", path, "{}", {"Authorization": f"Bearer {TOKEN}"})
                assert door.getresponse().status == 200

    @property
    def shows(self) -> Seen:
        lines = self._notes.read_text().splitlines()
        notes = [json.loads(line) for line in lines if line.endswith("}")]
        pages = [note for note in notes if "page" in note]
        return Seen(pages[-1]["page"], pages[-1].get("wait")) if pages else Seen("", None)

    def is_waiting(self) -> bool:
        return self.shows.wait is not None


class CountedLine:
    """The line: its counter tells sixty twice a second, and the register beside sells."""

    def __init__(self, broker: RunningBroker, beside: KioskId, passwords: dict[str, str]) -> None:
        self.plugged = False
        self._ended = threading.Event()
        self._counter = client_of(broker, COUNTER, passwords[COUNTER])
        self._beside = client_of(broker, beside, passwords[beside])
        self._pulses = str(Topic(STORE, beside, Channel.PULSE))
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> CountedLine:
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._ended.set()
        self._thread.join(5)
        for client in (self._counter, self._beside):
            client.disconnect()
            client.loop_stop()

    def _run(self) -> None:
        counts = str(Topic(STORE, KioskId(COUNTER), Channel.COUNT))
        while not self._ended.wait(0.5):
            if self.plugged:
                now = time.time_ns() // 1_000_000
                self._beside.publish(self._pulses, encode(Pulse(BESIDE, now)))
                self._counter.publish(counts, encode(Count(LINE, 60)))


def client_of(broker: RunningBroker, name: str, password: str) -> Client:
    client = Client(CallbackAPIVersion.VERSION2, name)
    client.username_pw_set(name, password)
    client.connect(broker.host, broker.port)
    client.loop_start()
    return client


class Shop(NamedTuple):
    """Everything that runs."""

    hub: HubProcess
    glass: Glass
    line: CountedLine
    engine: Engine
    display: str

    def kept(self) -> tuple[int | None, str | None] | None:
        """What the table `notices` says of the line now."""
        n = t.notices.c
        query = select(n.minutes, n.withdrawn).where(n.line_id == LINE).order_by(n.at.desc())
        with reading(self.engine) as db:
            row = db.execute(query.limit(1)).first()
        return None if row is None else (row.minutes, row.withdrawn)

    def received(self) -> int:
        """How many records the hub holds: sales, and the visits of those who did not answer."""
        with reading(self.engine) as db:
            return db.scalar(select(func.count()).select_from(t.records)) or 0

    def displayed(self) -> int | None:
        """What the display in the store shows of it."""
        (line,) = json.loads(self.hub.get(self.display))["lines"]
        return None if line["minutes"] is None else int(line["minutes"])

    def agrees(self) -> bool:
        """Whether glass, table and display say the same wait."""
        shown, kept = self.glass.shows.wait, self.kept()
        return kept is not None and shown == kept[0] == self.displayed() is not None


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with ExitStack() as stack:
        broker = stack.enter_context(running_broker(tmp_path / "mosquitto"))
        hub = HubProcess(tmp_path, broker)
        passwords = enrolled(hub)
        engine = open_engine(f"sqlite:///{tmp_path / 'hub.db'}")
        stack.callback(engine.dispose)
        lay_out(engine)
        stack.callback(hub.program.stop)
        hub.start()
        glass = Glass(tmp_path, broker, passwords[SHOP.kiosk_at(HERE)])
        stack.callback(glass.program.stop)
        glass.start()
        line = stack.enter_context(CountedLine(broker, SHOP.kiosk_at(BESIDE), passwords))
        address = hub.office.display(STORE).partition("/display/")[2]
        yield Shop(hub, glass, line, engine, f"/display/{address}/now")


def enrolled(hub: HubProcess) -> dict[str, str]:
    office = hub.office
    office.migrate()
    office.registry.add_store(Store(STORE, SHOP.name, "Europe/Madrid"))
    passwords: dict[str, str] = {COUNTER: ""}
    for point in (HERE, BESIDE):
        office.registry.add_point(Point(STORE, point, f"Caja {point[5:]}"))
        kiosk = SHOP.kiosk_at(point)
        passwords[kiosk] = office.enrol(kiosk, STORE, point).password
    passwords[COUNTER] = office.add_sensor(COUNTER, STORE).password
    return passwords


def lay_out(engine: Engine) -> None:
    line = Line(LINE, (HERE, BESIDE))
    layout = Layout(1, (line,), usual_ms=5_000, terms=TERMS)
    SqlLayouts(engine).lay_out(STORE, layout, 1, Note(1, "tests", "layout", STORE))


@pytest.mark.timeout(120)
def test_a_wait_is_told_taken_back_stale_without_a_hub_and_told_again(shop: Shop) -> None:
    glass = shop.glass
    for number in range(1, 5):  # receipts tell a kiosk the time, where its own clock is in doubt
        glass.sells()
        wait_until(lambda least=2 * number: shop.received() >= least, "a receipt")  # type: ignore[misc]
    shop.line.plugged = True
    wait_until(shop.agrees, "a wait is told")
    shop.line.plugged = False
    bound = TERMS.silent_seconds + LOOKED_S + SLACK_S
    wait_until(lambda: not glass.is_waiting(), "it is taken back", bound)
    wait_until(lambda: shop.kept() == (None, "stale"), "that is kept")
    assert shop.displayed() is None
    shop.line.plugged = True
    wait_until(shop.agrees, "it is told again")
    shop.hub.program.signal(signal.SIGKILL)
    assert glass.is_waiting()
    wait_until(lambda: not glass.is_waiting(), "it is stale", TERMS.fresh_seconds + SLACK_S)
    assert glass.shows.page == "Resting"
    shop.hub.program.kill()
    shop.hub.start()
    wait_until(shop.agrees, "it is told by the next hub")
