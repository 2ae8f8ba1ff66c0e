"""The pages that look back: Hours, Registers and Stores; and the way in."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.core.figures import Days
from hub.core.hours import date_of
from hub.core.roles import Right
from hub.web.auth import AnswersStore, AnswersViewer, AnyViewer, Session, having
from hub.web.charts import scale_of, shade
from hub.web.parts import parts_of
from hub.web.shell import chosen_store, show
from shared.places import StoreId

RANGES = (1, 7, 28, 90)
"""Days that the pages offer: a day, a week, four weeks (each weekday as often), a quarter."""

WEEKS = (4, 8, 13, 26)
"""Weeks that the heat map offers: a month to half a year."""


def routes() -> APIRouter:
    """The addresses of these pages."""
    router = APIRouter(include_in_schema=False)
    answers = [Depends(having(Right.ANSWERS))]
    router.add_api_route("/", home, methods=["GET"])
    router.add_api_route("/stores", stores_page, methods=["GET"], dependencies=answers)
    router.add_api_route(
        "/stores/{store_id}/hours", hours_page, methods=["GET"], dependencies=answers
    )
    router.add_api_route(
        "/stores/{store_id}/registers", registers_page, methods=["GET"], dependencies=answers
    )
    return router


def home(request: Request, viewer: AnyViewer, session: Session) -> Response:
    """The first page: today in the store looked at last; for technicians the kiosks."""
    store = chosen_store(request, parts_of(request).seen_by(viewer))
    if store is None:
        return show(request, session, "no_store.html", {})
    page = "today" if viewer.may(Right.ANSWERS) else "kiosks"
    return RedirectResponse(f"/stores/{store.store_id}/{page}", 303)


def hours_page(
    request: Request, session: Session, store: AnswersStore, weeks: int = WEEKS[0]
) -> Response:
    """Weekday × hour of the day."""
    if weeks not in WEEKS:
        raise HTTPException(400)
    parts = parts_of(request)
    view = parts.reports.hours(store, parts.now(), weeks)
    return show(
        request,
        session,
        "hours.html",
        {
            "view": view,
            "first": date_of(view.days.first),
            "last": date_of(view.days.last),
            "weeks": weeks,
            "offered": WEEKS,
            "shade": lambda cell: shade(cell.index, view.bottom.total.index),
        },
        here="hours",
        store=store,
    )


def registers_page(
    request: Request,
    session: Session,
    store: AnswersStore,
    days: Annotated[int, Query()] = 28,
) -> Response:
    """The points of a store over some days."""
    parts = parts_of(request)
    view = parts.reports.registers(store, parts.now(), _range(request, store, days))
    return show(
        request,
        session,
        "registers.html",
        {
            "view": view,
            "scale": scale_of(view.rows, view.index),
            "names": {row.point.point_id: row.point.name for row in view.rows},
            "first": date_of(view.days.first),
            "last": date_of(view.days.last),
            "days": days,
            "offered": RANGES,
        },
        here="registers",
        store=store,
    )


def stores_page(
    request: Request, session: Session, viewer: AnswersViewer, days: int = 28
) -> Response:
    """All stores within reach, over some days."""
    parts = parts_of(request)
    seen = parts.seen_by(viewer)
    if not seen:
        return show(request, session, "no_store.html", {})
    only = [store.store_id for store in seen]
    view = parts.reports.stores(parts.now(), _range(request, only[0], days), only)
    return show(
        request,
        session,
        "stores.html",
        {
            "view": view,
            "scale": scale_of(view.rows, view.index),
            "first": date_of(view.days.first),
            "last": date_of(view.days.last),
            "days": days,
            "offered": RANGES,
        },
        here="stores",
    )


def _range(request: Request, store: StoreId, days: int) -> Days:
    """The last `days` days, today included."""
    if days not in RANGES:
        raise HTTPException(400)
    parts = parts_of(request)
    return Days.last_of(parts.reports.day(store, parts.now()), days)
