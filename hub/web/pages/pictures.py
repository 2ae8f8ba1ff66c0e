"""Pictures of what kiosks show, drawn by their own program, and what pages say about them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from hub.core.pictures import PAGES, SIZES, Glass
from hub.core.ports import Point
from hub.core.programme import for_point
from hub.core.questionnaires import Folder
from hub.core.roles import Right
from hub.web.auth import AnswersViewer, DesignStore, having
from hub.web.designing import found_version
from hub.web.parts import Parts, parts_of
from shared.notices import KioskSettings
from shared.places import PointId, StoreId
from shared.programme import default_programme
from shared.questions import Questionnaire


def routes() -> APIRouter:
    """The addresses of the pictures."""
    router = APIRouter(include_in_schema=False)
    for path, draw, right in (
        ("/questionnaires/{name}/pictures/{question}", picture, Right.ANSWERS),
        ("/stores/{store_id}/programme/pictures/{page}", page_picture, Right.DESIGN),
    ):
        router.add_api_route(path, draw, methods=["GET"], dependencies=[Depends(having(right))])
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
    wanted = glass_of(glass, asked.languages)
    return _sent(parts_of(request).pictures.picture(asked, question, wanted))


def page_picture(request: Request, store: DesignStore, page: str, glass: str = "") -> Response:
    """One page as the kiosks of a store show it now; 503 where it cannot be drawn just now."""
    if page not in PAGES:
        raise HTTPException(404)
    told = _told(parts_of(request), store)
    return _sent(parts_of(request).pictures.page(told, page, glass_of(glass, told.languages)))


def _told(parts: Parts, store: StoreId) -> KioskSettings:
    """What the kiosk at the store's first point is told."""
    here = next(one for one in parts.places.stores() if one.store_id == store)
    nowhere = Point(store, PointId("nowhere"), here.name)
    point = next(iter(parts.places.points(store)), nowhere)
    return for_point(parts.programmes.programme(store) or default_programme(1), here, point)


def _sent(drawn: bytes | None) -> Response:
    if drawn is None:
        return Response("This picture could not be drawn.", 503, media_type="text/plain")
    return Response(drawn, media_type="image/png")


def asked_glass(request: Request, languages: Sequence[str], liked: str) -> Glass:
    """The glass that the form above a picture asks for."""
    query = request.query_params
    chosen = [query.get(name, "") for name in ("language", "size", "night")]
    return glass_of(".".join(chosen), languages, liked)


def glass_of(text: str, languages: Sequence[str], liked: str = "") -> Glass:
    """The glass that an address names, `es.800x480.night`; what it cannot name is passed over."""
    words = text[:60].split(".")
    first = liked if liked in languages else next(iter(languages), "en")
    language = next((one for one in languages if one in words), first)
    size = next((one for one in SIZES if one in words), SIZES[0])
    return Glass(language, size, "night" in words)


def preview_of(
    request: Request, folder: Folder, it: Questionnaire, question: str, liked: str
) -> dict[str, object]:
    """What the cards with picture and phone need; without a question there are none."""
    names = [one.id for one in it.questions]
    wanted = question or request.query_params.get("question", "")
    shown = wanted if wanted in names else next(iter(names), "")
    glass = asked_glass(request, it.languages, liked)
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
