"""What the commands use: the hub's database and the broker's files, and nothing that runs."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from hub.accounts import Accounts
from hub.adapters import recount
from hub.adapters.archive import SqlArchive
from hub.adapters.backups import Backups
from hub.adapters.fleet import SqlFleet
from hub.adapters.layouts import SqlLayouts
from hub.adapters.migrations import migrate
from hub.adapters.mosquitto import BrokerFiles
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.retention import SqlQuarantine
from hub.adapters.sensors import SqlSensors
from hub.core.accounts import Note
from hub.core.ports import Point
from hub.core.recounting import Report
from hub.core.restoring import Contents, Restored
from hub.core.waiting.laying import EMPTY, changes, fields_of, keyed
from hub.core.waiting.layout import Layout
from hub.core.waiting.written import from_yaml, to_yaml
from hub.enrolment import Admitted, Enrolled, Registry, Retired, SensorRegistry
from hub.questionnaires import Questionnaires
from hub.settings import Settings
from hub.web.pages.display import address_for
from hub.wiring.displaying import displays_of
from hub.wiring.identity import encrypted_of, gate_of
from hub.wiring.opening import now_ms, open_accounts, open_database
from shared.errors import ArchiveError, BrokerError, NoSuchStore
from shared.places import KioskId, PointId, SensorId, StoreId


class Office:
    """What the commands use: the same database and broker files, and nothing that runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = open_database(settings, pooled=False)  # a command is over soon
        self._files = BrokerFiles(settings.mosquitto.folder)
        self.fleet = SqlFleet(self._engine)
        programmes = SqlProgrammes(self._engine)
        self.registry = Registry(
            SqlArchive(self._engine), programmes, self._files, self.fleet, now_ms
        )
        self.sensors = SensorRegistry(SqlSensors(self._engine), self._files, now_ms)
        self.questionnaires = Questionnaires(SqlQuestionnaires(self._engine), programmes, now_ms)

    @property
    def accounts(self) -> Accounts:
        """Users and the audit log."""
        return open_accounts(self._engine)

    def migrate(self) -> None:
        """Bring the database to this program's schema."""
        migrate(self._engine)

    def enrol(self, kiosk: KioskId, store: StoreId, point: PointId) -> Enrolled:
        """Let a kiosk take part, and note it in the audit log."""
        self._check_broker_files()
        enrolled = self.registry.enrol(kiosk, store, point)
        self.note("kiosk enrolled", f"{kiosk} at {store}/{point}")
        return enrolled

    def retire(self, kiosk: KioskId, *, force: bool = False) -> Retired:
        """Take no more from a kiosk, and note it; raises EnrolmentError where answers may go."""
        was_retired = self.registry.is_retired(kiosk)
        retired = self.registry.retire(kiosk, force=force)
        self._keep_the_gate()
        if not was_retired:
            self.note("kiosk retired", kiosk)
        return retired

    def display(self, store: StoreId, *, replace: bool = False) -> str:
        """The address of a store's display; made where it has none, or another shall be."""
        if store not in {known.store_id for known, _ in self.registry.stores()}:
            raise NoSuchStore(f"there is no store {store}")
        displays = displays_of(self._engine)
        key = None if replace else displays.key(store)
        key = key or displays.make(store, "command line")
        return address_for(self._settings.public_url, store, key)

    def add_sensor(self, sensor: SensorId, store: StoreId) -> Admitted:
        """Let a sensor tell of a store's lines, and note it in the audit log."""
        self._check_broker_files()
        admitted = self.sensors.add(sensor, store)
        self.note("sensor added", f"{sensor} at {store}")
        return admitted

    def a_line(self, store: StoreId) -> str:
        """A line of the store that a sensor may be tried on."""
        layout = SqlLayouts(self._engine).layout(store)
        return layout.lines[0].line_id if layout and layout.lines else "line-1"

    def remove_sensor(self, sensor: SensorId) -> bool:
        """Let a sensor tell no more, and note it; False where no broker runs here to be told."""
        told = self.sensors.remove(sensor)
        self.note("sensor removed", sensor)
        return told

    def lines(self, store: StoreId) -> str:
        """How a store's lines are laid out, as YAML; raises NoSuchStore."""
        return to_yaml(self._layout(store)[0])

    def lay_out(self, store: StoreId, text: str) -> tuple[int, str]:
        """Lay them out as a text says; returns how many, and the key of a new receiver."""
        before, seen, points = self._layout(store)
        new = secrets.token_hex(32)
        layout = keyed(from_yaml(text, before, points), before.hook, new)
        changed = changes(fields_of(before), fields_of(layout))
        note = Note(now_ms(), "command line", "lines laid out", store, changed)
        SqlLayouts(self._engine).lay_out(store, layout, note.at, note, seen)
        return len(layout.lines), new if layout.hook and layout.hook.key == new else ""

    def _layout(self, store: StoreId) -> tuple[Layout, int, Sequence[Point]]:
        points = [its for known, its in self.registry.stores() if known.store_id == store]
        if not points:
            raise NoSuchStore(f"there is no store {store}")
        layout = SqlLayouts(self._engine).layout(store)
        return layout or EMPTY, layout.serial if layout else 0, points[0]

    def note(self, action: str, target: str) -> None:
        """Write into the audit log what was done at the command line."""
        self.accounts.note("command line", action, target)

    def backup(self, file: Path) -> Contents:
        """Write everything to a file, also while the hub runs; says what it holds."""
        contents = Backups(self._engine).backup(file)
        self.note("backup made", str(file))
        return contents

    def restore(self, file: Path) -> Restored:
        """Let the database be what it was at this backup; raises BackupError where a hub runs."""
        restored = Backups(self._engine).restore(file, now_ms())
        self.note("backup restored", str(file))
        return restored

    def verify(self, progress: recount.Progress) -> Report:
        """Recount everything and compare."""
        return recount.verify(self._engine, progress)

    def rebuild(self, progress: recount.Progress) -> int:
        """Count all tallies anew; returns from how many records."""
        records = recount.rebuild(self._engine, progress)
        self.note("tallies rebuilt", f"from {records} records")
        return records

    def quarantine(self) -> Mapping[str, int]:
        """How many things lie in quarantine, by code."""
        return SqlQuarantine(self._engine).counts()

    def write_broker_files(self) -> Path:
        """Write the broker's files and, once, the hub's password beside them."""
        mosquitto, port = self._settings.mosquitto, self._settings.broker.port
        mosquitto.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._keep_the_gate()
        password = self._files.write(
            host=mosquitto.listen,
            port=port,
            encrypted=encrypted_of(self._settings),
            run_as=mosquitto.run_as,
            homes=self._homes(),
            seats=self._seats(),
        )
        if password is not None:
            kept = self._files.folder / "hub-password"
            kept.touch(mode=0o600)
            kept.write_text(password + "\n")
        self._files.reload()
        return self._files.config

    def has_broker_files(self) -> bool:
        """Whether there is a broker of this hub's."""
        return self._files.config.exists()

    def _keep_the_gate(self) -> None:
        """What the door for certificates needs; nothing ended while there is no database."""
        try:
            gate_of(self._settings, self._engine).follow()
        except ArchiveError:
            gate_of(self._settings, None).follow()

    def _check_broker_files(self) -> None:
        if not self.has_broker_files():
            hint = "Run “semblante-hub broker files” first."
            raise BrokerError(f"no broker's files in {self._files.folder}", hint=hint)

    def _seats(self) -> dict[SensorId, StoreId]:
        """Of which store each sensor may tell; of none while there is no database."""
        try:
            return {one.sensor_id: one.store_id for one in self.sensors.sensors()}
        except ArchiveError:
            return {}

    def _homes(self) -> dict[KioskId, StoreId]:
        """Where each kiosk is at home; nowhere while there is no database."""
        try:
            return {kiosk.kiosk_id: kiosk.store_id for kiosk in self.registry.kiosks()}
        except ArchiveError:
            return {}


def kiosk_toml(enrolled: Enrolled, settings: Settings) -> str:
    """The settings that go onto a kiosk."""
    host = settings.mosquitto.seen_as or settings.broker.host
    return (
        f"# {enrolled.store.name}, {enrolled.point.name}; whoever has this file is this kiosk\n"
        f'store = "{enrolled.store.store_id}"\n'
        f'point = "{enrolled.point.point_id}"\n'
        f'kiosk = "{enrolled.kiosk_id}"\n\n'
        f'[broker]\nhost = "{host}"\nport = {settings.broker.port}\n'
        f'password = "{enrolled.password}"\n'
    )
