"""Responses: what serves shoppers on their own phones, and what tells the results."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.names import mask_by_list
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.results import SqlResults
from hub.adapters.walks import SqlPhoneKeys, SqlWalks
from hub.core.measures import Meter
from hub.responses import Responses
from hub.results import Results
from hub.settings import Settings
from hub.web.auth import viewer
from hub.web.pages.phone import phone_router
from hub.web.pages.results import results_pages
from hub.web.parts import Stores
from hub.web.phoning import PhonePages
from hub.web.results import results_router
from hub.wiring.joining import waits_every_minute
from hub.wiring.opening import now_ms
from shared.notices import Phone
from shared.places import KioskId

Work = Callable[[], object]


def responses_of(engine: Engine, meter: Meter | None = None) -> Responses:
    """The service that takes responses in from phones."""
    return Responses(
        SqlArchive(engine),
        SqlWalks(engine),
        SqlQuestionnaires(engine),
        SqlPhoneKeys(engine).key,
        now_ms,
        meter,
    )


def phone_pages(engine: Engine, meter: Meter, pages: PhonePages) -> APIRouter:
    """Their pages."""
    return phone_router(responses_of(engine, meter), pages)


def results_of(engine: Engine, floor: int) -> Results:
    """What tells the results of questionnaires."""
    return Results(SqlResults(engine), SqlQuestionnaires(engine), mask_by_list(), floor)


def every_minute(settings: Settings, engine: Engine, meter: Meter) -> dict[str, Work]:
    """What is due: phones that were laid aside, weeks that are over, waits beside answers."""
    responses, results = responses_of(engine, meter), results_of(engine, settings.privacy.floor)
    waits = waits_every_minute(settings, engine)
    return {"phones": responses.abandon, "results": lambda: results.close(now_ms()), **waits}


def result_pages(
    settings: Settings, engine: Engine, places: Stores, note: Callable[[str, str, str, str], None]
) -> list[APIRouter]:
    """The pages Results, and the same for programs."""
    results = results_of(engine, settings.privacy.floor)
    return [results_pages(results), results_router(results, places, viewer, note)]


def phones_of(settings: Settings, engine: Engine) -> Callable[[KioskId], Phone | None]:
    """What each kiosk needs to lead shoppers to these pages.

    Nothing where it is not set how people reach this hub: no phone could.
    """
    address = settings.web.public_url
    if not address:
        return lambda _: None
    keys = SqlPhoneKeys(engine)
    return lambda kiosk: Phone(address, keys.key(kiosk))
