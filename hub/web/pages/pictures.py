"""Pictures of questions as the kiosk shows them, and what the pages say about them."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from hub.core.pictures import SIZES, Glass
from hub.core.questionnaires import Folder
from hub.core.roles import Right
from hub.web.auth import AnswersViewer, having
from hub.web.designing import found_version
from hub.web.parts import parts_of
from shared.questions import Questionnaire


def routes() -> APIRouter:
    """The address of the pictures."""
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.ANSWERS))])
    path = "/questionnaires/{name}/pictures/{question}"
    router.add_api_route(path, picture, methods=["GET"])
    return router


def picture(
    request: Request,
    viewer: AnswersViewer,
    name: str,
    question: str,
    version: int = 0,
    glass: str = "",
) -> Response:
    """One question as a PNG; 503 where it cannot be drawn just now."""
    _, chosen = found_version(request, viewer, name, version)
    asked = chosen.questionnaire
    if question not in [one.id for one in asked.questions]:
        raise HTTPException(404)
    drawn = parts_of(request).pictures.picture(asked, question, glass_of(glass, asked))
    if drawn is None:
        return Response("This picture could not be drawn.", 503, media_type="text/plain")
    return Response(drawn, media_type="image/png")


def glass_of(text: str, it: Questionnaire, liked: str = "") -> Glass:
    """The glass that an address names, `es.800x480.night`; what it cannot name is passed over."""
    words = text[:60].split(".")
    first = liked if liked in it.languages else next(iter(it.languages), "en")
    language = next((one for one in it.languages if one in words), first)
    size = next((one for one in SIZES if one in words), SIZES[0])
    return Glass(language, size, "night" in words)


def preview_of(
    request: Request, folder: Folder, it: Questionnaire, question: str, liked: str
) -> dict[str, object]:
    """What the cards with picture and phone need; without a question there are none."""
    query = request.query_params
    chosen = [query.get("language", ""), query.get("size", ""), query.get("night", "")]
    names = [one.id for one in it.questions]
    wanted = question or query.get("question", "")
    shown = wanted if wanted in names else next(iter(names), "")
    glass = glass_of(".".join(chosen), it, liked)
    phone = {"version": it.version, "language": glass.language}
    return {
        "available": parts_of(request).pictures.available,
        "glass": glass,
        "sizes": SIZES,
        "question": shown,
        "phone": urlencode(phone),
        "framed": urlencode({**phone, "framed": "yes", "at": shown}),
        "questions": () if question else it.questions,
        "languages": it.languages,
        "version": it.version,
        "name": folder.name,
    }
