"""What the kiosks of a store show: languages, what was done, light, sound and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from hub.core.accounts import Note
from hub.core.programme import in_languages
from hub.core.questionnaires import LARGEST, message_size
from hub.core.roles import Right
from hub.web.auth import DesignStore, OwnForm, Session, having
from hub.web.designing import LANGUAGES, Form, text_of, texts_of, title_of
from hub.web.parts import parts_of
from hub.web.shell import back_to, show
from shared.errors import WordError
from shared.notices import Deed, Keeping, KioskSettings, Look
from shared.programme import TRANSLATED, default_programme

LONGEST_DEED = 120
"""Characters of each half of “you said – we did”: two lines of the smallest glass."""


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.DESIGN))])
    path = "/stores/{store_id}/programme"
    router.add_api_route(path, programme_page, methods=["GET"])
    router.add_api_route(path, change, methods=["POST"])
    return router


def programme_page(
    request: Request,
    session: Session,
    store: DesignStore,
    done: str = "",
) -> Response:
    """The form, as things stand."""
    programme = parts_of(request).programmes.programme(store) or default_programme(1)
    asked, language = programme.questionnaire, session.user.language
    shown = [place for place in parts_of(request).questionnaires.shown([store]) if asked]
    return show(
        request,
        session,
        "questionnaires/programme.html",
        {
            "it": programme,
            "spoken": {one: LANGUAGES.get(one, one) for one in TRANSLATED},
            "looks": list(Look),
            "asked": None if asked is None else title_of(asked, language),
            "shown": shown[0] if shown else None,
            "longest": LONGEST_DEED,
            "done": done,
        },
        here="programme",
        store=store,
    )


def change(
    request: Request,
    session: OwnForm,
    form: Form,
    store: DesignStore,
) -> Response:
    """What was typed goes to the store's kiosks; raises 400 for what the form does not offer."""
    parts = parts_of(request)
    note = Note(parts.now(), session.user.name, "programme changed", store)
    try:
        parts.programmes.change(store, lambda it: _changed(it, form), note.at, note)
    except WordError as fault:
        raise HTTPException(400) from fault
    return back_to(f"/stores/{store}/programme?done=kept")


def _changed(it: KioskSettings, form: FormData) -> KioskSettings:
    languages = _languages(form)
    said, done = (texts_of(form, name, languages) for name in ("said", "done"))
    for text in (*said.values(), *done.values()):
        if len(text) > LONGEST_DEED or not text.isprintable():
            raise WordError("a deed that no glass can show")
    keeping = Keeping(
        it.keeping.zone,
        it.keeping.opens,
        it.keeping.closes,
        _look(text_of(form, "look")),
        _number(form, "brightness", 5),
        _number(form, "brightness_night", 5),
        _number(form, "volume", 0),
        calm=text_of(form, "calm") == "yes",
    )
    changed = replace(
        in_languages(it, languages),
        deed=Deed(said, done) if said and done else None,
        keeping=keeping,
        change_seconds=_number(form, "change_seconds", 0),
        lockout_seconds=_number(form, "lockout_seconds", 0),
    )
    if message_size(it.questionnaire, changed) > LARGEST:
        raise WordError("more than fits into a message beside the questionnaire")
    return changed


def _languages(form: FormData) -> Sequence[str]:
    """The first one is what the kiosk rests in."""
    first = text_of(form, "first")
    ticked = [one for one in TRANSLATED if one in form.getlist("languages") and one != first]
    if first not in TRANSLATED:
        raise WordError("a language that no kiosk speaks")
    return [first, *ticked]


def _look(text: str) -> Look:
    if text not in set(Look):
        raise WordError("a look that no kiosk has")
    return Look(text)


def _number(form: FormData, name: str, least: int) -> int:
    """A number of a field; the word itself knows how large it may be. A dark glass helps nobody."""
    text = text_of(form, name)
    if not (text.isdecimal() and text.isascii() and len(text) < 5) or int(text) < least:
        raise WordError(f"{name} is no number that is offered")
    return int(text)
