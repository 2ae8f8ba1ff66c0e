"""A release comes to a thousand kiosks: decided by the real rollout, fetched from a real hub."""

from __future__ import annotations

import hashlib
import random
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, update

from hub.adapters.archive import SqlArchive
from hub.adapters.bundles import BundleShelf
from hub.adapters.database import open_engine, writing
from hub.adapters.fleet import SqlFleet
from hub.adapters.orders import SqlOrders
from hub.adapters.rollouts import SqlRollouts
from hub.adapters.tables import commands
from hub.core.fleet import KioskKey, LastWord
from hub.core.ports import Point, Store
from hub.core.rollouts import Stage, State
from hub.orders import Orders
from hub.rollouts import Rollouts
from hub.settings import load_settings
from shared.notices import Presence, Status
from shared.places import KioskId, PointId, StoreId
from tests.bench.rows import Row
from tests.parts.hub import HubProcess
from tests.parts.mosquitto import running_broker
from tests.parts.releases import Releases

KIOSKS: Final = 1_000
A_STORE: Final = 20
VERSION: Final = "2.0"
BUNDLE_MB: Final = 4
"""A tenth of a real one: a thousand of them are 4 GB through this machine's loopback."""

AT_ONCE: Final = 16
MINUTE_MS: Final = 60_000
BEGIN_MS: Final = 1_790_000_000_000


class _Minutes:
    """The hub's clock, a minute a look."""

    def __init__(self) -> None:
        self.ms = BEGIN_MS

    def __call__(self) -> int:
        return self.ms


def run(long: bool) -> list[Row]:
    """All of them, ring by ring without rests; `long` changes nothing."""
    del long
    with tempfile.TemporaryDirectory(prefix="semblante-updating-") as name, _hub(Path(name)) as hub:
        settings = load_settings(hub.config)
        shelf = BundleShelf(settings.bundles.folder)
        whole = _digest(shelf)
        engine, clock = open_engine(settings.database.url), _Minutes()
        fleet = SqlFleet(engine)
        who = _kiosks(engine, fleet, clock())
        orders = Orders(SqlOrders(engine), clock)
        rollouts = Rollouts(SqlRollouts(engine), fleet, shelf, orders, clock)
        rollouts.begin(VERSION, "bench", rest_hours=0)
        worked = fetching = 0.0
        minutes = failed = most = 0
        while rollouts.rollouts()[0].state is State.RUNNING and minutes < KIOSKS:
            began = time.process_time()
            rollouts.look()
            worked += time.process_time() - began
            ordered = _ordered(rollouts)
            most = max(most, len(ordered))
            began = time.perf_counter()
            failed += _fetch(hub.web_port, len(ordered), whole)
            fetching += time.perf_counter() - began
            _answer(engine)
            minutes, clock.ms = minutes + 1, clock.ms + MINUTE_MS
        counts = rollouts.told(rollouts.rollouts()[0]).progress.counts()
        engine.dispose()
    took = counts[Stage.UPDATED]
    rate = len(who) / fetching
    return [
        Row(
            f"{KIOSKS:,} kiosks take a release, at most half of a store at once",
            f"{took:,} updated, {failed} failed, in {minutes} looks, {most} at it at most; "
            f"{worked / minutes * 1_000:.0f} ms of processor time a look",
            f"{KIOSKS // A_STORE} stores, no rest between rings",
            "all updated, 0 failed",
            took == KIOSKS and failed == 0,
        ),
        Row(
            f"a bundle of {BUNDLE_MB} MB, fetched by {AT_ONCE} at once",
            f"{rate:,.0f}/s, {rate * BUNDLE_MB:,.0f} MB/s",
            "one hub process, loopback",
            "at least 12 MB/s, what a line of 100 Mbit/s carries",
            rate * BUNDLE_MB >= 12,
        ),
    ]


def _ordered(rollouts: Rollouts) -> Sequence[KioskKey]:
    stages = rollouts.told(rollouts.rollouts()[0]).progress.stages
    return [who for who, stage in stages.items() if stage is Stage.ORDERED]


def _answer(engine: Engine) -> None:
    with writing(engine) as db:
        db.execute(update(commands).where(commands.c.outcome.is_(None)).values(outcome="done"))


def _fetch(port: int, many: int, whole: str) -> int:
    """So many kiosks fetch it; how many did not get it whole."""
    waiting, lock, failed = iter(range(many)), threading.Lock(), list[int]()

    def work() -> None:
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                return
            if _one(port) != whole:
                failed.append(number)

    threads = [threading.Thread(target=work) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    return len(failed)


def _one(port: int) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", f"/api/v1/bundles/{VERSION}")
        return hashlib.sha256(connection.getresponse().read()).hexdigest()
    except (OSError, HTTPException):
        return ""
    finally:
        connection.close()


def _digest(shelf: BundleShelf) -> str:
    file = shelf.file(VERSION)
    return "" if file is None else hashlib.sha256(file.read_bytes()).hexdigest()


def _kiosks(engine: Engine, fleet: SqlFleet, now: int) -> list[KioskKey]:
    """A thousand, all of them there."""
    archive, who = SqlArchive(engine), list[KioskKey]()
    for number in range(KIOSKS):
        store = StoreId(f"store-{number // A_STORE}")
        point = PointId(f"caja-{number % A_STORE}")
        if number % A_STORE == 0:
            archive.add_store(Store(store, f"Store {number}", "Europe/Madrid"), 1)
        archive.add_point(Point(store, point, "Caja"))
        kiosk = KioskId(f"k-{number}")
        archive.enrol_kiosk(kiosk, store, 1)
        who.append(KioskKey(store, kiosk))
    words = {
        one: LastWord(
            Status(f"{at:016x}", 1, Presence.ONLINE, "1.0", now, held_from=1, held_to=0), now
        )
        for at, one in enumerate(who)
    }
    fleet.remember(words)
    return who


@contextmanager
def _hub(folder: Path) -> Iterator[HubProcess]:
    releases = Releases()
    releases.files["wheels/program"] = random.Random(1).randbytes(BUNDLE_MB << 20)
    with running_broker(folder / "mosquitto") as broker:
        hub = HubProcess(folder, broker)
        hub._env["SEMBLANTE_ROLES"] = "web"  # the rollout is carried on by the bench
        hub.office.migrate()
        bundle = releases.build(folder / "bundle.tar", VERSION, 7)
        BundleShelf(load_settings(hub.config).bundles.folder).add(bundle)
        hub.start()
        try:
            yield hub
        finally:
            hub.program.stop()
