"""A questionnaire as a file: looked at, taken along, and brought back."""

from __future__ import annotations

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from hub.accounts import SignedIn
from hub.core.questionnaires import Folder, Version
from hub.core.roles import Right
from hub.questionnaires import from_yaml, to_yaml
from hub.web.auth import AnswersViewer, OwnForm, Session, having
from hub.web.designing import Brought, Form, edition_of, found_version, own_folder
from hub.web.faulting import lines_of
from hub.web.pages.questionnaires import BASE, status_of
from hub.web.parts import parts_of
from hub.web.shell import back_to, show, words_for
from shared.errors import QuestionnaireRefused
from shared.soundness import Fault

FILE = BASE + "/{name}/file"
MEDIA_TYPE = "application/yaml"


def routes() -> APIRouter:
    """The addresses of these pages."""
    router = APIRouter(include_in_schema=False)
    looks, designs = [Depends(having(Right.ANSWERS))], [Depends(having(Right.DESIGN))]
    router.add_api_route(FILE, file_page, methods=["GET"], dependencies=looks)
    router.add_api_route(FILE, bring, methods=["POST"], dependencies=designs)
    path = BASE + "/{name}/download"
    router.add_api_route(path, download, methods=["GET"], dependencies=looks)
    return router


def file_page(
    request: Request, session: Session, viewer: AnswersViewer, name: str, version: int = 0
) -> Response:
    """The text, to be read or changed."""
    folder, chosen = found_version(request, viewer, name, version)
    return _page(request, session, folder, chosen, to_yaml(chosen.questionnaire))


def download(request: Request, viewer: AnswersViewer, name: str, version: int = 0) -> Response:
    """The same as a file."""
    _, chosen = found_version(request, viewer, name, version)
    number = chosen.questionnaire.version
    disposition = f'attachment; filename="{name}-{number}.yaml"'
    headers = {"content-disposition": disposition}
    return Response(to_yaml(chosen.questionnaire), media_type=MEDIA_TYPE, headers=headers)


def bring(
    request: Request,
    session: OwnForm,
    name: str,
    form: Form,
    text: Brought,
) -> Response:
    """What was typed or uploaded becomes the draft's next edition."""
    folder = own_folder(request, session.user.viewer, name)
    if folder.draft is None:
        raise HTTPException(400)
    try:
        questionnaire = from_yaml(text, folder.draft.questionnaire.version)
        if questionnaire.id != name:
            raise QuestionnaireRefused([Fault("id", f"must stay “{name}”")])
        changes = parts_of(request).questionnaires
        changes.change(folder, questionnaire, edition_of(form), session.user.name)
    except QuestionnaireRefused as refused:
        return _page(request, session, folder, folder.draft, text, refused)
    return back_to(f"{BASE}/{name}?done=kept")


def _page(
    request: Request,
    session: SignedIn,
    folder: Folder,
    version: Version,
    text: str,
    refused: QuestionnaireRefused | None = None,
) -> Response:
    return show(
        request,
        session,
        "questionnaires/file.html",
        {
            "folder": folder,
            "version": version,
            "number": version.questionnaire.version,
            "text": text,
            "edits": folder.changed_by(session.user.viewer) and version.is_draft,
            "faults": lines_of(words_for(request, session), refused) if refused else (),
        },
        here="questionnaires",
        status=status_of(refused),
    )
