"""The page Set aside: suspect answers of the last weeks by day and why, and whether they count."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response

from hub.core.deciding import Decision
from hub.core.figures import Days
from hub.core.hours import Hours, date_of, find_zone
from hub.core.ports import Store
from hub.core.roles import Right
from hub.web.auth import AnswersStore, OwnForm, Session, having, store_having
from hub.web.parts import Parts, parts_of
from hub.web.shell import back_to, show, words_for
from hub.web.wording import Words
from shared.errors import WordError
from shared.places import StoreId
from shared.visits import check_word

SHOWN_DAYS = 28
"""As far back as the pages look by themselves."""

DECIDED_DAYS = 100
"""Older days are not opened any more for what comes late: see `hub.releases`."""

DecidedStore = Annotated[StoreId, Depends(store_having(Right.DECIDE))]
Short = Annotated[str, Form(max_length=40)]


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.ANSWERS))])
    router.add_api_route("/stores/{store_id}/suspects", suspects_page, methods=["GET"])
    router.add_api_route("/stores/{store_id}/suspects", decide, methods=["POST"])
    return router


def suspects_page(
    request: Request, session: Session, store: AnswersStore, done: str = ""
) -> Response:
    """How many there are, by day and why."""
    parts, words = parts_of(request), words_for(request, session)
    known = _store(parts, store)
    days, zone = _until_today(parts, known, SHOWN_DAYS), find_zone(known.zone)
    context = {
        "rows": parts.suspects.suspects(known, days),
        "store": known,
        "date": date_of,
        "local": lambda ms: datetime.fromtimestamp(ms / 1000, zone),
        "codes": codes(words),
        "may_decide": session.user.viewer.may(Right.DECIDE),
        "first": date_of(days.first),
        "last": date_of(days.last),
        "done": done,
    }
    return show(request, session, "suspects.html", context, here="suspects", store=store)


def decide(
    request: Request,
    session: OwnForm,
    store: DecidedStore,
    day: Short = "",
    code: Short = "",
    counted: Short = "",
) -> Response:
    """Let those of a day and code count, or leave them out."""
    parts = parts_of(request)
    known = _store(parts, store)
    wanted = int(day) if day.isascii() and day.isdigit() and len(day) == len("20261122") else 0
    try:
        date_of(wanted)
        check_word(code, "code")
    except (ValueError, WordError) as fault:
        raise HTTPException(400) from fault
    among = _until_today(parts, known, DECIDED_DAYS)
    if not among.first <= wanted <= among.last:
        raise HTTPException(400)
    said = Decision(wanted, code, bool(counted), parts.now(), session.user.name)
    parts.suspects.decide(known, said)
    return back_to(f"/stores/{store}/suspects?done=decided")


def _store(parts: Parts, name: StoreId) -> Store:
    """The store, which is there: who asks was let in to it."""
    return next(store for store in parts.places.stores() if store.store_id == name)


def _until_today(parts: Parts, store: Store, count: int) -> Days:
    return Days.last_of(Hours(store.zone).hour_of(parts.now()).day, count)


def codes(words: Words) -> Mapping[str, str]:
    """What each code says, to people."""
    _ = words.gettext
    return {
        "burst": _("Many touches in a few seconds: children, or a cloth on the glass"),
        "haste": _("Several in a row faster than anybody can read, all the same face"),
    }
