"""All questionnaires, and how a new one begins: from its title, or from a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from hub.accounts import SignedIn
from hub.core.defining import read
from hub.core.questionnaires import Folder
from hub.core.roles import Right, Viewer
from hub.questionnaires import from_yaml
from hub.web.auth import OwnForm, Session, having
from hub.web.designing import (
    Brought,
    Form,
    chosen_stores,
    is_visible,
    new_questionnaire,
    shown_to,
    title_of,
)
from hub.web.faulting import Faults, Line, lines_of, told
from hub.web.pages.questionnaires import BASE, moment, places_of
from hub.web.parts import parts_of
from hub.web.shell import back_to, chosen_store, show, words_for
from hub.web.wording import LANGUAGES
from shared.errors import QuestionnaireRefused
from shared.places import StoreId
from shared.programme import LANGUAGES as USUAL
from shared.soundness import Fault


def routes() -> APIRouter:
    """The address of this page."""
    router = APIRouter(include_in_schema=False)
    looks, designs = [Depends(having(Right.ANSWERS))], [Depends(having(Right.DESIGN))]
    router.add_api_route(BASE, every_page, methods=["GET"], dependencies=looks)
    router.add_api_route(BASE, make, methods=["POST"], dependencies=designs)
    return router


def every_page(request: Request, session: Session) -> Response:
    """All that this user may know of, and a form for a new one."""
    return _every(request, session, _blank(request, session.user.viewer))


def make(request: Request, session: OwnForm, form: Form, text: Brought) -> Response:
    """A new one; what is wrong with it is told at the field, or with its line in the file."""
    parts, viewer = parts_of(request), session.user.viewer
    home, begun = _home(request, viewer, form), _blank(request, viewer)
    try:
        if text:
            questionnaire = from_yaml(text)
        else:
            taken = frozenset(one.name for one in parts.questionnaires.folders())
            begun = new_questionnaire(form, taken)
            questionnaire = read(_begun_well(begun), 1)
        folder = parts.questionnaires.make(questionnaire, home, viewer.name)
    except QuestionnaireRefused as refused:
        if text:
            lines = lines_of(words_for(request, session), refused)
            return _every(request, session, begun, lines=lines, typed=text)
        faults = told(words_for(request, session), refused.faults)
        return _every(request, session, begun, faults=faults)
    return back_to(f"{BASE}/{folder.name}")


def _home(request: Request, viewer: Viewer, form: FormData) -> StoreId | None:
    """Whose it will be: the chain's, or of one of the stores of whoever makes it."""
    if viewer.role.every_store:
        return None
    store = chosen_store(request, parts_of(request).seen_by(viewer))
    wanted = chosen_stores(request, viewer, form)
    if store is None:
        raise HTTPException(403)
    return wanted[0] if wanted else store.store_id


def _blank(request: Request, viewer: Viewer) -> dict[str, Any]:
    """A new one's fields, in the languages of the store that is looked at."""
    parts = parts_of(request)
    store = chosen_store(request, parts.seen_by(viewer))
    programme = parts.programmes.programme(store.store_id) if store else None
    spoken = programme.languages if programme else USUAL
    return {"title": {}, "languages": [one for one in LANGUAGES if one in spoken]}


def _begun_well(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same; raises QuestionnaireRefused where nobody would find it again."""
    if not fields["languages"]:
        raise QuestionnaireRefused([Fault("languages", "needs one")])
    if not fields["title"]:
        first = fields["languages"][0]
        raise QuestionnaireRefused([Fault(f"title.{first}", "is not written")])
    return fields


def _every(
    request: Request,
    session: SignedIn,
    begun: Mapping[str, Any],
    *,
    faults: Faults | None = None,
    lines: Sequence[Line] = (),
    typed: str = "",
) -> Response:
    parts, viewer = parts_of(request), session.user.viewer
    language, shown = words_for(request, session).language, shown_to(parts, viewer)
    rows = [
        (folder, _title(folder, language), places_of(folder, shown))
        for folder in parts.questionnaires.folders()
        if is_visible(folder, viewer, shown)
    ]
    return show(
        request,
        session,
        "questionnaires/all.html",
        {
            "rows": rows,
            "names": {store.store_id: store.name for store in parts.seen_by(viewer)},
            "spoken": LANGUAGES,
            "begun": begun,
            "faults": faults or {},
            "lines": lines,
            "typed": typed,
            "designs": viewer.may(Right.DESIGN),
            "moment": moment,
        },
        here="questionnaires",
        status=400 if faults or lines else 200,
    )


def _title(folder: Folder, language: str) -> str:
    return title_of(folder.newest.questionnaire, language)
