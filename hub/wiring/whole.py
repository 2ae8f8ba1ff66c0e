"""A hub process: every part that it runs is made here, started in order, stopped in reverse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from importlib.metadata import version
from typing import Protocol

import structlog
from fastapi import FastAPI
from sqlalchemy import text

from hub.adapters.connection import Login
from hub.adapters.database import reading
from hub.adapters.heap import Heap
from hub.adapters.listening import Listening
from hub.adapters.metrics import Metrics
from hub.adapters.migrations import check_schema
from hub.adapters.patience import await_database
from hub.adapters.schedule import Schedule
from hub.core.health import Health
from hub.settings import Duty, Settings
from hub.web.door import ending_quietly, open_door
from hub.web.health import health_router
from hub.web.live import Live
from hub.web.serving import Server, configured
from hub.web.site import build_site
from hub.wiring.answering import phones_of
from hub.wiring.garbage import collect_seldom
from hub.wiring.identity import inspections_of, keys_of
from hub.wiring.jobs import jobs_of
from hub.wiring.lines import messenger
from hub.wiring.opening import now_ms, open_database
from hub.wiring.site import site_parts, site_routes
from hub.wiring.vital import ended_by_death
from shared.errors import ArchiveError, SemblanteError

log = structlog.get_logger(__name__)


class Part(Protocol):
    """Something that runs."""

    def start(self) -> None:
        """Begin; may raise."""

    def stop(self) -> None:
        """End; safe also where `start` raised or was never called."""


@contextmanager
def running(parts: Sequence[Part]) -> Iterator[None]:
    """Start the parts in order; stop them in reverse, also where one of them failed to start."""
    with ExitStack() as stack:
        for part in parts:
            stack.callback(part.stop)
            part.start()
        yield


class Hub:
    """One hub process: what it runs, and the application that it serves."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._engine = open_database(settings)
        self._metrics = Metrics()
        self._live = Live()
        self._listening: Listening | None = None
        self._parts: list[Part] = [Heap()]
        self._fault: Exception | None = None
        if Duty.INTAKE in settings.roles:
            self._listening = Listening(
                _login(settings),
                self._engine,
                self._metrics,
                now_ms,
                self._live.notify,
                phones_of(settings, self._engine),
                keys_of(settings),
            )
            self._parts += [self._listening, *inspections_of(settings, self._engine)]
        if Duty.JOBS in settings.roles:
            jobs = jobs_of(settings, self._engine, self._metrics)
            when = settings.jobs.hour, settings.jobs.zone
            self._parts.append(Schedule(jobs.tonight, jobs.this_minute, *when))
            self._parts.append(messenger(settings, self._engine, self._metrics))

    def app(self) -> FastAPI:
        """The application; its lifespan starts and stops the parts."""
        watching = health_router(self.health, self._metrics.text)
        if Duty.WEB in self._settings.roles:
            parts = site_parts(self._settings, self._engine, self._live, self._metrics)
            routes = site_routes(self._settings, self._engine, self._metrics, parts)
            return build_site(parts, [watching, *routes], self._lifespan)
        app = FastAPI(
            title="Semblante", openapi_url=None, redirect_slashes=False, lifespan=self._lifespan
        )
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
            standing_by=listening is not None and listening.turn.standing_by,
        )

    def serve(self) -> None:
        """Run until told to stop; raises SemblanteError where it cannot begin."""
        try:
            await_database(self._engine)
            check_schema(self._engine)
            self._serve()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the database; safe to call twice, and `serve` does it itself."""
        self._engine.dispose()

    def _serve(self) -> None:
        web = self._settings.web
        server = Server(configured(self.app(), web.trusted_proxies), self._live)
        with (
            open_door(web.host, web.port) as door,
            ending_quietly(server),
            ended_by_death(partial(setattr, server, "should_exit", True)),
        ):
            collect_seldom()
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
