"""How many devices a second one hub lets in and renews: a thousand, by HTTP, all parts real.

Keys and requests are made before: that is each device's own work.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from hub.adapters.archive import SqlArchive
from hub.adapters.database import open_engine
from hub.core.ports import Point, Store
from hub.settings import load_settings
from hub.wiring.bureau import Bureau
from hub.wiring.identity import identity_of
from shared.joining import Joined
from shared.places import KioskId, PointId, StoreId
from shared.wire import decode
from tests.bench.rows import Row
from tests.fakes.metrics import FakeMetrics
from tests.parts.devices import Device
from tests.parts.hub import HubProcess
from tests.parts.mosquitto import running_broker
from tests.parts.ports import free_port

DEVICES: Final = 1_000
A_STORE: Final = 20
AT_ONCE: Final = 16
"""Devices that speak at the same moment: a van full of them, in several stores."""

GOAL: Final = 50.0


def run(long: bool) -> list[Row]:
    """Join, then renew; `long` changes nothing: a thousand are quickly there."""
    del long
    devices = [Device() for _ in range(DEVICES)]
    with _hub() as (hub, codes):
        wishes = [
            {"code": code, "csr": device.request()}
            for code, device in zip(codes, devices, strict=True)
        ]
        worked = _worked(hub)
        join, answers = _ask(hub.web_port, "/api/v1/join", wishes)
        joining, worked = _worked(hub) - worked, _worked(hub)
        joined = [decode(Joined, body) for body in answers if body is not None]
        news = [(Device().request(), old) for old in devices]
        wishes = [
            {"certificate": one.certificate, "csr": asked, "proof": old.prove(asked)}
            for one, (asked, old) in zip(joined, news, strict=False)
        ]
        renew, renewed = _ask(hub.web_port, "/api/v1/renew", wishes)
        renewing = _worked(hub) - worked
        again = [_status(hub.web_port, codes[0]) for _ in range(3)]  # and then it has to wait
    names = {one.kiosk_id for one in joined}
    return [
        _row("join", join, joining, answers, len(names) == DEVICES),
        _row("renew", renew, renewing, renewed, again == [403, 429, 429]),
    ]


def _worked(hub: HubProcess) -> float:
    """Seconds of processor time that the hub has used: what others do at the time is not in it."""
    process = hub.program._process
    assert process is not None
    ticks = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _row(
    name: str, seconds: float, worked: float, answers: Sequence[bytes | None], right: bool
) -> Row:
    failed = sum(body is None for body in answers) + DEVICES - len(answers)
    rate = (DEVICES - failed) / seconds
    return Row(
        f"{DEVICES:,} devices {name}, {AT_ONCE} at once",
        f"{rate:,.0f}/s, {failed} failed; {worked / DEVICES * 1_000:.1f} ms of the hub's processor "
        "time each" + ("" if right else ", and not all was right"),
        "one connection a device, keys made before",
        f"at least {GOAL:.0f}/s, 0 failed",
        rate >= GOAL and not failed and right,
    )


def _ask(
    port: int, path: str, wishes: Sequence[dict[str, Any]]
) -> tuple[float, list[bytes | None]]:
    """Each wish on a connection of its own; the seconds for all, and what was answered."""
    answers: list[bytes | None] = [None] * len(wishes)
    waiting, lock = iter(range(len(wishes))), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                return
            answers[number] = _one(port, path, wishes[number])[1]

    return _timed(work), answers


def _timed(work: Callable[[], None]) -> float:
    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    return time.perf_counter() - began


def _status(port: int, code: str) -> int:
    return _one(port, "/api/v1/join", {"code": code, "csr": Device().request()})[0]


def _one(port: int, path: str, wish: dict[str, Any]) -> tuple[int, bytes | None]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        kind = {"content-type": "application/json"}
        connection.request("POST", path, json.dumps(wish), kind)
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, HTTPException):
        return 0, None
    finally:
        connection.close()
    return answer.status, body if answer.status == 200 else None


@contextmanager
def _hub() -> Iterator[tuple[HubProcess, list[str]]]:
    with tempfile.TemporaryDirectory(prefix="semblante-joining-") as name:
        folder = Path(name)
        with running_broker(folder / "mosquitto") as broker:
            hub = HubProcess(folder, broker)
            with hub.config.open("a") as settings:
                settings.write('[authority]\nfolder = "authority"\n')
            # the broker of this bench has no door for certificates: it is not knocked at in vain
            hub._env["SEMBLANTE_MOSQUITTO__TLS_PORT"] = str(free_port())
            codes = _prepared(hub)
            hub.start()
            try:
                yield hub, codes
            finally:
                hub.program.stop()


def _prepared(hub: HubProcess) -> list[str]:
    hub.office.migrate()
    settings = load_settings(hub.config)
    Bureau(settings).make()
    engine = open_engine(settings.database.url)
    archive, identity = SqlArchive(engine), identity_of(settings, engine, FakeMetrics())
    codes = list[str]()
    for number in range(DEVICES):
        store = StoreId(f"store-{number // A_STORE}")
        point = PointId(f"caja-{number % A_STORE}")
        if number % A_STORE == 0:
            archive.add_store(Store(store, f"Store {number}", "Europe/Madrid"), 1)
        archive.add_point(Point(store, point, "Caja"))
        codes.append(identity.issue(store, point, KioskId(f"k-{number}"), "bench").text)
    return codes
