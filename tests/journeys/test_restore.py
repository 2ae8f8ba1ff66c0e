"""The hub is restored from an old backup: kiosks send again what they hold, the rest is counted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from hub.adapters import tables as t
from hub.adapters.database import open_engine, reading
from hub.adapters.restores import SqlRestores
from hub.settings import load_settings
from kiosk.adapters.outbox import QUOTA
from shared.places import KioskId
from tests.parts.databases import Cluster
from tests.parts.hub import POINT, STORE, HubProcess, wait_until
from tests.parts.kiosk import QuietKiosk, running_kiosk
from tests.parts.mosquitto import RunningBroker, running_broker

pytestmark = pytest.mark.journey


@dataclass
class Scene:
    """A broker, and a hub with its commands."""

    folder: Path
    broker: RunningBroker
    hub: HubProcess

    @property
    def engine(self) -> Engine:
        """The hub's database; nothing stays open."""
        return open_engine(load_settings(self.hub.config).database.url, pooled=False)

    def kiosk(self, name: str, *, quota: int = QUOTA) -> QuietKiosk:
        password = self.hub.office.enrol(KioskId(name), STORE, POINT).password
        file = self.folder / f"{name}.db"
        return QuietKiosk(file, self.broker, name, password, quota=quota)

    def command(self, *words: str) -> str:
        """One command of the hub, as somebody types it."""
        done = subprocess.run(
            [sys.executable, "-m", "hub", *words, "--config", str(self.hub.config)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def backup(self) -> Path:
        """Back the hub up while it runs."""
        file = self.folder / "last-night.backup"
        self.hub.office.backup(file)
        return file

    def restore(self, file: Path) -> None:
        """Stop the hub, restore this backup, and start the hub again."""
        self.hub.program.stop()
        self.hub.office.restore(file)
        self.hub.start()

    def differences(self) -> int:
        """Tallies that are not what their records say."""
        return len(self.hub.office.verify(lambda _done: None).differences)

    def told(self) -> tuple[int, int, int]:
        """How many came again, how many are missing, and how many may still come."""
        story = SqlRestores(self.engine).story()
        assert story is not None
        return story.came, story.missing, story.awaited

    def held(self, kiosk: QuietKiosk) -> tuple[int, int, int]:
        """The kiosk's ledger: up to where it stands, how many are stored, how many lost."""
        with reading(self.engine) as db:
            ledgers = select(t.ledgers).where(t.ledgers.c.kiosk_id == kiosk.name)
            ledger = db.execute(ledgers).first()
            if ledger is None:
                return 0, 0, 0
            ours = t.records.c.ledger == ledger.ledger
            stored = db.execute(select(func.count()).where(ours)).scalar_one()
            return ledger.held, stored, ledger.lost


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def scene(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    database = f"sqlite:///{tmp_path / 'hub.db'}"
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        database = cluster.url(cluster.make_migrated())
    with running_broker(tmp_path / "mosquitto") as broker:
        hub = HubProcess(tmp_path, broker, database=database)
        hub.prepare()
        try:
            hub.start()
            yield Scene(tmp_path, broker, hub)
        finally:
            hub.program.stop()


def serve(kiosk: QuietKiosk, visits: int, at_once: int = 50) -> None:
    for _ in range(visits // at_once):
        kiosk.visited(at_once)
        kiosk.wait_until_received()


@pytest.mark.assertion("SEM-RCP-008")
def test_what_the_backup_lacks_comes_again_from_the_kiosk(scene: Scene) -> None:
    with running_kiosk(scene.kiosk("k-1")) as kiosk:
        serve(kiosk, 300)
        backup = scene.folder / "last-night.backup"
        assert "300 records of 1 kiosks" in scene.command("backup", str(backup))
        serve(kiosk, 200)
        scene.hub.program.stop()
        assert "stands at 300, and stood at 500" in scene.command("restore", str(backup))
        scene.hub.start()
        wait_until(lambda: scene.held(kiosk) == (500, 500, 0), "nobody shops, and all come again")
        kiosk.wait_until_received()
        serve(kiosk, 50)
        assert scene.held(kiosk) == (550, 550, 0)
        assert scene.differences() == 0
        assert scene.told() == (200, 0, 0)


@pytest.mark.assertion("SEM-RCP-010")
def test_what_the_kiosk_no_longer_holds_is_missing_and_exactly_that(scene: Scene) -> None:
    with running_kiosk(scene.kiosk("k-1", quota=120)) as kiosk:
        serve(kiosk, 100)
        backup = scene.backup()
        serve(kiosk, 200)
        missing = kiosk.outbox.held().oldest - 1 - 100
        assert 0 < missing < 200
        scene.restore(backup)
        wait_until(lambda: scene.held(kiosk) == (300, 300 - missing, missing), "what is held")
        kiosk.wait_until_received()
        assert scene.differences() == 0
        assert scene.told() == (200 - missing, missing, 0)


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_whoever_was_away_or_unknown_to_the_backup_sends_again_too(scene: Scene) -> None:
    away, fresh = scene.kiosk("k-1"), scene.kiosk("k-2")
    with running_kiosk(fresh):
        with running_kiosk(away):
            serve(away, 100)
            backup = scene.backup()
            serve(away, 100)
        serve(fresh, 100)
        scene.restore(backup)
        assert scene.held(away)[0] == 100
        assert scene.told() == (0, 0, 200)
        fresh.visited(1)  # the hub does not know of its outbox: it must speak first
        wait_until(lambda: scene.held(fresh) == (101, 101, 0), "all from the first")
        with running_kiosk(away.reopened()):
            wait_until(lambda: scene.held(away) == (200, 200, 0), "it comes back")
        assert scene.differences() == 0
        assert scene.told() == (200, 0, 0)
