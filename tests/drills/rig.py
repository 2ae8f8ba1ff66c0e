"""Everything that a drill stands on: broker, database, hub, kiosks, and a bad line between them."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select, text

from hub.adapters.database import open_engine
from hub.adapters.tables import ledgers
from hub.core.ports import Point, Store
from kiosk.__main__ import RESTART
from shared.places import KioskId, PointId, StoreId
from tests.demo.programs import Program, python
from tests.drills.cable import Cable
from tests.drills.hub import REMOVED
from tests.drills.identities import Identities
from tests.drills.mother import Forked, Mother
from tests.drills.proxy import Proxy
from tests.drills.seats import KIOSK, Manner, Seat
from tests.drills.units import UPDATER, Units
from tests.drills.walks import QUESTIONNAIRE
from tests.parts.databases import Cluster, running_cluster
from tests.parts.hub import HubProcess, wait_until
from tests.parts.mosquitto import RunningBroker

STORES = (
    Store(StoreId("centro"), "Centro", "Europe/Madrid"),
    Store(StoreId("kathmandu"), "Thamel", "Asia/Kathmandu"),
    Store(StoreId("adelaide"), "Rundle", "Australia/Adelaide"),
)
"""Their hours begin at :00, :15 and :30 of each other's, so that a short drill has several."""


WINDOW_PACE = 3.0
"""Shoppers in a second before a window: it draws every page, and a finger stays 80 ms."""

HUB = "tests.drills.hub"

_NO_DATABASE = "✗ the database failed"

_ENCRYPTION = ("cryptography.hazmat.primitives.asymmetric.ed25519", "cryptography.x509")
"""What programs with certificates import when they need it."""

STARTS_S = 90.0
"""For everything to be there; it takes five seconds, and a machine may be busy elsewhere."""


@dataclass(frozen=True)
class Plan:
    """What a drill is made of."""

    folder: Path
    kiosks: int = 4
    database: str = "sqlite"
    windows: int = 0
    """How many of the kiosks have a real window, and a finger on it."""
    manner: Manner = field(default_factory=Manner)
    forked: bool = True
    """Else every program begins from nothing, with no memory but its own."""
    cabled: bool = False
    """Each kiosk in a network of its own, at the end of a cable."""
    duties: str = "intake"
    """Of the hub."""
    certified: bool = False
    """Kiosks have certificates, and no passwords: a hub that signs is not understood by others."""


class Broker:
    """mosquitto that dies with us; `wiped` it has forgotten everything but its passwords."""

    def __init__(self, folder: Path) -> None:
        self.running = RunningBroker(folder / "mosquitto")
        program = shutil.which("mosquitto", path="/usr/sbin:/sbin:/usr/bin:/usr/local/sbin")
        assert program is not None, "mosquitto is not installed"
        command = [program, "-c", str(self.running.files.config)]
        self.program = Program("broker", command, folder / "logs")

    def wipe(self) -> None:
        """Take its state away; it must not be running."""
        (self.running.files.folder / "mosquitto.db").unlink(missing_ok=True)


class Rig:
    """Starts everything, and knows how to hurt each part; used by one thread."""

    def __init__(self, plan: Plan, cluster: Cluster | None) -> None:
        self.plan, self.cluster = plan, cluster
        plan.folder.mkdir(parents=True, exist_ok=True)
        self.broker = Broker(plan.folder)
        self._mothers = {
            name: Mother(name, *(_ENCRYPTION if plan.certified else ()))
            for name in (KIOSK, HUB, *((UPDATER,) if plan.certified else ()))
            if plan.forked
        }
        self.proxy = Proxy(self.broker.running.port, plan.manner.seed)
        self.url = f"sqlite:///{plan.folder / 'hub.db'}"
        if cluster is not None:
            self.url = cluster.url(cluster.make_database())
        self.seats: list[Seat] = []
        self.twins: list[Seat] = []
        self.clones: list[Seat] = []
        self.cables: dict[str, Cable] = {}
        self.identities: Identities | None = None
        self.units: Units | None = None
        self.fallen: list[str] = []
        """Programs that ended although nobody killed them."""
        self.begun_again = 0
        """Starts of the hub beside a database that was not there yet."""

    def start(self) -> None:
        """In order; returns once the hub is well and every kiosk has shoppers."""
        self.proxy.start()
        self.hub = self._made_hub()
        self._enrol()
        self.engine = open_engine(self.url)
        self.broker.program.start()
        self.start_hub()
        wait_until(lambda: self.hub.health().get("well", False), "hub", STARTS_S)
        for seat in self.seats:
            if self.identities is not None:
                self.identities.join(seat)
            seat.program.start()
        self.wait_for_receipts(1, STARTS_S)
        late = [seat for seat in self.seats if not seat.last_receipt()]
        words = "\n".join(f"{seat.name}: {seat.program.last_words(3)}" for seat in late)
        assert not late, f"no receipt within {STARTS_S} s\n{words}"

    def held(self) -> int:
        """How many records the hub has taken in."""
        with self.engine.connect() as db:
            return int(db.execute(select(func.sum(ledgers.c.held))).scalar() or 0)

    def stop(self) -> None:
        """Everything, in reverse; nothing is left behind."""
        everybody = [*(seat.program for seat in self.everybody), self.hub.program]
        for program in (*everybody, self.broker.program):
            program.ask_to_stop()
        for program in (*everybody, self.broker.program):
            program.stop()
        if self.units is not None:
            self.units.stop()
        for mother in self._mothers.values():
            mother.close()
        for cable in self.cables.values():
            cable.take_away()
        self.proxy.stop()
        if self.identities is not None:
            self.identities.close()
        self.engine.dispose()

    def start_hub(self) -> None:
        """Start its process; whether it is well, /healthz tells."""
        self.hub.program.start(self.hub._env)

    def watch(self) -> None:
        """What systemd does: a program that ended is started again. Each is a finding, but one."""
        for program in (self.broker.program, self.hub.program, *(s.program for s in self.seats)):
            if program._process is None or program.ended is None:
                continue
            if self.units is not None and program.ended == RESTART:
                program.start()  # another version is current, and nobody was answering
                continue
            if program is self.hub.program and _NO_DATABASE in program.last_words(6):
                self.begun_again += 1  # it says so and ends: the next start finds it
            else:
                self.fallen.append(f"{program.name} ended with {program.ended}")
            self.start_hub() if program is self.hub.program else program.start()

        if self.units is not None:
            for seat in self.seats:
                self.units.tend(seat)

    @property
    def hub_runs(self) -> bool:
        """Whether its process is there."""
        return self.hub.program._process is not None and self.hub.program.ended is None

    @contextmanager
    def locked_database(self) -> Iterator[None]:
        """Nobody but us can write to the hub's database."""
        engine: Engine = open_engine(self.url, pooled=False)
        with engine.connect().execution_options(writing=True) as db, db.begin():
            if self.cluster is not None:
                db.execute(text("LOCK TABLE records IN ACCESS EXCLUSIVE MODE"))
            yield
            db.rollback()
        engine.dispose()

    def twin_of(self, seat: Seat) -> Seat:
        """A second kiosk with the same identity, and an outbox of its own."""
        name = f"{seat.name}-twin{len(self.twins) + 1}"
        folder = self.plan.folder / name
        twin = Seat(folder, seat.store, seat.point, seat.kiosk, name=name, manner=seat.manner,
                    mother=self._mothers.get(KIOSK))  # fmt: skip
        shutil.copy(seat.folder / "kiosk.toml", folder)
        self.twins.append(twin)
        return twin

    @property
    def everybody(self) -> list[Seat]:
        """All kiosks, twins and clones too."""
        return [*self.seats, *self.twins, *self.clones]

    def clone_of(self, seat: Seat) -> Seat:
        """A second device with all that this one's card holds; its program must not be running."""
        name = f"{seat.name}-clone{len(self.clones) + 1}"
        folder = self.plan.folder / name
        shutil.copytree(seat.folder, folder, symlinks=True)
        clone = Seat(folder, seat.store, seat.point, seat.kiosk, name=name, manner=seat.manner,
                     mother=self._mothers.get(KIOSK))  # fmt: skip
        self.clones.append(clone)
        return clone

    def wait_for_receipts(self, since: int, seconds: float) -> None:
        """Until every kiosk has a receipt that came later; or so long."""
        deadline = time.monotonic() + seconds
        waiting = list(self.seats)
        while waiting and time.monotonic() < deadline:
            threading.Event().wait(0.2)  # it happens in other processes
            self.watch()
            waiting = [seat for seat in waiting if seat.last_receipt() < since]

    def drain(self, seconds: float) -> bool:
        """Shut all doors, and wait until every kiosk says that it owes nothing."""
        for seat in self.everybody:
            seat.shut_door()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.watch()
            self._let_twins_go()
            if all(seat.has_drained() for seat in self.seats) and not any(
                twin.runs for twin in self.twins
            ):
                return True
            threading.Event().wait(0.1)  # it happens in other processes
        return False

    def _let_twins_go(self) -> None:
        for twin in self.twins:
            if twin.runs and twin.has_drained():
                twin.program.stop()

    def _made_hub(self) -> HubProcess:
        env: dict[str, str] = {
            "SEMBLANTE_BROKER__PORT": str(self.proxy.add("hub")),
            "SEMBLANTE_ROLES": self.plan.duties + (",web" if self.plan.certified else ""),
            REMOVED: self.plan.manner.without,
        }
        folder = self.plan.folder
        hub = HubProcess(folder, self.broker.running, database=self.url, **env)
        if self.plan.certified:
            self.identities = Identities(hub)
            updaters, removed = self._mothers.get(UPDATER), self.plan.manner.without
            self.units = Units(folder, hub, updaters, removed)
        command = ["run", "--config", str(hub.config)]
        logs, mother = folder / "logs", self._mothers.get(HUB)
        if mother is None:
            hub.program = Program("hub", python(HUB, *command), logs)
        else:
            hub.program = Forked("hub", mother, HUB, command, logs)
        return hub

    def _enrol(self) -> None:
        office = self.hub.office
        office.migrate()
        for store in STORES:
            office.registry.add_store(store)
        if self.plan.manner.walks:
            self._ask_longer()
        if self.identities is not None:
            self.identities.open()
        for number, store in zip(range(1, self.plan.kiosks + 1), cycle(STORES), strict=False):
            kiosk, point = KioskId(f"k-{number}"), PointId(f"caja-{number}")
            office.registry.add_point(Point(store.store_id, point, f"Caja {number}"))
            folder, manner = self.plan.folder / kiosk, self._manner_of(number)
            cable = self._cable(kiosk, number) if self.plan.cabled else None
            seat = Seat(folder, store.store_id, point, kiosk, name=kiosk, manner=manner,
                        mother=self._mothers.get(KIOSK), cable=cable)  # fmt: skip
            self._settle(seat)
            self.seats.append(seat)

    def _settle(self, seat: Seat) -> None:
        """Its settings; one with a certificate joins once the hub runs."""
        hub = self.identities
        if hub is None:
            password = self.hub.office.enrol(seat.kiosk, seat.store, seat.point).password
            seat.settle(self.proxy.add(seat.name, seat.host), f'password = "{password}"\n')
        else:
            table = f'[identity]\nhub = "{hub.url}"\nfingerprint = "{hub.fingerprint}"\n'
            seat.settle(self.proxy.add(seat.name, seat.host, hub.port), table)
            if self.units is not None:
                self.units.lay(seat)

    def _ask_longer(self) -> None:
        """Every store shows the questionnaire; its kiosks hear so from the hub."""
        longer = self.hub.office.questionnaires
        version = longer.bring(QUESTIONNAIRE, "drill")
        folder = longer.folder(QUESTIONNAIRE.id)
        assert folder is not None
        longer.send(folder, version, [store.store_id for store in STORES], "drill")

    def _cable(self, kiosk: str, number: int) -> Cable:
        self.cables[kiosk] = cable = Cable(number, self.plan.folder / "logs")
        cable.lay()
        return cable

    def _manner_of(self, number: int) -> Manner:
        manner = self.plan.manner
        if number > self.plan.windows:
            return manner
        return replace(
            manner, window=True, pace=min(manner.pace, WINDOW_PACE), walks=float(manner.walks > 0)
        )  # the resting page invites only twice a minute

    def password_of(self, seat: Seat) -> str:
        """What its kiosk signs in with."""
        import tomllib  # noqa: PLC0415

        settings: dict[str, Any] = tomllib.loads((seat.folder / "kiosk.toml").read_text())
        return str(settings["broker"]["password"])


@contextmanager
def running_rig(plan: Plan) -> Iterator[Rig]:
    """Everything runs while the block lasts."""
    with ExitStack() as stack:
        cluster = None
        if plan.database == "postgres":
            cluster = stack.enter_context(running_cluster())
        rig = Rig(plan, cluster)
        stack.callback(rig.stop)
        rig.start()
        yield rig
