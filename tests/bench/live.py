"""How long the answer that completes a step takes to the dashboard, with few and many viewers."""

from __future__ import annotations

import itertools
import json
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen

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
_STEP = 10
"""Answers in a message, five of each of two registers: each may be told at once, by every rule."""

_FEW, _MANY = 1, 500
_BARE_TICK, _EVENT_BYTES = 0.1, 8_000
_WHERE = "hub (intake, web, jobs), broker, publisher and viewers: a process each"


def run(long: bool) -> list[Row]:
    """Three rows: the lag at 1,000 records a second, with 500 viewers, and with both at once.

    It is that of the first message which a viewer had not been told of, from its publish to the
    first byte at that viewer.
    """
    seconds = 60 if long else 15
    with running_hub() as hub:
        busy = hub.watch(viewers=_FEW, a_tick=100, tick=0.1, seconds=seconds)
        crowd = hub.watch(viewers=_MANY, a_tick=10, tick=0.5, seconds=seconds)
        both = hub.watch(viewers=_MANY, a_tick=100, tick=0.1, seconds=seconds)
    bare = bare_lags(viewers=_MANY, steps=30)
    beside = f"p99 {_p99(bare):.0f} ms for 500 bare writes of as many bytes; {_WHERE}"
    step = "a step on the dashboard, "
    return [
        _row(f"{step}1,000 records a second, 1 viewer", busy, _WHERE),
        _row(f"{step}20 records a second, 500 viewers", crowd, beside),
        _row(f"{step}1,000 records a second, 500 viewers", both, beside),
    ]


def _row(name: str, lags: list[float], beside: str) -> Row:
    if len(lags) < 20:
        return Row(name, f"only {len(lags)} steps were seen", beside, "p99 250 ms", met=False)
    p99 = _p99(lags)
    figure = f"p50 {statistics.median(lags):.0f} ms, p99 {p99:.0f} ms over {len(lags)} arrivals"
    return Row(name, figure, beside, "p99 250 ms", p99 <= 250)


def _p99(lags: list[float]) -> float:
    return sorted(lags)[int(len(lags) * 0.99)]


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
    """When which answer was published, and how long each arrival at a viewer took."""

    told_before: int
    published: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)

    def hear(self, answers: dict[str, int], seen: list[tuple[str, float]]) -> None:
        """What one viewer saw: versions, and when each came."""
        known = 0
        for version, at in seen:
            total = answers.get(version, 0) - self.told_before
            if total > known:
                self._told(known, total, at)
                known = total

    def _told(self, before: int, now: int, at: float) -> None:
        if now <= len(self.published):
            self.lags.append((at - self.published[before]) * 1000)


class LiveHub:
    """A hub process with its dashboard, a line to its broker, and one signed-in session."""

    def __init__(self, line: Line, port: int, cookie: str) -> None:
        self._line, self._port, self._cookie = line, port, cookie
        self._kiosks = [
            Kiosk(name, f"{n + 100:016x}", records=answers_now()) for n, name in enumerate(KIOSKS)
        ]
        self._told_before = 0

    def watch(self, *, viewers: int, a_tick: int, tick: float, seconds: float) -> list[float]:
        """Publish for so long while so many look; the lags in ms of all arrivals."""
        watch = Watch(self._told_before)
        with looking(self._port, self._cookie, viewers, seconds + 1) as crowd:
            self._publish(watch, a_tick, tick, seconds)
            noted = json.loads(crowd.communicate(timeout=60)[0])
        for seen in noted["seen"]:
            watch.hear(noted["answers"], seen)
        self._told_before += len(watch.published)
        return watch.lags

    def _publish(self, watch: Watch, a_tick: int, tick: float, seconds: float) -> None:
        ends = due = time.monotonic()
        ends += seconds
        turn = itertools.cycle(self._kiosks)
        while time.monotonic() < ends:
            for kiosk in itertools.islice(turn, a_tick // _STEP):
                payload = kiosk.batch(_STEP)
                topic = str(Topic(STORE, kiosk.name, Channel.RECORDS))
                now = time.perf_counter()
                self._line.client.publish(topic, payload, qos=1)
                watch.published += [now] * _STEP
            due += tick
            time.sleep(max(0.0, due - time.monotonic()))


@contextmanager
def looking(port: int, cookie: str, viewers: int, seconds: float) -> Iterator[Popen[str]]:
    """So many viewers who have begun to look, in a process of their own."""
    page = ["127.0.0.1", str(port), f"/stores/{STORE}/today", cookie]
    command = python("tests.bench.live_viewers", *page, str(viewers), str(seconds))
    with Popen(command, stdout=PIPE, text=True) as crowd:
        try:
            if crowd.stdout is None or not crowd.stdout.readline():
                raise ConnectionError("nobody looks")
            yield crowd
        finally:
            crowd.kill()


def bare_lags(viewers: int, steps: int) -> list[float]:
    """The lags in ms of the same bytes from a loop that does nothing but write them."""
    begun: list[float] = []
    with socket.create_server(("127.0.0.1", 0), backlog=viewers) as door:
        writer = threading.Thread(target=_write, args=(door, viewers, steps, begun), daemon=True)
        writer.start()
        with looking(door.getsockname()[1], "none=", viewers, steps * _BARE_TICK + 2) as crowd:
            noted = json.loads(crowd.communicate(timeout=60)[0])
    return [(at - begun[int(name)]) * 1000 for seen in noted["seen"] for name, at in seen]


def _write(door: socket.socket, viewers: int, steps: int, begun: list[float]) -> None:
    with ExitStack() as lines:
        page, *crowd = [lines.enter_context(_answered(door)) for _ in range(1 + viewers)]
        page.close()
        for step in range(steps):
            time.sleep(_BARE_TICK)
            event = b"\nid: %d\n%s\n\n" % (step, b"x" * _EVENT_BYTES)
            begun.append(time.perf_counter())
            for line in crowd:
                line.sendall(event)


def _answered(door: socket.socket) -> socket.socket:
    line, _ = door.accept()
    line.recv(_EVENT_BYTES)
    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    return line


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
                yield LiveHub(line, port, f"{COOKIE}={secret}")
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
