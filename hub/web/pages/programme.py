"""What the kiosks of a store show: question, reasons, languages, light, sound, hours and times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from hub.accounts import SignedIn
from hub.core.accounts import Note
from hub.core.cautioning import Mask, named
from hub.core.editing import shifted
from hub.core.pictures import PAGES, SIZES
from hub.core.roles import Right
from hub.core.tuning import NUMBERS, Tuned, changes, fields_of, read
from hub.questionnaires import edited_meanwhile
from hub.web.auth import DesignStore, OwnForm, Session, having
from hub.web.designing import Form, text_of, texts_of, title_of
from hub.web.faulting import told
from hub.web.pages.pictures import asked_glass
from hub.web.parts import Parts, parts_of
from hub.web.shell import back_to, show, words_for
from hub.web.wording import LANGUAGES
from shared.errors import EditedMeanwhile, Placed, ProgrammeRefused
from shared.notices import MOST_REASONS, KioskSettings, Look
from shared.places import StoreId
from shared.programme import (
    LONGEST_DEED,
    LONGEST_QUESTION,
    LONGEST_REASON,
    TRANSLATED,
    default_programme,
)
from shared.soundness import Fault

OFFERED: Final = {
    "spoken": {one: LANGUAGES[one] for one in TRANSLATED},
    "looks": list(Look),
    "numbers": NUMBERS,
    "longest": {"question": LONGEST_QUESTION, "reason": LONGEST_REASON, "deed": LONGEST_DEED},
}
"""What the form lets choose from, and how long its texts may be."""


def routes() -> APIRouter:
    """The addresses of this page."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.DESIGN))])
    path = "/stores/{store_id}/programme"
    router.add_api_route(path, programme_page, methods=["GET"])
    router.add_api_route(path, change, methods=["POST"])
    return router


def programme_page(
    request: Request, session: Session, store: DesignStore, done: str = ""
) -> Response:
    """The form, as things stand."""
    stands = _stands(parts_of(request), store)
    return _page(request, session, store, stands, fields_of(stands), done=done)


def change(request: Request, session: OwnForm, form: Form, store: DesignStore) -> Response:
    """What was typed goes to the store's kiosks; where reasons were moved, it is shown first."""
    parts = parts_of(request)
    stands, typed = _stands(parts, store), _typed(form)
    if not text_of(form, "seen"):
        raise HTTPException(400)  # it does not say what was looked at
    if (moved := _moved(typed, text_of(form, "do"))) is not None:
        return _page(request, session, store, stands, moved, seen=text_of(form, "seen"), moved=True)
    seen = fields_of(stands)
    try:
        if text_of(form, "seen") != _stamp(seen):
            raise edited_meanwhile()
        _keep(parts, session.user.name, store, stands, read(typed, stands.programme))
    except EditedMeanwhile:
        return _page(request, session, store, stands, seen, status=409, done="moved")
    except ProgrammeRefused as refused:
        return _page(request, session, store, stands, typed, faults=refused.faults, status=400)
    return back_to(f"/stores/{store}/programme?done=kept")


def _keep(parts: Parts, by: str, store: StoreId, stands: Tuned, tuned: Tuned) -> None:
    """Tell the kiosks, if anything is otherwise; raises EditedMeanwhile."""
    before = fields_of(stands)
    changed = changes(before, fields_of(tuned))
    if not changed:
        return

    def become(it: KioskSettings) -> KioskSettings:
        if fields_of(replace(stands, programme=it)) != before:
            raise edited_meanwhile()
        return replace(tuned.programme, questionnaire=it.questionnaire)

    note = Note(parts.now(), by, "programme changed", store, changed)
    parts.programmes.change(store, become, note.at, note, tuned.hours)


def _stands(parts: Parts, store: StoreId) -> Tuned:
    programme = parts.programmes.programme(store) or default_programme(1)
    here = next(one for one in parts.places.stores() if one.store_id == store)
    return Tuned(programme, (here.opens, here.closes))


# ── the form ─────────────────────────────────────────────────────────────────────────────────────


def _typed(form: FormData) -> dict[str, Any]:
    """All that the form says, and nothing of it lost."""
    texts = {name: texts_of(form, name, TRANSLATED) for name in ("question", "said", "done")}
    reasons = [
        {
            "id": text_of(form, f"reasons.{at}.id"),
            "text": texts_of(form, f"reasons.{at}.text", TRANSLATED),
        }
        for at in range(MOST_REASONS)
    ]
    return {
        **texts,
        **{name: text_of(form, name) for name in NUMBERS},
        "first": text_of(form, "first"),
        "languages": [one for one in TRANSLATED if one in form.getlist("languages")],
        "reasons": reasons,
        "look": text_of(form, "look"),
        "calm": text_of(form, "calm") == "yes",
    }


def _moved(typed: dict[str, Any], act: str) -> dict[str, Any] | None:
    """With a reason one place up or down, or its row emptied; None where that is not asked for."""
    what, _, where = act.partition(".")
    if what not in ("raise", "lower", "empty") or where not in map(str, range(MOST_REASONS)):
        return None
    at, reasons = int(where), list(typed["reasons"])
    if what == "empty":
        reasons[at] = {"id": "", "text": {}}
    else:
        reasons = shifted(reasons, at, -1 if what == "raise" else 1)
    return {**typed, "reasons": reasons}


def _stamp(fields: Mapping[str, Any]) -> str:
    """What tells one state of the form from every other."""
    return hashlib.sha256(repr(fields).encode()).hexdigest()[:16]


def _page(
    request: Request,
    session: SignedIn,
    store: StoreId,
    stands: Tuned,
    fields: dict[str, Any],
    *,
    faults: Sequence[Placed] = (),
    done: str = "",
    seen: str = "",
    moved: bool = False,
    status: int = 200,
) -> Response:
    words, asked = words_for(request, session), stands.programme.questionnaire
    shown = [place for place in parts_of(request).questionnaires.shown([store]) if asked]
    empty: dict[str, Any] = {"id": "", "text": {}}
    rows = [*fields["reasons"], *[empty] * MOST_REASONS][:MOST_REASONS]
    return show(
        request,
        session,
        "questionnaires/programme.html",
        {
            "it": {**fields, "reasons": rows},
            **OFFERED,
            "asked": asked,
            "title": asked and title_of(asked, words.language),
            "shown": shown[0] if shown else None,
            "faults": told(words, faults),
            "cautions": told(words, _cautions(rows, parts_of(request).mask)),
            "seen": seen or _stamp(fields_of(stands)),
            "done": done,
            "moved": moved,
            "preview": _preview(request, stands.programme.languages, words.language),
        },
        here="programme",
        store=store,
        status=status,
    )


def _cautions(reasons: Sequence[dict[str, Any]], mask: Mask) -> Iterator[Fault]:
    for at, reason in enumerate(reasons):
        yield from named(f"reasons.{at}.text", reason["text"], mask)


def _preview(request: Request, languages: Sequence[str], liked: str) -> dict[str, object]:
    """What the card with the pictures needs."""
    return {
        "available": parts_of(request).pictures.available,
        "glass": asked_glass(request, languages, liked),
        "sizes": SIZES,
        "languages": languages,
        "pages": PAGES,
        "questions": (),
        "version": 0,  # what the kiosks show now has none
    }
