"""One question of a draft: its own page, and what its buttons do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from starlette.datastructures import FormData

from hub.accounts import SignedIn
from hub.core.defining import fields_of, read
from hub.core.editing import moved, question_of, with_new, with_question, without_question
from hub.core.questionnaires import Folder, Version, faults_of
from hub.core.roles import Right
from hub.web.auth import AnswersViewer, OwnForm, Session, having
from hub.web.designing import (
    Form,
    edition_of,
    found_version,
    in_full,
    kind_of,
    own_folder,
    question_from,
    question_in_full,
    text_in,
    text_of,
    texts_of,
    values_of_fields,
)
from hub.web.faulting import told
from hub.web.pages.pictures import preview_of
from hub.web.pages.questionnaires import BASE, status_of
from hub.web.parts import parts_of
from hub.web.shell import back_to, show, words_for
from hub.web.wording import LANGUAGES
from shared.errors import EditedMeanwhile, Placed, QuestionnaireRefused
from shared.questions import MOST_CHOICES, MOST_QUESTIONS, Kind

ONE = BASE + "/{name}/questions"


def routes() -> APIRouter:
    """The addresses of these pages."""
    router = APIRouter(include_in_schema=False)
    looks, designs = [Depends(having(Right.ANSWERS))], [Depends(having(Right.DESIGN))]
    path = ONE + "/{question}"
    router.add_api_route(path, question_page, methods=["GET"], dependencies=looks)
    router.add_api_route(ONE, add, methods=["POST"], dependencies=designs)
    router.add_api_route(path, change, methods=["POST"], dependencies=designs)
    router.add_api_route(path + "/move", move, methods=["POST"], dependencies=designs)
    return router


def question_page(
    request: Request,
    session: Session,
    viewer: AnswersViewer,
    name: str,
    question: str,
    done: str = "",
    version: int = 0,
) -> Response:
    """One question."""
    folder, chosen = found_version(request, viewer, name, version)
    found = question_of(fields_of(chosen.questionnaire), question)
    if found is None:
        raise HTTPException(404)
    return _page(request, session, folder, chosen, found, done=done)


def add(request: Request, session: OwnForm, name: str, form: Form) -> Response:
    """One question more; its page comes next."""
    folder, fields = _draft(request, session, name)
    if len(fields["questions"]) >= MOST_QUESTIONS:
        raise HTTPException(400)
    text = texts_of(form, "text", fields["languages"])
    changed, question = with_new(fields, kind_of(text_of(form, "kind")), text)
    if _keep(request, session, folder, changed, form) is not None:
        return back_to(f"{BASE}/{name}?done=moved")
    return back_to(f"{BASE}/{name}/questions/{question}")


def change(request: Request, session: OwnForm, name: str, question: str, form: Form) -> Response:
    """What was typed, and what the button asks for."""
    folder, fields = _draft(request, session, name)
    before = question_of(fields, question)
    if before is None:
        return back_to(f"{BASE}/{name}?done=moved")
    typed = question_from(form, before, fields)
    refused = _keep(request, session, folder, with_question(fields, typed), form)
    if refused is not None:
        return _page(request, session, folder, folder.newest, typed, refused=refused)
    done = text_of(form, "do").partition(".")[0] or "kept"
    if done == "back":
        return back_to(f"{BASE}/{name}?done=kept")
    where = {"rule": "#rules", "choice": "#choices"}.get(done.partition("-")[2], "")
    return back_to(f"{BASE}/{name}/questions/{question}?done=kept{where}")


def move(request: Request, session: OwnForm, name: str, question: str, form: Form) -> Response:
    """One place up or down, or away."""
    folder, fields = _draft(request, session, name)
    act = text_of(form, "do")
    if act == "remove":
        changed = without_question(fields, question)
    else:
        changed = moved(fields, question, -1 if act == "up" else 1)
    refused = _keep(request, session, folder, changed, form)
    return back_to(f"{BASE}/{name}?done={'moved' if refused else 'kept'}#questions")


def _draft(request: Request, session: SignedIn, name: str) -> tuple[Folder, dict[str, Any]]:
    folder = own_folder(request, session.user.viewer, name)
    if folder.draft is None:
        raise HTTPException(400)
    return folder, fields_of(folder.draft.questionnaire)


def _keep(
    request: Request, session: SignedIn, folder: Folder, fields: dict[str, Any], form: FormData
) -> QuestionnaireRefused | None:
    try:
        changed = read(fields, folder.newest.questionnaire.version)
        edition = edition_of(form)
        parts_of(request).questionnaires.change(folder, changed, edition, session.user.name)
    except QuestionnaireRefused as refused:
        return refused
    return None


def _page(
    request: Request,
    session: SignedIn,
    folder: Folder,
    version: Version,
    one: Mapping[str, Any],
    *,
    done: str = "",
    refused: QuestionnaireRefused | None = None,
) -> Response:
    words, it = words_for(request, session), version.questionnaire
    faults: Sequence[Placed] = refused.faults if refused else faults_of(it)
    mine = folder.changed_by(session.user.viewer)
    return show(
        request,
        session,
        "questionnaires/question.html",
        {
            **_among(fields_of(it), one["id"]),
            "folder": folder,
            "version": version,
            "one": question_in_full(one),
            "edits": mine and version.is_draft,
            "kinds": list(Kind),
            "spoken": {name: LANGUAGES.get(name, name) for name in it.languages},
            "most": MOST_CHOICES,
            "faults": told(words, faults),
            "moved": isinstance(refused, EditedMeanwhile),
            "text_in": text_in,
            "preview": preview_of(request, folder, it, one["id"], words.language),
            "done": done,
        },
        here="questionnaires",
        status=status_of(refused),
    )


def _among(whole: Mapping[str, Any], name: str) -> dict[str, object]:
    """Where the question stands, and what its conditions may ask about."""
    questions = whole["questions"]
    names = [each["id"] for each in questions]
    at = names.index(name)
    return {
        "whole": in_full(whole),
        "at": at + 1,
        "of": len(names),
        "before": names[at - 1] if at else None,
        "after": names[at + 1] if at + 1 < len(names) else None,
        "earlier": [each for each in questions[:at] if values_of_fields(each)],
        "values": {each["id"]: values_of_fields(each) for each in questions},
        "questions": {each["id"]: question_in_full(each) for each in questions},
    }
