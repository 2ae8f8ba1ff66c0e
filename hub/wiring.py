"""Every concrete part of the hub by name: made here, started in order, stopped in reverse."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, text

from hub.accounts import Accounts
from hub.adapters import recount
from hub.adapters.accounts import SqlAccountBook
from hub.adapters.archive import SqlArchive
from hub.adapters.broker import Login
from hub.adapters.database import open_engine, reading
from hub.adapters.fleet import SqlFleet
from hub.adapters.leases import SqlLeases
from hub.adapters.listening import Listening
from hub.adapters.metrics import Metrics
from hub.adapters.migrations import check_schema, migrate
from hub.adapters.mosquitto import BrokerFiles
from hub.adapters.passwords import ArgonPasswords
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.readings import SqlFigures
from hub.adapters.retention import SqlQuarantine, SqlRetention
from hub.adapters.schedule import Schedule
from hub.core.health import Health
from hub.core.recounting import Report
from hub.enrolment import Enrolled, Registry
from hub.exports import Exports
from hub.jobs import Jobs, Plan
from hub.reports import Reports
from hub.settings import Role, Settings
from hub.web.api import api_router
from hub.web.assets import Assets
from hub.web.auth import viewer
from hub.web.door import ending_quietly, open_door
from hub.web.health import health_router
from hub.web.live import Live
from hub.web.parts import Parts as SiteParts
from hub.web.renderer import Renderer
from hub.web.serving import Server
from hub.web.site import build_site
from hub.web.wording import load_words
from shared.errors import ArchiveError, BrokerError, SemblanteError
from shared.places import KioskId, PointId, StoreId

log = structlog.get_logger(__name__)


class Part(Protocol):
    """Something that runs."""

    def start(self) -> None:
        """Begin; may raise."""

    def stop(self) -> None:
        """End; safe also where `start` raised or was never called."""


def now_ms() -> int:
    """The hub's time: milliseconds since 1970, UTC."""
    return time.time_ns() // 1_000_000


def open_database(settings: Settings, *, pooled: bool = True) -> Engine:
    """The engine of these settings; a SQLite file is nobody else's; raises ArchiveError."""
    engine = open_engine(settings.database.url, pooled=pooled)
    if engine.dialect.name == "sqlite" and engine.url.database:
        file = Path(engine.url.database)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
        except OSError as fault:
            raise ArchiveError(f"no place for the database: {fault}") from fault
    return engine


def open_accounts(engine: Engine) -> Accounts:
    """Users, sessions and the audit log in this database."""
    return Accounts(SqlAccountBook(engine), ArgonPasswords(), now_ms)


@contextmanager
def running(parts: Sequence[Part]) -> Iterator[None]:
    """Start the parts in order; stop them in reverse, also where one of them failed to start."""
    with ExitStack() as stack:
        for part in parts:
            stack.callback(part.stop)
            part.start()
        yield


class Office:
    """What the commands use: the same database and broker files, and nothing that runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = open_database(settings, pooled=False)  # a command is over soon
        self._files = BrokerFiles(settings.mosquitto.folder)
        self.fleet = SqlFleet(self._engine)
        self.registry = Registry(
            SqlArchive(self._engine), SqlProgrammes(self._engine), self._files, now_ms
        )

    @property
    def accounts(self) -> Accounts:
        """Users and the audit log."""
        return open_accounts(self._engine)

    def migrate(self) -> None:
        """Bring the database to this program's schema."""
        migrate(self._engine)

    def enrol(self, kiosk: KioskId, store: StoreId, point: PointId) -> Enrolled:
        """Let a kiosk take part, and note it in the audit log."""
        if not self._files.config.exists():
            hint = "Run “semblante-hub broker files” first."
            raise BrokerError(f"no broker's files in {self._files.folder}", hint=hint)
        enrolled = self.registry.enrol(kiosk, store, point)
        self.note("kiosk enrolled", f"{kiosk} at {store}/{point}")
        return enrolled

    def retire(self, kiosk: KioskId) -> None:
        """Take no more from a kiosk, and note it."""
        self.registry.retire(kiosk)
        self.note("kiosk retired", kiosk)

    def note(self, action: str, target: str) -> None:
        """Write into the audit log what was done at the command line."""
        self.accounts.note("command line", action, target)

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
        password = self._files.write(host=mosquitto.listen, port=port, run_as=mosquitto.run_as)
        if password is not None:
            kept = self._files.folder / "hub-password"
            kept.touch(mode=0o600)
            kept.write_text(password + "\n")
        self._files.reload()
        return self._files.config


class Hub:
    """One hub process: what it runs, and the application that it serves."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = open_database(settings)
        self._metrics = Metrics()
        self._live = Live()
        self._listening: Listening | None = None
        self._parts: list[Part] = []
        self._fault: Exception | None = None
        if Role.INTAKE in settings.roles:
            self._listening = Listening(
                _login(settings), self._engine, self._metrics, now_ms, self._live.notify
            )
            self._parts.append(self._listening)
        if Role.JOBS in settings.roles:
            jobs = _jobs(settings, self._engine, self._metrics)
            self._parts.append(Schedule(jobs.tonight, settings.jobs.hour, settings.jobs.zone))

    def app(self) -> FastAPI:
        """The application; its lifespan starts and stops the parts."""
        watching = health_router(self.health, self._metrics.text)
        if Role.WEB in self._settings.roles:
            parts = _site_parts(self._settings, self._engine, self._live)
            api = api_router(parts.reports, Exports(), parts.fleet, viewer, now_ms)
            return build_site(parts, [watching, api], self._lifespan)
        app = FastAPI(title="Semblante", openapi_url=None, lifespan=self._lifespan)
        app.include_router(watching)
        return app

    def health(self) -> Health:
        """How this process is."""
        listening = self._listening
        return Health(
            roles=tuple(sorted(self._settings.roles)),
            version=version("semblante"),
            database=self._database_answers(),
            broker=None if listening is None else listening.broker.connected,
            lag_seconds=0.0 if listening is None else listening.inbox.lag(),
            waiting=0 if listening is None else listening.inbox.depth,
            threads={} if listening is None else listening.threads(),
        )

    def serve(self) -> None:
        """Run until told to stop; raises SemblanteError where it cannot begin."""
        try:
            check_schema(self._engine)
            self._serve()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the database; safe to call twice, and `serve` does it itself."""
        self._engine.dispose()

    def _serve(self) -> None:
        web = self._settings.web
        config = uvicorn.Config(
            self.app(), log_config=None, access_log=False, timeout_graceful_shutdown=2
        )
        server = Server(config, self._live)
        with open_door(web.host, web.port) as door, ending_quietly(server):
            try:
                server.run(sockets=[door])
            except SystemExit:  # uvicorn's way of saying that a part could not start
                raise (self._fault or SemblanteError("the hub could not start")) from None

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        # In threads: starting waits for a database, stopping for a commit.
        runs = running(self._parts)
        try:
            await asyncio.to_thread(runs.__enter__)
        except Exception as fault:
            self._fault = fault
            raise
        roles = sorted(role.value for role in self._settings.roles)
        log.info("hub.started", roles=roles, url=self._settings.public_url)
        try:
            yield
        finally:
            await asyncio.to_thread(runs.__exit__, None, None, None)
            log.info("hub.stopped")

    def _database_answers(self) -> bool:
        try:
            with reading(self._engine) as db:
                db.execute(text("SELECT 1"))
        except ArchiveError:
            return False
        return True


def _site_parts(settings: Settings, engine: Engine, live: Live) -> SiteParts:
    return SiteParts(
        accounts=open_accounts(engine),
        places=SqlArchive(engine),
        fleet=SqlFleet(engine),
        programmes=SqlProgrammes(engine),
        reports=Reports(SqlFigures(engine), settings.privacy.floor),
        live=live,
        renderer=Renderer(load_words(), Assets()),
        now=now_ms,
        public_url=settings.public_url,
    )


def _jobs(settings: Settings, engine: Engine, metrics: Metrics) -> Jobs:
    return Jobs(
        Plan(settings.jobs.hour, settings.jobs.zone, settings.keep.days),
        holder=f"{socket.gethostname()}/{os.getpid()}",
        leases=SqlLeases(engine),
        verify=lambda: len(recount.verify(engine).differences),
        retention=SqlRetention(engine),
        quarantine=SqlQuarantine(engine),
        stores=SqlArchive(engine).stores,
        meter=metrics,
        now_ms=now_ms,
    )


def _login(settings: Settings) -> Login:
    broker = settings.broker
    return Login(
        broker.host,
        broker.port,
        broker.user,
        settings.broker_password,
        broker.client_id,
        broker.ca_file,
    )
