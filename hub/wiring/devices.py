"""Kiosks as devices: what ails them, what they are told, and what happened to them."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter
from sqlalchemy import Engine

from hub.adapters.ailments import SqlAilments
from hub.adapters.archive import SqlArchive
from hub.adapters.diagnoses import SqlDiagnoses
from hub.adapters.fleet import SqlFleet
from hub.adapters.histories import SqlHistories
from hub.adapters.orders import SqlOrders
from hub.diagnoses import Diagnosing
from hub.infirmary import Infirmary
from hub.orders import Orders
from hub.settings import Settings
from hub.web.diagnoses import diagnoses_router
from hub.web.pages.codes import Codes, codes_pages
from hub.web.pages.devices import devices_pages
from hub.wiring.identity import authority_of
from hub.wiring.opening import now_ms, open_database

Work = Callable[[], object]


def orders_of(engine: Engine) -> Orders:
    """What gives commands to kiosks."""
    return Orders(SqlOrders(engine), now_ms)


def histories_of(engine: Engine) -> SqlHistories:
    """Where it is read what happened to kiosks."""
    return SqlHistories(engine)


def devices_every_minute(engine: Engine) -> dict[str, Work]:
    """Everybody is judged."""
    infirmary = Infirmary(SqlFleet(engine), SqlAilments(engine), SqlArchive(engine).stores)
    return {"devices": lambda: infirmary.look(now_ms())}


def devices_every_night(engine: Engine) -> dict[str, Work]:
    """What happened long ago is forgotten."""
    return {
        "histories": lambda: histories_of(engine).forget(now_ms()),
        "diagnoses": lambda: SqlDiagnoses(engine).forget(now_ms()),
    }


def device_pages(settings: Settings, engine: Engine, codes: Codes) -> list[APIRouter]:
    """One kiosk, what kiosks are told, what they send because of it, and join codes."""
    diagnoses = SqlDiagnoses(engine)
    return [
        devices_pages(orders_of(engine), histories_of(engine), diagnoses),
        diagnoses_router(Diagnosing(diagnoses, authority_of(settings), now_ms)),
        codes_pages(codes),
    ]


def office_diagnoses(settings: Settings) -> SqlDiagnoses:
    """The files for commands."""
    return SqlDiagnoses(open_database(settings, pooled=False))
