"""How long the answer that completes a step takes to the dashboard, with few and many viewers."""

from __future__ import annotations

import asyncio
import itertools
import re
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hub.adapters.archive import SqlArchive
from hub.adapters.database import open_engine
from hub.adapters.migrations import migrate
from hub.core.ports import Point, Store
from hub.core.roles import Role
from hub.settings import load_settings
from hub.wiring import Office
from shared.moments import Moment
from shared.places import PointId
from shared.records import Record
from shared.topics import Channel, Topic
from shared.visits import Face, Input, Outcome, Visit
from tests.bench.end_to_end import KIOSKS, STORE, Kiosk, Line, open_broker
from tests.bench.rows import Row
from tests.demo.programs import Program, python
from tests.parts.ports import free_port, wait_for_port

PASSWORD = "quiet otters swim upstream"
COOKIE = "semblante-session"
_STEP = 5
_FEW, _MANY = 1, 500
_ANSWERS = re.compile(rb"(\d[\d,.\xa0]*) answers")


def run(long: bool) -> list[Row]:
    """Two rows: the lag at 1,000 records a second, and with 500 viewers."""
    seconds = 60 if long else 15
    with running_hub() as hub:
        busy = hub.watch(viewers=_FEW, a_tick=100, tick=0.1, seconds=seconds)
        crowd = hub.watch(viewers=_MANY, a_tick=10, tick=1.0, seconds=seconds)
    return [
        _row("a step on the dashboard, 1,000 records a second", busy, "1 viewer"),
        _row("a step on the dashboard, 500 viewers", crowd, "10 records a second"),
    ]


def _row(name: str, lags: list[float], beside: str) -> Row:
    lags = sorted(lags)
    if len(lags) < 20:
        return Row(name, f"only {len(lags)} steps were seen", beside, "p99 250 ms", met=False)
    p99 = lags[int(len(lags) * 0.99)]
    figure = f"p50 {statistics.median(lags):.0f} ms, p99 {p99:.0f} ms over {len(lags)} arrivals"
    return Row(name, figure, beside, "p99 250 ms", p99 <= 250)


def answers_now() -> Iterator[Record]:
    """Answers given just now, for ever."""
    for n in itertools.count():
        now = Moment(time.time_ns() // 1_000_000, n, synced=True)
        yield Visit(
            PointId(f"caja-{n % 2 + 1}"),
            "b0" * 16,
            now,
            Outcome.ANSWERED,
            "es",
            1,
            1,
            input=Input.TOUCH,
            face=Face.HAPPY,
            answered=now,
        )


@dataclass
class Watch:
    """When which answer was published, and when each viewer was first told of so many."""

    published: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)

    def told(self, before: int, now: int, at: float) -> None:
        """A viewer who knew of `before` answers was told of `now`."""
        completing = before + _STEP - 1  # the first answer of the step's five is number `before`
        if before < now <= len(self.published) and completing < now:
            self.lags.append((at - self.published[completing]) * 1000)


class LiveHub:
    """A hub process with its dashboard, a line to its broker, and one signed-in session."""

    def __init__(self, line: Line, address: str, cookies: dict[str, str]) -> None:
        self._line, self._address, self._cookies = line, address, cookies
        self._kiosks = [
            Kiosk(name, f"{n + 100:016x}", records=answers_now()) for n, name in enumerate(KIOSKS)
        ]
        self._told_before = 0

    def watch(self, *, viewers: int, a_tick: int, tick: float, seconds: float) -> list[float]:
        """Publish for so long while so many look; the lags in ms of all arrivals."""
        watch = Watch()
        publisher = threading.Thread(
            target=self._publish, args=(watch, a_tick, tick, seconds), daemon=True
        )
        asyncio.run(self._look(watch, publisher, viewers, seconds))
        publisher.join()
        self._told_before += len(watch.published)
        return watch.lags

    def _publish(self, watch: Watch, a_tick: int, tick: float, seconds: float) -> None:
        ends = due = time.monotonic()
        ends += seconds
        turn = itertools.cycle(self._kiosks)
        while time.monotonic() < ends:
            for kiosk in itertools.islice(turn, max(1, a_tick // 5)):
                payload = kiosk.batch(5)
                topic = str(Topic(STORE, kiosk.name, Channel.RECORDS))
                now = time.perf_counter()
                self._line.client.publish(topic, payload, qos=1)
                watch.published += [now] * 5
            due += tick
            time.sleep(max(0.0, due - time.monotonic()))

    async def _look(
        self, watch: Watch, publisher: threading.Thread, viewers: int, seconds: float
    ) -> None:
        tasks = [asyncio.create_task(self._view(watch)) for _ in range(viewers)]
        await asyncio.sleep(min(5.0, 0.5 + viewers / 100))
        publisher.start()
        await asyncio.sleep(seconds + 1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _view(self, watch: Watch) -> None:
        # Plain sockets: five hundred viewers must not cost more than the hub that they measure.
        host, _, port = self._address.removeprefix("http://").partition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        head = f"GET /stores/{STORE}/today/live HTTP/1.1\r\nHost: {host}\r\n"
        head += f"Cookie: {cookies}\r\n\r\n"
        writer.write(head.encode())
        if b" 200 " not in await reader.readline():
            raise ConnectionError("the hub does not let the bench look")
        known = 0
        while chunk := await reader.read(1 << 20):
            at = time.perf_counter()
            found = _ANSWERS.search(chunk)
            if found is not None:
                total = int(re.sub(rb"\D", b"", found[1])) - self._told_before
                if total > known:
                    watch.told(known, total, at)
                    known = total


@contextmanager
def running_hub() -> Iterator[LiveHub]:
    """Broker, hub process with all its roles on SQLite, an administrator who has signed in."""
    with tempfile.TemporaryDirectory(prefix="semblante-bench-") as name:
        folder = Path(name)
        with open_broker(folder / "broker") as broker:
            port = free_port()
            (folder / "hub.toml").write_text(
                f'[database]\nurl = "sqlite:///{folder / "hub.db"}"\n[web]\nport = {port}\n'
                f'[broker]\nport = {broker.port}\npassword = "{broker.hub_password}"\n'
            )
            secret = _prepare(folder)
            command = python("hub", "run", "--config", str(folder / "hub.toml"))
            program = Program("hub", command, folder)
            program.start()
            try:
                wait_for_port(port, seconds=30)
                line = Line(broker)
                time.sleep(1)  # the hub's subscription; before it nothing would be counted
                yield LiveHub(line, f"http://127.0.0.1:{port}", {COOKIE: secret})
                line.close()
            finally:
                program.stop()


def _prepare(folder: Path) -> str:
    """Store, two registers, twenty kiosks, and the secret of a session."""
    url = f"sqlite:///{folder / 'hub.db'}"
    engine = open_engine(url)
    migrate(engine)
    archive, now = SqlArchive(engine), time.time_ns() // 1_000_000
    archive.add_store(Store(STORE, "Centro", "UTC", 0, 24), now)
    for number in (1, 2):
        archive.add_point(Point(STORE, PointId(f"caja-{number}"), f"Caja {number}"))
    for kiosk in KIOSKS:
        archive.enrol_kiosk(kiosk, STORE, now)
    engine.dispose()
    accounts = Office(load_settings(folder / "hub.toml")).accounts
    accounts.add_user("bench", PASSWORD, Role.ANALYST, by="bench")
    secret, _ = accounts.sign_in("bench", PASSWORD, "127.0.0.1")
    return secret
