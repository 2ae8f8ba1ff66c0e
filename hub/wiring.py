"""Every concrete part of the hub by name: made here, started in order, stopped in reverse."""

from __future__ import annotations

import asyncio
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

import structlog
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, text

from hub.adapters.archive import SqlArchive
from hub.adapters.attendant import Attendant
from hub.adapters.broker import Broker, Ears, Login
from hub.adapters.consumer import Consumer
from hub.adapters.database import open_engine, reading
from hub.adapters.fleet import SqlFleet
from hub.adapters.inbox import Inbox, Letter
from hub.adapters.metrics import Metrics
from hub.adapters.migrations import check_schema
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.worker import Worker
from hub.announcer import Announcer
from hub.core.health import Health
from hub.core.measures import BYTES, MESSAGES
from hub.fleet import Fleet, Word
from hub.intake import Intake
from hub.settings import Role, Settings
from hub.web.health import health_router
from shared.errors import ArchiveError, SettingsError
from shared.places import StoreId
from shared.topics import Channel

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


def open_database(settings: Settings) -> Engine:
    """The engine of these settings, with a folder for a SQLite file; raises ArchiveError."""
    engine = open_engine(settings.database.url)
    if engine.dialect.name == "sqlite" and engine.url.database:
        try:
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise ArchiveError(f"no folder for the database: {fault}") from fault
    return engine


@contextmanager
def running(parts: Sequence[Part]) -> Iterator[None]:
    """Start the parts in order; stop them in reverse, also where one of them failed to start."""
    with ExitStack() as stack:
        for part in parts:
            stack.callback(part.stop)
            part.start()
        yield


class Listening:
    """The role `intake`: from the broker to the archive, and back as receipts and settings."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        metrics: Metrics,
        counted: Callable[[StoreId], None],
    ) -> None:
        self.inbox = Inbox()
        self._metrics = metrics
        self._fleet = Fleet(SqlFleet(engine), metrics)
        ears = Ears(self._record, self._other, self._greeted, self.inbox.wait_until_empty)
        self.broker = Broker(_login(settings), ears, metrics)
        self._announcer = Announcer(self.broker.publish, SqlProgrammes(engine), metrics)
        self._consumer = Consumer(
            self.inbox, Intake(SqlArchive(engine)), self._announcer, metrics, now_ms, counted
        )
        attendant = Attendant(self._fleet, self._announcer)
        self.intake_worker = Worker("intake", self._consumer.step)
        self.fleet_worker = Worker("fleet", attendant.step)

    def start(self) -> None:
        """Whoever keeps comes before who listens."""
        self.fleet_worker.start()
        self.intake_worker.start()
        self.broker.start()

    def stop(self) -> None:
        """The intake first: what it has committed is still acknowledged."""
        self._consumer.stop()
        self.intake_worker.stop()
        self.broker.stop()
        self.fleet_worker.stop()

    def threads(self) -> dict[str, bool]:
        """Which threads there should be, and whether they run."""
        return {worker.name: worker.alive for worker in (self.intake_worker, self.fleet_worker)}

    def _record(self, letter: Letter) -> bool:
        self._metrics.add(MESSAGES, label=Channel.RECORDS.value)
        self._metrics.add(BYTES, len(letter.payload))
        return self.inbox.put(letter)

    def _other(self, letter: Letter) -> None:
        self._metrics.add(MESSAGES, label="other")
        self._fleet.hear(Word(letter.topic, letter.payload, letter.retained, now_ms()))

    def _greeted(self) -> None:
        self._announcer.forget()


class Hub:
    """One hub process: what it runs, and the application that it serves."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = open_database(settings)
        self._metrics = Metrics()
        self._listening: Listening | None = None
        self._parts: list[Part] = []
        if Role.INTAKE in settings.roles:
            self._listening = Listening(settings, self._engine, self._metrics, self._counted)
            self._parts.append(self._listening)

    def app(self) -> FastAPI:
        """The application; its lifespan starts and stops the parts."""
        health = health_router(self.health, self._metrics.text)
        app = FastAPI(title="Semblante", openapi_url=None, lifespan=self._lifespan)
        app.include_router(health)
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
        check_schema(self._engine)
        web = self._settings.web
        with _listening_socket(web.host, web.port) as door:
            config = uvicorn.Config(
                self.app(), log_config=None, access_log=False, timeout_graceful_shutdown=2
            )
            server = uvicorn.Server(config)
            with _ending_quietly():
                server.run(sockets=[door])
        self._engine.dispose()

    @asynccontextmanager
    async def _lifespan(self, _app: FastAPI) -> AsyncIterator[None]:
        # In threads: starting waits for a database, stopping for a commit.
        runs = running(self._parts)
        await asyncio.to_thread(runs.__enter__)
        log.info("hub.started", roles=sorted(self._settings.roles), url=self._settings.public_url)
        try:
            yield
        finally:
            await asyncio.to_thread(runs.__exit__, None, None, None)
            log.info("hub.stopped")

    def _counted(self, store: StoreId) -> None:
        """Something of this store was committed."""

    def _database_answers(self) -> bool:
        try:
            with reading(self._engine) as db:
                db.execute(text("SELECT 1"))
        except ArchiveError:
            return False
        return True


@contextmanager
def _ending_quietly() -> Iterator[None]:
    """uvicorn raises the signal that ended it once more: by then everything has been stopped."""
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    for sign in before:
        signal.signal(sign, lambda *_: None)
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _listening_socket(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=2048)
    except OSError as fault:
        raise SettingsError("web", [f"{host}:{port} cannot be served: {fault}"]) from fault


def _login(settings: Settings) -> Login:
    broker = settings.broker
    return Login(broker.host, broker.port, broker.user, settings.broker_password, broker.client_id)
