"""One questionnaire: its versions, and what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from hub.accounts import SignedIn
from hub.core.cautioning import cautions
from hub.core.defining import fields_of, read
from hub.core.questionnaires import Folder, Shown, Version, faults_of
from hub.core.roles import Right, Viewer
from hub.questionnaires import edited_meanwhile
from hub.web.auth import AnswersViewer, OwnForm, Session, having
from hub.web.designing import (
    Form,
    chosen_stores,
    edition_of,
    found_folder,
    found_version,
    in_full,
    own_folder,
    shown_to,
    text_in,
    text_of,
    title_of,
    whole_from,
)
from hub.web.faulting import place_words, told
from hub.web.pages.pictures import preview_of
from hub.web.parts import parts_of
from hub.web.shell import back_to, show, words_for
from hub.web.wording import LANGUAGES
from shared.errors import EditedMeanwhile, Placed, QuestionnaireRefused
from shared.questions import Kind

BASE = "/questionnaires"


def routes() -> APIRouter:
    """The addresses of these pages."""
    router = APIRouter(include_in_schema=False)
    looks, designs = [Depends(having(Right.ANSWERS))], [Depends(having(Right.DESIGN))]
    router.add_api_route(BASE + "/{name}", one_page, methods=["GET"], dependencies=looks)
    for path, take in (
        ("/{name}", change_whole),
        ("/{name}/draft", begin_draft),
        ("/{name}/drop", drop_draft),
        ("/{name}/send", send),
        ("/{name}/recall", recall),
    ):
        router.add_api_route(BASE + path, take, methods=["POST"], dependencies=designs)
    return router


def places_of(folder: Folder, shown: Sequence[Shown]) -> list[Shown]:
    """Where it is shown, of what is shown at all."""
    return [place for place in shown if place.name == folder.name]


# ── one of them ──────────────────────────────────────────────────────────────────────────────────


def one_page(
    request: Request,
    session: Session,
    viewer: AnswersViewer,
    name: str,
    done: str = "",
    version: int = 0,
) -> Response:
    """One questionnaire: its newest version, or an earlier one."""
    folder, chosen = found_version(request, viewer, name, version)
    return _one(request, session, folder, chosen, done=done)


def change_whole(request: Request, session: OwnForm, name: str, form: Form) -> Response:
    """Title, thanks, languages, days and hours."""
    folder = own_folder(request, session.user.viewer, name)
    if folder.draft is None:
        raise HTTPException(400)
    fields = whole_from(form, fields_of(folder.newest.questionnaire))
    try:
        changed = read(fields, folder.newest.questionnaire.version)
        edition = edition_of(form)
        parts_of(request).questionnaires.change(folder, changed, edition, session.user.name)
    except QuestionnaireRefused as refused:
        return _one(request, session, folder, folder.newest, refused=refused, fields=fields)
    return back_to(f"{BASE}/{name}?done=kept")


def begin_draft(request: Request, session: OwnForm, name: str) -> Response:
    """The next version."""
    folder = own_folder(request, session.user.viewer, name)
    parts_of(request).questionnaires.begin(folder, session.user.name)
    return back_to(f"{BASE}/{name}?done=begun")


def drop_draft(request: Request, session: OwnForm, name: str, form: Form) -> Response:
    """Forget the draft."""
    folder = own_folder(request, session.user.viewer, name)
    if folder.draft is None or folder.draft.edition != edition_of(form):
        return _moved(request, session, folder)
    parts_of(request).questionnaires.drop(folder, session.user.name)
    return back_to(BASE if folder.sent is None else f"{BASE}/{name}?done=dropped")


def send(request: Request, session: OwnForm, name: str, form: Form) -> Response:
    """Let the ticked stores show it; whoever may not change it sends what was sent before."""
    viewer = session.user.viewer
    folder = found_folder(request, viewer, name)
    version = folder.newest if folder.changed_by(viewer) else folder.sent
    stores = chosen_stores(request, viewer, form)
    if version is None:
        raise HTTPException(403)
    if version.edition != edition_of(form) or _number(version) != text_of(form, "version"):
        return _moved(request, session, folder)
    if not stores:
        return _one(request, session, folder, version, done="nowhere")
    try:
        parts_of(request).questionnaires.send(folder, version, stores, viewer.name)
    except QuestionnaireRefused as refused:
        return _one(request, session, folder, version, refused=refused)
    return back_to(f"{BASE}/{name}?done=sent")


def recall(request: Request, session: OwnForm, name: str, form: Form) -> Response:
    """Take it back from the ticked stores."""
    viewer = session.user.viewer
    folder = found_folder(request, viewer, name)
    stores = chosen_stores(request, viewer, form)
    parts_of(request).questionnaires.take_back(folder, stores, viewer.name)
    return back_to(f"{BASE}/{name}?done={'recalled' if stores else 'nowhere'}")


def _moved(request: Request, session: SignedIn, folder: Folder) -> Response:
    return _one(request, session, folder, folder.newest, refused=edited_meanwhile())


def _number(version: Version) -> str:
    return str(version.questionnaire.version)


def _one(
    request: Request,
    session: SignedIn,
    folder: Folder,
    version: Version,
    *,
    done: str = "",
    refused: QuestionnaireRefused | None = None,
    fields: dict[str, object] | None = None,
) -> Response:
    parts, viewer = parts_of(request), session.user.viewer
    words = words_for(request, session)
    faults: list[Placed] = [*faults_of(version.questionnaire), *(refused.faults if refused else ())]
    places = {place.store_id: place for place in places_of(folder, shown_to(parts, viewer))}
    return show(
        request,
        session,
        "questionnaires/one.html",
        {
            **_standing(folder, version, viewer),
            "it": in_full(fields or fields_of(version.questionnaire)),
            "places": places,
            "stores": parts.seen_by(viewer),
            "faults": told(words, faults),
            "cautions": told(words, cautions(version.questionnaire, parts.mask)),
            "where": lambda place: place_words(words, place, version.questionnaire, LANGUAGES),
            "moved": isinstance(refused, EditedMeanwhile),
            "title": title_of(version.questionnaire, words.language),
            "text_in": text_in,
            "kinds": list(Kind),
            "spoken": _spoken(version),
            "preview": preview_of(request, folder, version.questionnaire, "", words.language),
            "done": done,
            "moment": moment,
        },
        here="questionnaires",
        status=status_of(refused),
    )


def _standing(folder: Folder, version: Version, viewer: Viewer) -> dict[str, object]:
    """Which version it is, and what this user may do with it."""
    mine = folder.changed_by(viewer)
    return {
        "folder": folder,
        "version": version,
        "number": version.questionnaire.version,
        "mine": mine,
        "edits": mine and version.is_draft,
        "sends": viewer.may(Right.DESIGN) and (mine or folder.sent is not None),
        "sendable": folder.newest if mine else folder.sent,
    }


def status_of(refused: QuestionnaireRefused | None) -> int:
    """200; 409 where somebody else was quicker, 400 for any other fault."""
    return 200 if refused is None else 409 if isinstance(refused, EditedMeanwhile) else 400


def _spoken(version: Version) -> dict[str, str]:
    """Every language that can be chosen, in its own words."""
    known = dict.fromkeys(version.questionnaire.languages)
    return {**LANGUAGES, **{one: LANGUAGES.get(one, one) for one in known}}


def moment(at: int) -> datetime:
    """An instant as the pages show it: in UTC, for it is about several stores."""
    return datetime.fromtimestamp(at / 1_000, UTC)
