"""The site that a hub with the role “web” serves: what its pages work with, and all its routes."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.fleet import SqlFleet
from hub.adapters.layouts import SqlLayouts
from hub.adapters.metrics import Metrics
from hub.adapters.names import mask_by_list
from hub.adapters.pictures import DrawnPictures
from hub.adapters.programmes import SqlProgrammes
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.queue_readings import SqlQueueBook
from hub.adapters.readings import SqlFigures
from hub.adapters.suspects import SqlSuspects
from hub.adapters.tellings import SqlTellings
from hub.adapters.troubles import SqlTroubles
from hub.exports import Exports
from hub.questionnaires import Questionnaires
from hub.reports import Reports
from hub.settings import Settings
from hub.telling import Telling
from hub.web.api import api_router
from hub.web.assets import Assets
from hub.web.auth import viewer
from hub.web.by_wait import by_wait_router
from hub.web.live import Live
from hub.web.parts import Parts
from hub.web.phoning import PhonePages
from hub.web.questionnaires import questionnaires_router
from hub.web.queue_api import queue_router
from hub.web.recovery import recovery_router
from hub.web.renderer import Renderer
from hub.web.suspects import suspects_router
from hub.web.wording import load_words
from hub.wiring.answering import phone_pages, result_pages
from hub.wiring.devices import device_pages
from hub.wiring.displaying import display_pages
from hub.wiring.identity import identity_of, joining_pages
from hub.wiring.joining import scores_of, whatifs_of
from hub.wiring.lines import line_pages
from hub.wiring.opening import now_ms, open_accounts
from hub.wiring.rolling import rolling_pages
from hub.wiring.sensing import sensing_pages


def site_parts(settings: Settings, engine: Engine, live: Live, metrics: Metrics) -> Parts:
    """What the pages work with."""
    programmes, assets = SqlProgrammes(engine), Assets()
    return Parts(
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


def site_routes(
    settings: Settings, engine: Engine, metrics: Metrics, parts: Parts
) -> Sequence[APIRouter]:
    """Everything that answers beside the pages of the site itself."""
    note = parts.accounts.note
    codes = identity_of(settings, engine, metrics)
    return [
        api_router(parts.reports, Exports(), parts.fleet, viewer, now_ms, note),
        recovery_router(parts.troubles, viewer),
        suspects_router(parts.suspects, parts.reports, viewer, now_ms),
        questionnaires_router(parts.questionnaires, viewer),
        phone_pages(engine, metrics, parts.phones),
        *result_pages(settings, engine, parts.places, note),
        line_pages(engine),
        *rolling_pages(settings, engine),
        *device_pages(settings, engine, codes),
        sensing_pages(engine, metrics),
        joining_pages(settings, engine, metrics),
        display_pages(engine, parts.renderer.assets),
        by_wait_router(parts.scores, parts.places, viewer),
        queue_router(parts.layouts, parts.queues, parts.places, viewer, now_ms),
    ]
