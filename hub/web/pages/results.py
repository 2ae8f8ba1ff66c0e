"""The pages Results: which questionnaires were answered, and what was answered to one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response

from hub.core.hours import date_of, day_after
from hub.core.ports import Store
from hub.core.result_views import STORE, ResultsView
from hub.core.roles import Right, Viewer
from hub.results import Results
from hub.web.auth import AnswersViewer, Session, having, reachable_store
from hub.web.parts import parts_of
from hub.web.shell import show
from hub.web.wording import LANGUAGES
from shared.texts import in_language

WEEKS = (4, 13, 52, 0)
"""Weeks that the page offers: a month, a quarter, a year, all."""

FIRST_TEXTS = 8
"""Texts that stand there at once: the next question's figure should not be far."""

MOST_TEXTS = 200
"""Texts on a page; a file has all of them."""

Number = Annotated[int | None, Query(ge=1, le=2**31 - 1)]
Name = Annotated[str, Query(max_length=32)]


def results_pages(results: Results) -> APIRouter:
    """The addresses of these pages."""
    pages = ResultsPages(results)
    router = APIRouter(include_in_schema=False, dependencies=[Depends(having(Right.ANSWERS))])
    router.add_api_route("/results", pages.every, methods=["GET"])
    router.add_api_route("/results/{name}", pages.one, methods=["GET"])
    return router


class ResultsPages:
    """Shows what the service tells."""

    def __init__(self, results: Results) -> None:
        self._results = results

    def every(self, request: Request, session: Session, viewer: AnswersViewer) -> Response:
        """Which questionnaires were answered in the stores within reach."""
        stores = parts_of(request).seen_by(viewer)
        names = [store.store_id for store in stores]
        views = [
            view
            for name in self._results.answered(names)
            if (view := self._results.view(name, None, stores, texts=False)) is not None
        ]
        language = session.user.language
        rows = [(view, in_language(view.questionnaire.title, language)) for view in views]
        return show(request, session, "results/all.html", {"rows": rows}, here="results")

    def one(
        self,
        request: Request,
        session: Session,
        viewer: AnswersViewer,
        name: str,
        version: Number = None,
        store_id: Name = "",
        weeks: int = 13,
    ) -> Response:
        """What was answered to one version, over some weeks."""
        if weeks not in WEEKS:
            raise HTTPException(400)
        stores = _stores(request, viewer, store_id)
        view = self._results.view(name, version, stores, weeks)
        if view is None:
            return _unanswered(request, session, viewer, name, version)
        context = {
            "view": view,
            "chosen": store_id,
            "every": parts_of(request).seen_by(viewer),
            "weeks": weeks,
            "offered": WEEKS,
            "span": _span(view),
            "names": {store.store_id: store.name for store in view.stores},
            "tongue": session.user.language,
            "in_language": in_language,
            "own_names": LANGUAGES,
            "first_texts": FIRST_TEXTS,
            "most_texts": MOST_TEXTS,
            "parts": (STORE, "language", "input", "whole"),
        }
        return show(request, session, "results/one.html", context, here="results")


def _unanswered(
    request: Request, session: Session, viewer: Viewer, name: str, version: int | None
) -> Response:
    """Who was just sent a questionnaire looks here first: that nobody answered is no error."""
    folder = parts_of(request).questionnaires.folder(name)
    if folder is None or not folder.seen_by(viewer) or version is not None:
        raise HTTPException(404)
    title = in_language(folder.newest.questionnaire.title, session.user.language) or name
    return show(request, session, "results/none.html", {"title": title}, here="results")


def _stores(request: Request, viewer: Viewer, store_id: str) -> list[Store]:
    seen = parts_of(request).seen_by(viewer)
    if not store_id:
        return seen
    wanted = reachable_store(request, viewer, store_id)
    return [store for store in seen if store.store_id == wanted]


def _span(view: ResultsView) -> tuple[object, object] | None:
    """From the first Monday to the last Sunday that are told."""
    if not view.weeks:
        return None
    return date_of(view.weeks[0]), date_of(day_after(view.weeks[-1], 6))
