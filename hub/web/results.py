"""GET /api/v1/results: what was answered to questionnaires, as figures and as files.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request, Response
from pydantic import BaseModel, Field

from hub.core.hours import date_of
from hub.core.ports import Store
from hub.core.result_views import QuestionResult, ResultsView
from hub.core.roles import Right, Viewer
from hub.exports import AnswerLine, Exports, Format
from hub.results import Results
from hub.web.api import PREFIX, StoreInQuery
from hub.web.parts import Stores
from hub.web.problems import endpoints
from hub.web.schemas import LocalDate
from shared.questions import Kind
from shared.texts import in_language

NameInPath = Annotated[
    str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$", description="the questionnaire's identifier")
]
Version = Annotated[
    int | None, Query(ge=1, le=2**31 - 1, description="without it: the newest that was answered")
]
Weeks = Annotated[
    int, Query(ge=0, le=520, description="the last so many weeks that were told; 0: all of them")
]
Language = Annotated[
    str, Query(pattern=r"^[a-z0-9_-]{1,32}$", description="of the questions' words")
]

FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the file",
        "content": {kind.media_type.split(";")[0]: {} for kind in Format},
    }
}


class FigureOut(BaseModel):
    """One figure with its 95 % interval."""

    part: Annotated[str, Field(description="“”: everybody; else store, language, input or whole")]
    part_value: str
    measure: Annotated[str, Field(description="share, index, mean, nps or place (mean rank)")]
    answer: Annotated[str, Field(description="of which answer; “” where it is of all")]
    n: Annotated[int, Field(description="people who answered the question")]
    count: Annotated[int | None, Field(description="of a share: how many gave this answer")]
    value: float
    low: float
    high: float


class QuestionOut(BaseModel):
    """One question; n is 0 and there are no figures where fewer than the floor answered."""

    id: str
    kind: Kind
    question: str
    n: int
    figures: list[FigureOut]
    texts: Annotated[list[str], Field(description="without names, from ten texts on")]

    @classmethod
    def of(cls, one: QuestionResult, language: str) -> "QuestionOut":
        """From the result."""
        return cls(
            id=one.question.id,
            kind=one.question.kind,
            question=in_language(one.question.text, language),
            n=one.summary.n,
            figures=[
                FigureOut(
                    part=part,
                    part_value=value,
                    measure=figure.measure,
                    answer=figure.answer,
                    n=figure.n,
                    count=figure.count,
                    value=figure.value,
                    low=figure.low,
                    high=figure.high,
                )
                for part, value, figure in one.lines
            ],
            texts=list(one.texts),
        )


class ResultsOut(BaseModel):
    """The results of one version over whole weeks."""

    questionnaire: str
    version: int
    stores: list[str]
    weeks: Annotated[list[LocalDate], Field(description="their Mondays")]
    complete: int
    partial: int
    unfit: Annotated[int, Field(description="do not fit the version: in no figure")]
    not_told_yet: Annotated[int, Field(description="in whole floors")]
    floor: int
    questions: list[QuestionOut]

    @classmethod
    def of(cls, view: ResultsView, language: str) -> "ResultsOut":
        """From the view."""
        return cls(
            questionnaire=view.questionnaire.id,
            version=view.questionnaire.version,
            stores=[store.store_id for store in view.stores],
            weeks=[date_of(week).isoformat() for week in view.weeks],
            complete=view.complete,
            partial=view.partial,
            unfit=view.unfit,
            not_told_yet=view.fresh,
            floor=view.floor,
            questions=[QuestionOut.of(one, language) for one in view.questions],
        )


class AnsweredOut(BaseModel):
    """A version that was answered in stores that you may see."""

    questionnaire: str
    version: int


def lines_of(view: ResultsView, language: str) -> list[AnswerLine]:
    """A view as the lines of a file."""
    return [line for one in view.questions for line in _lines(view, one, language)]


def _lines(view: ResultsView, one: QuestionResult, language: str) -> Iterator[AnswerLine]:
    def line(part: str, value: str, measure: str, answer: str, n: int) -> AnswerLine:
        return AnswerLine(
            questionnaire=view.questionnaire.id,
            version=view.questionnaire.version,
            question_id=one.question.id,
            question=in_language(one.question.text, language),
            kind=one.question.kind.value,
            part=part,
            part_value=value,
            measure=measure,
            answer=answer,
            n=n,
        )

    for part, value, it in one.lines:
        told = line(part, value, it.measure, it.answer, it.n)
        yield replace(told, count=it.count, value=it.value, low=it.low, high=it.high)
    for text in one.texts:
        yield replace(line("", "", "text", "", one.summary.n), text=text)


def results_router(
    results: Results,
    places: Stores,
    who: Callable[..., Viewer],
    note: Callable[[str, str, str, str], None],
) -> APIRouter:
    """The endpoints; `who` is the dependency that gives the signed-in user, and `note` writes into
    the audit log."""

    def identify(request: Request, viewer: Annotated[Viewer, Depends(who)]) -> None:
        if not viewer.may(Right.ANSWERS):
            raise HTTPException(403)
        request.state.viewer = viewer

    router = endpoints(f"{PREFIX}/results", identify)
    api = ResultsApi(results, places, note)
    router.add_api_route("", api.every, methods=["GET"])
    router.add_api_route("/{name}", api.one, methods=["GET"])
    router.add_api_route(
        "/{name}/export.{format}",
        api.export,
        methods=["GET"],
        response_class=Response,
        responses=FILES,
    )
    return router


class ResultsApi:
    """The endpoints; whoever asks has been identified, and may see answers."""

    def __init__(
        self, results: Results, places: Stores, note: Callable[[str, str, str, str], None]
    ) -> None:
        self._results, self._places, self._note = results, places, note

    def every(self, request: Request) -> list[AnsweredOut]:
        """The versions of questionnaires that were answered in stores that you may see."""
        stores = [store.store_id for store in self._reach(_viewer(request), None)]
        found = self._results.answered(stores)
        return [AnsweredOut(questionnaire=n, version=v) for n, them in found.items() for v in them]

    def one(
        self,
        request: Request,
        name: NameInPath,
        version: Version = None,
        store_id: StoreInQuery = None,
        weeks: Weeks = 0,
        language: Language = "en",
    ) -> ResultsOut:
        """What was answered, with n and intervals; in whole weeks, nothing under the floor."""
        view = self._look(_viewer(request), name, version, store_id, weeks)
        return ResultsOut.of(view, language)

    def export(
        self,
        request: Request,
        name: NameInPath,
        format: Format,  # noqa: A002 - the word in the address
        version: Version = None,
        store_id: StoreInQuery = None,
        weeks: Weeks = 0,
        language: Language = "en",
    ) -> Response:
        """The same as a file, a figure a line; texts without names from ten on."""
        viewer = _viewer(request)
        view = self._look(viewer, name, version, store_id, weeks)
        lines = lines_of(view, language)
        content = Exports().answers(format, lines)
        stores = ", ".join(store.store_id for store in view.stores)
        asked = f"{view.questionnaire.id} version {view.questionnaire.version}"
        what = f"{len(lines)} rows of {asked}, {len(view.weeks)} weeks: {stores}"
        self._note(viewer.name, "results exported", format.value, what)  # or there is no file
        file = f'attachment; filename="{view.questionnaire.id}.{format.value}"'
        headers = {"content-disposition": file}
        return Response(content, media_type=format.media_type, headers=headers)

    def _look(
        self, viewer: Viewer, name: str, version: int | None, store_id: str | None, weeks: int
    ) -> ResultsView:
        view = self._results.view(name, version, self._reach(viewer, store_id), weeks)
        if view is None:
            raise HTTPException(404, "nobody has answered such a version there")
        return view

    def _reach(self, viewer: Viewer, store_id: str | None) -> list[Store]:
        seen = [store for store in self._places.stores() if viewer.sees(store.store_id)]
        found = [store for store in seen if store_id in (None, store.store_id)]
        if store_id is not None and not found:
            raise HTTPException(404, "there is no such store")
        return found


def _viewer(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer
