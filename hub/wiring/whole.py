"""A hub process: every part that it runs is made here, started in order, stopped in reverse."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from functools import partial
from importlib.metadata import version
from typing import Protocol

import structlog
from fastapi import FastAPI
from sqlalchemy import Engine, text

from hub.adapters import recount
from hub.adapters.archive import SqlArchive
from hub.adapters.connection import Login
from hub.adapters.database import reading
from hub.adapters.fleet import SqlFleet
from hub.adapters.forgetting import forget_waits
from hub.adapters.heap import Heap
from hub.adapters.layouts import SqlLayouts
from hub.adapters.leases import SqlLeases
from hub.adapters.listening import Listening
from hub.adapters.metrics import Metrics
from hub.adapters.migrations import check_schema
from hub.adapters.names import mask_by_list
from hub.adapters.patience import await_database
from hub.adapters.pictures import DrawnPictures
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.queue_readings import SqlQueueBook
from hub.adapters.readings import SqlFigures
from hub.adapters.retention import SqlQuarantine, SqlRetention
from hub.adapters.schedule import Schedule
from hub.adapters.silences import SqlSilences
from hub.adapters.suspects import SqlSuspects
from hub.adapters.tellings import SqlTellings
from hub.adapters.troubles import SqlTroubles
from hub.core.health import Health
from hub.exports import Exports
from hub.jobs import Jobs, Plan
from hub.questionnaires import Questionnaires
from hub.reports import Reports
from hub.settings import Duty, Settings
from hub.silences import Silences
from hub.telling import Telling
from hub.web.api import api_router
from hub.web.assets import Assets
from hub.web.auth import viewer
from hub.web.by_wait import by_wait_router
from hub.web.door import ending_quietly, open_door
from hub.web.health import health_router
from hub.web.live import Live
from hub.web.parts import Parts as SiteParts
from hub.web.phoning import PhonePages
from hub.web.questionnaires import questionnaires_router
from hub.web.queue_api import queue_router
from hub.web.recovery import recovery_router
from hub.web.renderer import Renderer
from hub.web.serving import Server, configured
from hub.web.site import build_site
from hub.web.suspects import suspects_router
from hub.web.wording import load_words
from hub.wiring.answering import every_minute, phone_pages, phones_of, result_pages
from hub.wiring.devices import device_pages, devices_every_minute, devices_every_night
from hub.wiring.displaying import display_pages
from hub.wiring.garbage import collect_seldom
from hub.wiring.identity import (
    gate_every_minute,
    identities_every_night,
    identity_of,
    inspections_of,
    joining_pages,
    keys_of,
)
from hub.wiring.joining import scores_of, whatifs_of
from hub.wiring.lines import line_pages, messenger
from hub.wiring.opening import now_ms, open_accounts, open_database
from hub.wiring.rolling import rolling_pages, rollouts_every_minute
from hub.wiring.sensing import sensing_pages
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
            self._parts += [self._listening, *inspections_of(settings)]
        if Duty.JOBS in settings.roles:
            jobs = _jobs(settings, self._engine, self._metrics)
            when = settings.jobs.hour, settings.jobs.zone
            self._parts.append(Schedule(jobs.tonight, jobs.this_minute, *when))
            self._parts.append(messenger(settings, self._engine, self._metrics))

    def app(self) -> FastAPI:
        """The application; its lifespan starts and stops the parts."""
        watching = health_router(self.health, self._metrics.text)
        if Duty.WEB in self._settings.roles:
            parts = _site_parts(self._settings, self._engine, self._live, self._metrics)
            note = parts.accounts.note
            api = api_router(parts.reports, Exports(), parts.fleet, viewer, now_ms, note)
            recovery = recovery_router(parts.troubles, viewer)
            suspects = suspects_router(parts.suspects, parts.reports, viewer, now_ms)
            questionnaires = questionnaires_router(parts.questionnaires, viewer)
            results = result_pages(self._settings, self._engine, parts.places, note)
            phones = phone_pages(self._engine, self._metrics, parts.phones)
            routers = [watching, api, recovery, suspects, questionnaires, phones, *results]
            routers.append(line_pages(self._engine))
            routers += rolling_pages(self._settings, self._engine)
            routers += device_pages(
                self._engine, identity_of(self._settings, self._engine, self._metrics)
            )
            routers.append(sensing_pages(self._engine, self._metrics))
            routers.append(joining_pages(self._settings, self._engine, self._metrics))
            routers.append(display_pages(self._engine, parts.renderer.assets))
            routers.append(by_wait_router(parts.scores, parts.places, viewer))
            routers.append(queue_router(parts.layouts, parts.queues, parts.places, viewer, now_ms))
            return build_site(parts, routers, self._lifespan)
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


def _site_parts(settings: Settings, engine: Engine, live: Live, metrics: Metrics) -> SiteParts:
    programmes, assets = SqlProgrammes(engine), Assets()
    return SiteParts(
        accounts=open_accounts(engine, metrics),
        places=SqlArchive(engine),
        fleet=SqlFleet(engine),
        troubles=SqlTroubles(engine),
        programmes=programmes,
        pictures=DrawnPictures(settings.preview.command),
        questionnaires=Questionnaires(SqlQuestionnaires(engine), programmes, now_ms),
        mask=mask_by_list(),
        suspects=SqlSuspects(engine),
        layouts=SqlLayouts(engine),
        queues=SqlQueueBook(engine),
        typing=Telling(SqlTellings(engine), now_ms),
        scores=scores_of(engine),
        whatifs=whatifs_of(engine),
        reports=Reports(SqlFigures(engine), settings.privacy.floor),
        live=live,
        renderer=Renderer(load_words(), assets),
        phones=PhonePages(assets),
        now=now_ms,
        public_url=settings.public_url,
    )


def _jobs(settings: Settings, engine: Engine, metrics: Metrics) -> Jobs:
    jobs, keep = settings.jobs, settings.keep
    return Jobs(
        Plan(jobs.hour, jobs.zone, keep.days, keep.quarantine_days),
        holder=f"{socket.gethostname()}/{os.getpid()}",
        leases=SqlLeases(engine),
        verify=lambda: len(recount.verify(engine).differences),
        retention=SqlRetention(engine),
        quarantine=SqlQuarantine(engine),
        end_old_sessions=open_accounts(engine).end_old_sessions,
        tell_late=Reports(SqlFigures(engine), settings.privacy.floor).tell_late,
        look_for_silence=Silences(SqlSilences(engine)).look,
        stores=SqlArchive(engine).stores,
        meter=metrics,
        now_ms=now_ms,
        every_minute={
            **every_minute(settings, engine, metrics),
            **devices_every_minute(engine),
            **gate_every_minute(settings, engine),
            **rollouts_every_minute(settings, engine),
        },
        every_night={
            "notices": lambda: forget_waits(engine, now_ms()),
            **devices_every_night(engine),
            **identities_every_night(engine),
        },
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
