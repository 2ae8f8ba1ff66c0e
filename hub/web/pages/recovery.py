"""The page Recovery: what needs somebody, with what to do, and what became of a restore."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from hub.core.roles import Right
from hub.core.troubles import Kind
from hub.web.auth import KiosksViewer, Session, having
from hub.web.device_words import DeviceWords
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
        "say": DeviceWords(words),
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
        Kind.DEVICE: _("Device"),
        Kind.SILENT: _("Nobody answers"),
        Kind.QUARANTINE: _("In quarantine"),
        Kind.REFUSED: _("Refused records"),
        Kind.MISSING: _("Missing records"),
        Kind.CLOCK: _("Clock"),
        Kind.WEBHOOK: _("Alerts that nobody takes"),
        Kind.IDENTITY: _("Two devices, one kiosk"),
        Kind.BROKER: _("Rights at the broker"),
    }


def hints(words: Words) -> Mapping[str, str]:
    """What the core says in English, in the reader's language; anything else is shown as it is."""
    return {hint: words.gettext(hint) for hint in _HINTS}


def N_(text: str) -> str:  # noqa: N802 - the name by which sentences are found
    """A sentence that is translated elsewhere."""
    return text


_HINTS: Final = (
    N_(
        "Two devices are this kiosk, and nothing of it counts: decide which one it "
        "is with “semblante-hub certificate release”."
    ),
    N_("Another device tried a join code that was used: see who has the card."),
    N_("See “semblante-hub certificate list”."),
    N_(
        "A kiosk may write as another, so what comes may be forged: run “semblante-hub "
        "broker files”, let the broker read them, then “semblante-hub broker test”."
    ),
    N_(
        "Nobody knows whether kiosks may write only as themselves: “semblante-hub "
        "broker test” says why it cannot be tried. Does the hub run, and the broker?"
    ),
    N_("See “semblante-hub broker test”."),
    N_("Two devices claim to be this kiosk: “semblante-hub certificate release”."),
    N_(
        "Check the receiver's address on the page “Settings of the queue”, "
        "and that it runs; the log says what it answered."
    ),
    N_("The outbox was restored, edited or damaged: see “semblante-hub quarantine”."),
    N_("Two cards hold the same outbox: make a new image for one of them."),
    N_("The hub failed on this message: report it, with the quarantined bytes."),
    N_("Enrol the kiosk in this store, or correct the store in its settings."),
    N_("This kiosk's quarantine is full: look at it and clear it, then it goes on."),
    N_("Enrol this kiosk: “semblante-hub kiosk enrol”."),
    N_("Look at its bytes in the table “quarantine”: a kiosk of another make, or an attack."),
    N_("A kiosk speaks a newer protocol: bring the hub to the newest version."),
    N_("Add the point: “semblante-hub point add”; what comes then counts."),
    N_("Its file system lost something, or takes nothing more: take a new card there."),
    N_("Somebody else speaks as this hub: see whether the broker was taken over."),
    N_("No word since its store opened: look at its power and its network."),
    N_("Its card is nearly full: see what else lies there; ask it for its log."),
    N_("Its card is near the end of its life: plan a new one."),
    N_("Its card became read-only, so it keeps nothing: take a new one today."),
    N_("What it keeps is gone after a power cut: set it up anew on a card."),
    N_("Its power supply is too weak: use the maker's own, and a short cable."),
    N_("It is too hot: give it air, or shade."),
    N_("It could not renew its certificate: tell it to, then see its log."),
    N_("It missed an update: tell it to take the newest version."),
    N_("See the kiosk's own page."),
    N_(
        "Its settings file on the card has faults or was refused, and it goes on as it "
        "was: mend the file."
    ),
    N_("Its outbox lies in memory, and a power cut takes it: mount /data there."),
    N_("Its card fails: take a new card there today; keep the old one."),
    N_("Its outbox was moved aside: fetch that file; try “sqlite3 FILE .recover”."),
    N_("Its card turns bits, and a record is gone: take a new card there soon."),
    N_("Receipts do not fit its chain: a cloned card, or an edited database."),
    N_("The broker refuses it: run “semblante-hub broker files”."),
    N_("The hub cannot go on with it: see its lines under quarantine."),
    N_("Check the cable and the settings of its till: “semblante-kiosk check”."),
    N_("Check the wires of its buttons: “semblante-kiosk check”."),
    N_("It cannot read what the hub asks it to show: bring both to one version."),
    N_("Something cannot be said there: “semblante-kiosk check” tells what is missing."),
    N_("It cannot set its brightness: put its user in the group video."),
    N_("Something lies on its glass, or the panel is broken: wipe it, then test it."),
    N_("A font is missing, so it shows English: install the program anew."),
    N_("They stand in quarantine by their codes; nobody will send them again."),
    N_("They are gone: the table “losses” says which, and what they were."),
    N_("See the kiosk's own log."),
    N_("Touch its glass: a dead panel, or something that stands before it?"),
    N_("It finds no time server: let NTP through; until then the hub's time is used."),
)
