"""What a demo stands on: a folder with a database of four weeks, broker files and settings."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.database import open_engine
from hub.adapters.fleet import SqlFleet
from hub.adapters.layouts import SqlLayouts
from hub.adapters.migrations import migrate
from hub.adapters.mosquitto import HUB_USER, BrokerFiles
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.sensors import SqlSensors
from hub.adapters.waits import SqlWaits
from hub.core.accounts import Note
from hub.core.hearing import Message
from hub.core.ports import Point, Store
from hub.core.suppression import FLOOR
from hub.enrolment import Registry, SensorRegistry
from hub.intake import Intake
from hub.questionnaires import Questionnaires, sound_from_yaml
from hub.web.pages.display import address_for
from hub.wiring.answering import results_of
from hub.wiring.displaying import displays_of
from shared.places import PointId
from shared.questions import Questionnaire
from tests.demo.floors import layout_of, lessons_of, sensor_of
from tests.demo.history import DAYS, Register, history
from tests.demo.past_paces import keep_paces
from tests.demo.past_waits import past_waits
from tests.demo.stores import CLOSES, OPENS, DemoStore, demo_stores
from tests.parts.ports import free_port

KEPT_FOR = timedelta(hours=4)
"""A demo database is used again for so long; then its “today” would have a hole."""

QUESTIONNAIRE = Path(__file__).with_name("visit.yaml")

_TOGETHER = 20
"""Messages in one transaction while the four weeks are taken in."""

Progress = Callable[[float], None]


class Ground:
    """The folder of the demo, and everything in it that programs are given."""

    def __init__(self, folder: Path, days: int = DAYS) -> None:
        self.folder, self.days = folder, days
        self.now = datetime.now(UTC)
        self.broker = BrokerFiles(folder / "broker")
        self.broker_port = free_port()
        self.web_port = free_port() if _taken(8080) else 8080
        self.stores: list[DemoStore] = []
        self.passwords: dict[str, str] = {}
        self.born = self.now
        self.display = ""

    @property
    def database_url(self) -> str:
        """The demo's SQLite file."""
        return f"sqlite:///{self.folder / 'hub.db'}"

    @property
    def address(self) -> str:
        """Where the dashboard is."""
        return f"http://127.0.0.1:{self.web_port}"

    def prepare(self, seed: int, progress: Progress) -> None:
        """Lay everything out; four weeks are taken in only where there is no fresh database."""
        if not self._is_fresh():
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.born = datetime.fromisoformat(self._note().get("born", self.now.isoformat()))
        self.stores = demo_stores(self.born)
        self._write_broker()
        asked = self._enrol()
        self._write_counter()
        if not self._note():
            self._take_in_four_weeks(asked, seed, progress)
            self._write_note()
        self._write_hub_settings()

    def kiosk_file(self, store: DemoStore, point: PointId, driver: str) -> Path:
        """Write the settings of one kiosk; `driver` is SDL's name, or none for no window."""
        kiosk = store.kiosk_at(point)
        file = self.folder / f"{kiosk}.toml"
        lines = [
            f'store = "{store.store_id}"',
            f'point = "{point}"',
            f'kiosk = "{kiosk}"',
            "[broker]",
            'host = "127.0.0.1"',
            f"port = {self.broker_port}",
            f'password = "{self.passwords[kiosk]}"',
            "longest_wait = 10",
            "[outbox]",
            f'path = "logs/{kiosk}.db"',
            "[screen]",
            f'driver = "{driver}"',
            "width = 1024",
            "height = 600",
            "fullscreen = false",
        ]
        if driver != "none":
            lines += ["[till]", 'kind = "receipt"', f'port = "{self.till}"']
        file.write_text("\n".join(lines) + "\n")
        return file

    @property
    def till(self) -> Path:
        """Where the simulated till makes its pseudo-terminal appear."""
        return self.folder / "till"

    @property
    def counter_file(self) -> Path:
        """The settings of the counters."""
        return self.folder / "counter.json"

    @property
    def pulled(self) -> Path:
        """While this file is there, the counters are unplugged."""
        return self.folder / "pull-the-counter"

    def _enrol(self) -> Questionnaire:
        engine = open_engine(self.database_url)
        migrate(engine)
        now_ms = round(self.now.timestamp() * 1000)
        registry = Registry(
            SqlArchive(engine), SqlProgrammes(engine), self.broker, SqlFleet(engine), lambda: now_ms
        )
        for store in self.stores:
            registry.add_store(Store(store.store_id, store.name, store.zone, OPENS, CLOSES))
            for place, point in enumerate(store.points, start=1):
                registry.add_point(Point(store.store_id, point, f"Caja {place}", position=place))
                kiosk = store.kiosk_at(point)
                self.passwords[kiosk] = registry.enrol(kiosk, store.store_id, point).password
        self._lay_out(engine)
        asked = self._ask_longer(engine)
        engine.dispose()
        return asked

    def _lay_out(self, engine: Engine) -> None:
        """Every store tells its waits, and most have a counter over their lines."""
        now_ms = round(self.now.timestamp() * 1000)
        layouts = SqlLayouts(engine)
        sensors = SensorRegistry(SqlSensors(engine), self.broker, lambda: now_ms)
        for store in self.stores:
            if layouts.layout(store.store_id) is None:
                note = Note(now_ms, "demo", "layout", store.store_id)
                layouts.lay_out(store.store_id, layout_of(store), now_ms, note)
            if (sensor := sensor_of(store)) is not None:
                self.passwords[sensor] = sensors.add(sensor, store.store_id).password
        displays, first = displays_of(engine), self.stores[0].store_id
        key = displays.key(first) or displays.make(first, "demo")
        self.display = address_for(self.address, first, key)

    def _ask_longer(self, engine: Engine) -> Questionnaire:
        """Every kiosk has a questionnaire for whoever has a minute."""
        now_ms = round(self.now.timestamp() * 1000)
        questionnaires = Questionnaires(
            SqlQuestionnaires(engine), SqlProgrammes(engine), lambda: now_ms
        )
        wanted = sound_from_yaml(QUESTIONNAIRE.read_text())
        there = questionnaires.folder(wanted.id)
        if there is not None:  # of the demo before, whose database is used again
            return there.newest.questionnaire
        version = questionnaires.bring(wanted, "demo")
        folder = questionnaires.folder(wanted.id)
        assert folder is not None
        questionnaires.send(folder, version, [store.store_id for store in self.stores], "demo")
        return version.questionnaire

    def _take_in_four_weeks(self, asked: Questionnaire, seed: int, progress: Progress) -> None:
        engine = open_engine(self.database_url)
        intake = Intake(SqlArchive(engine))
        now_ms = round(self.now.timestamp() * 1000)
        registers = [Register(store, point) for store in self.stores for point in store.points]
        sold: dict[Register, list[int]] = {register: [] for register in registers}
        for done, register in enumerate(registers):
            progress(done / len(registers))
            messages = history(register, self.now, seed, asked, self.days, sold[register])
            while together := list(islice(messages, _TOGETHER)):
                intake.take([Message(str(topic), data) for topic, data in together], now_ms)
        waits = SqlWaits(engine)
        for store in self.stores:
            its = {one.point: times for one, times in sold.items() if one.store == store}
            for rows in past_waits(store, its, self.now, self.days, seed):
                waits.write(rows)
        waits.keep({store.store_id: lessons_of(store) for store in self.stores}, now_ms)
        keep_paces(engine, self.stores, self.now, self.days)
        tell = results_of(engine, FLOOR)
        while tell.close(now_ms):
            pass
        progress(1)
        engine.dispose()

    def _write_broker(self) -> None:
        run_as = getpass.getuser() if os.geteuid() == 0 else None
        self.broker.write(host="127.0.0.1", port=self.broker_port, run_as=run_as)
        (self.folder / "hub.password").write_text(self.broker.set_password(HUB_USER))

    def _write_hub_settings(self) -> None:
        (self.folder / "hub.toml").write_text(
            f"""# written by the demo
[database]
url = "{self.database_url}"

[broker]
port = {self.broker_port}
password_file = "hub.password"

[web]
port = {self.web_port}
public_url = "{self.address}"

[mosquitto]
folder = "broker"
"""
        )

    def _write_counter(self) -> None:
        """What the counters over the lines need to know."""
        passwords = {name: self.passwords[name] for name in map(sensor_of, self.stores) if name}
        told = {"born": self.born.isoformat(), "port": self.broker_port, "passwords": passwords}
        self.counter_file.touch(mode=0o600)
        self.counter_file.write_text(json.dumps(told))

    def _is_fresh(self) -> bool:
        born = self._note().get("born")
        return born is not None and self.now - datetime.fromisoformat(born) < KEPT_FOR

    def _note(self) -> dict[str, str]:
        file = self.folder / "demo.json"
        return dict(json.loads(file.read_text())) if file.exists() else {}

    def _write_note(self) -> None:
        (self.folder / "demo.json").write_text(json.dumps({"born": self.now.isoformat()}))


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
