"""Two intakes on one database and one broker: one is at work, the other takes over when it ends."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.moments import Moment
from shared.places import KioskId
from shared.visits import Face, Input, Outcome, Visit
from shared.wire import encode_record
from tests.parts.databases import Cluster
from tests.parts.hub import POINT, STORE, HubProcess, StrangersKiosk, wait_until
from tests.parts.mosquitto import RunningBroker, running_broker

pytestmark = pytest.mark.journey

KIOSKS = 4
VISITS = 800
A_MESSAGE = 4
"""Small messages: the kiosks must still be sending when an intake is killed."""

CONNECTIONS = "semblante_broker_connections_total"


@dataclass(frozen=True)
class Scene:
    """Two hub processes that could both take in, and kiosks that have much to send."""

    broker: RunningBroker
    hubs: tuple[HubProcess, HubProcess]
    kiosks: list[StrangersKiosk]

    def at_work(self) -> list[HubProcess]:
        """Who is connected to the broker."""
        return [hub for hub in self.hubs if hub.health().get("broker")]

    def standing_by(self) -> list[HubProcess]:
        """Who says that it waits for its turn."""
        return [hub for hub in self.hubs if hub.health().get("standing_by")]

    def wait_for_roles(self) -> tuple[HubProcess, HubProcess]:
        """The one at work, and the one that stands by."""
        wait_until(lambda: len(self.at_work()) == len(self.standing_by()) == 1, "one at work")
        return self.at_work()[0], self.standing_by()[0]

    @property
    def held(self) -> int:
        """How many records the kiosks know to be held."""
        return sum(kiosk.held for kiosk in self.kiosks)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    if request.param == "sqlite":
        database = f"sqlite:///{tmp_path / 'hub.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        database = cluster.url(cluster.make_migrated())
    with running_broker(tmp_path / "mosquitto") as broker:
        names = ("first", "second")
        hubs = [HubProcess(tmp_path, broker, name, database=database, SEMBLANTE_ROLES="intake")
                for name in names]  # fmt: skip
        hubs[0].prepare()
        kiosks = [enrolled(hubs[0], broker, f"k-{number}") for number in range(KIOSKS)]
        try:
            for hub in hubs:
                hub.start()
            yield Scene(broker, (hubs[0], hubs[1]), kiosks)
        finally:
            for kiosk in kiosks:
                kiosk.close()
            for hub in hubs:
                hub.program.stop()


def enrolled(hub: HubProcess, broker: RunningBroker, name: str) -> StrangersKiosk:
    """A kiosk with all its visits in its outbox."""
    kiosk = StrangersKiosk(
        broker, KioskId(name), hub.office.enrol(KioskId(name), STORE, POINT).password
    )
    faces, now = itertools.cycle(Face), int(time.time() * 1000) - 3_600_000
    for number in range(VISITS):
        at = Moment(now + number, 5_000_000 + number, True)
        visit = Visit(
            POINT, "b0" * 16, at, Outcome.ANSWERED, "es", 1, 1,
            input=Input.TOUCH, face=next(faces), answered=at,
        )  # fmt: skip
        kiosk.keep(encode_record(visit))
    return kiosk


def send_all(kiosk: StrangersKiosk) -> None:
    """Send small messages, and again what got no receipt, until all is held."""
    deadline = time.monotonic() + 90
    news = threading.Event()
    while kiosk.held < VISITS:
        assert time.monotonic() < deadline, f"{kiosk.kiosk}: the receipt stays at {kiosk.held}"
        before = kiosk.held
        kiosk.send(A_MESSAGE, ahead=5)
        wait_for_receipt = time.monotonic() + 1
        while kiosk.held == before and time.monotonic() < wait_for_receipt:
            news.wait(0.005)


@contextmanager
def sending(scene: Scene) -> Iterator[None]:
    """All kiosks send; the block ends when the hub holds everything."""
    for kiosk in scene.kiosks:
        kiosk.connect()
    with ThreadPoolExecutor(KIOSKS) as threads:
        done = [threads.submit(send_all, kiosk) for kiosk in scene.kiosks]
        yield
        for one in done:
            one.result(timeout=100)


def assert_counted_once(scene: Scene) -> None:
    """Every visit of every kiosk, each once; every tally equals its recount."""
    office = scene.hubs[0].office
    views = {view.kiosk_id: view for view in office.fleet.views([STORE])}
    assert {name: (view.received, view.lost) for name, view in views.items()} == {
        kiosk.kiosk: (VISITS, 0) for kiosk in scene.kiosks
    }
    assert office.verify(lambda _done: None).differences == ()


def test_whichever_of_two_intakes_is_killed_nothing_is_lost_or_doubled(scene: Scene) -> None:
    with sending(scene):
        for part in (1, 2):
            wait_until(lambda part=part: scene.held > part * KIOSKS * VISITS // 4, "records")  # type: ignore[misc]
            at_work, other = scene.wait_for_roles()
            at_work.program.kill()
            wait_until(lambda other=other: other.health().get("broker") is True, "the other", 10)  # type: ignore[misc]
            at_work.start()
    assert_counted_once(scene)


def test_they_do_not_throw_each_other_off_and_the_other_follows_at_once(scene: Scene) -> None:
    at_work, other = scene.wait_for_roles()
    with sending(scene):
        wait_until(lambda: scene.held > KIOSKS * VISITS // 3, "records")
        assert scene.wait_for_roles() == (at_work, other)
        assert (at_work.metric(CONNECTIONS), other.metric(CONNECTIONS)) == (1, 0)
        assert other.health()["well"], "who stands by is not ill"
        at_work.program.stop()
        wait_until(lambda: other.health().get("broker") is True, "the other", 5)
    assert_counted_once(scene)
