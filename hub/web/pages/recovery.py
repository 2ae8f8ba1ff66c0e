"""The page Recovery: what needs somebody, with what to do, and what became of a restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request, Response

from hub.core.roles import Right
from hub.core.troubles import Kind
from hub.web.auth import KiosksViewer, Session, having
from hub.web.parts import parts_of
from hub.web.recovery import seen_by
from hub.web.shell import show, words_for
from hub.web.wording import Words


def routes() -> APIRouter:
    """The address of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.KIOSKS))])
    router.add_api_route("/recovery", recovery_page, methods=["GET"])
    return router


def recovery_page(request: Request, session: Session, viewer: KiosksViewer) -> Response:
    """Everything within reach that needs somebody."""
    found = seen_by(viewer, parts_of(request).troubles)
    words = words_for(request, session)
    known = hints(words)
    context = {
        "story": found.story,
        "restored": None if found.story is None else moment(found.story.at),
        "until": None if found.story is None else moment(found.story.until),
        "rows": [
            (one, known.get(one.hint, one.hint), moment(one.last_at)) for one in found.troubles
        ],
        "kinds": kinds(words),
    }
    return show(request, session, "recovery.html", context, here="kiosks")


def moment(at: int | None) -> datetime | None:
    """An instant as the page shows it: in UTC, for it is about several stores."""
    return None if at is None else datetime.fromtimestamp(at / 1_000, UTC)


def kinds(words: Words) -> Mapping[Kind, str]:
    """What each kind is called."""
    _ = words.gettext
    return {
        Kind.ALARM: _("Alarm"),
        Kind.QUARANTINE: _("In quarantine"),
        Kind.REFUSED: _("Refused records"),
        Kind.MISSING: _("Missing records"),
        Kind.CLOCK: _("Clock"),
    }


def hints(words: Words) -> Mapping[str, str]:
    """What the core says in English, in the reader's language; anything else is shown as it is."""
    _ = words.gettext
    return {
        "The outbox was restored, edited or damaged: see “semblante-hub quarantine”.": _(
            "The outbox was restored, edited or damaged: see “semblante-hub quarantine”."
        ),
        "Two cards hold the same outbox: make a new image for one of them.": _(
            "Two cards hold the same outbox: make a new image for one of them."
        ),
        "The hub failed on this message: report it, with the quarantined bytes.": _(
            "The hub failed on this message: report it, with the quarantined bytes."
        ),
        "Enrol the kiosk in this store, or correct the store in its settings.": _(
            "Enrol the kiosk in this store, or correct the store in its settings."
        ),
        "This kiosk's quarantine is full: look at it and clear it, then it goes on.": _(
            "This kiosk's quarantine is full: look at it and clear it, then it goes on."
        ),
        "Enrol this kiosk: “semblante-hub kiosk enrol”.": _(
            "Enrol this kiosk: “semblante-hub kiosk enrol”."
        ),
        "Look at its bytes in the table “quarantine”: a kiosk of another make, or an attack.": _(
            "Look at its bytes in the table “quarantine”: a kiosk of another make, or an attack."
        ),
        "A kiosk speaks a newer protocol: bring the hub to the newest version.": _(
            "A kiosk speaks a newer protocol: bring the hub to the newest version."
        ),
        "Add the point: “semblante-hub point add”; what comes then counts.": _(
            "Add the point: “semblante-hub point add”; what comes then counts."
        ),
        "Its card fails: take a new card there today; keep the old one.": _(
            "Its card fails: take a new card there today; keep the old one."
        ),
        "Its outbox was moved aside: fetch that file; try “sqlite3 FILE .recover”.": _(
            "Its outbox was moved aside: fetch that file; try “sqlite3 FILE .recover”."
        ),
        "Receipts do not fit its chain: a cloned card, or an edited database.": _(
            "Receipts do not fit its chain: a cloned card, or an edited database."
        ),
        "The broker refuses it: run “semblante-hub broker files”.": _(
            "The broker refuses it: run “semblante-hub broker files”."
        ),
        "The hub cannot go on with it: see its lines under quarantine.": _(
            "The hub cannot go on with it: see its lines under quarantine."
        ),
        "Check the cable and the settings of its till: “semblante-kiosk check”.": _(
            "Check the cable and the settings of its till: “semblante-kiosk check”."
        ),
        "Check the wires of its buttons: “semblante-kiosk check”.": _(
            "Check the wires of its buttons: “semblante-kiosk check”."
        ),
        "It cannot read what the hub asks it to show: bring both to one version.": _(
            "It cannot read what the hub asks it to show: bring both to one version."
        ),
        "They stand in quarantine by their codes; nobody will send them again.": _(
            "They stand in quarantine by their codes; nobody will send them again."
        ),
        "They are gone: the table “losses” says which, and what they were.": _(
            "They are gone: the table “losses” says which, and what they were."
        ),
        "See the kiosk's own log.": _("See the kiosk's own log."),
        "It finds no time server: let NTP through; until then the hub's time is used.": _(
            "It finds no time server: let NTP through; until then the hub's time is used."
        ),
    }
