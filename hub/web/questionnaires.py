"""GET /api/v1/questionnaires: the schema, what there is, where it is shown, and each version.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from pydantic import BaseModel, Field

from hub.core.defining import fields_of
from hub.core.questionnaires import Folder, Shown, Version
from hub.core.roles import Right, Viewer
from hub.core.schema import definition_schema
from hub.questionnaires import Questionnaires
from hub.web.api import PREFIX
from hub.web.problems import endpoints
from hub.web.schemas import Instant, in_utc

Name = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_-]{0,31}$", description="its identifier")]
Number = Annotated[int | None, Query(ge=1, lt=2**31, description="without it the newest version")]


class ShownOut(BaseModel):
    """Where a questionnaire is shown."""

    store_id: str
    version: int
    since_utc: Instant
    having: Annotated[list[str], Field(description="kiosks that say they have it")]
    lacking: Annotated[list[str], Field(description="kiosks that do not say so yet")]

    @classmethod
    def of(cls, one: Shown) -> "ShownOut":
        """From what is shown."""
        return cls(
            store_id=one.store_id,
            version=one.version,
            since_utc=in_utc(one.since) or "",
            having=sorted(one.having),
            lacking=sorted(one.lacking),
        )


class QuestionnaireOut(BaseModel):
    """A questionnaire without its questions."""

    id: str
    store_id: Annotated[str | None, Field(description="whose it is; null: the whole chain's")]
    version: Annotated[int, Field(description="the newest one")]
    draft: Annotated[bool, Field(description="whether that one can still be changed")]
    versions_sent: Annotated[list[int], Field(description="those that never change")]
    title: dict[str, str]
    shown: list[ShownOut]

    @classmethod
    def of(cls, folder: Folder, shown: list[Shown]) -> "QuestionnaireOut":
        """From the folder, and what is shown within reach."""
        newest = folder.newest.questionnaire
        sent = [one.questionnaire.version for one in folder.versions if not one.is_draft]
        return cls(
            id=folder.name,
            store_id=folder.store_id,
            version=newest.version,
            draft=folder.newest.is_draft,
            versions_sent=sent,
            title=newest.title,
            shown=[ShownOut.of(one) for one in shown if one.name == folder.name],
        )


class VersionOut(BaseModel):
    """One version with all that it asks."""

    version: int
    sent_utc: Annotated[Instant | None, Field(description="null while it is a draft")]
    definition: Annotated[
        dict[str, Any], Field(description="as described at /api/v1/questionnaires/schema")
    ]

    @classmethod
    def of(cls, one: Version) -> "VersionOut":
        """From the version."""
        return cls(
            version=one.questionnaire.version,
            sent_utc=in_utc(one.sent_at),
            definition=fields_of(one.questionnaire),
        )


def questionnaires_router(desk: Questionnaires, who: Callable[..., Viewer]) -> APIRouter:
    """The endpoints; `who` is the dependency that gives the signed-in user."""

    def identify(request: Request, viewer: Annotated[Viewer, Depends(who)]) -> None:
        request.state.viewer = viewer

    router = endpoints(f"{PREFIX}/questionnaires", identify)
    api = QuestionnairesApi(desk)
    for path, endpoint in (
        ("/schema", api.schema),
        ("", api.every),
        ("/{name}", api.one),
    ):
        router.add_api_route(path, endpoint, methods=["GET"])
    return router


class QuestionnairesApi:
    """The endpoints; each says first what the viewer must be allowed."""

    def __init__(self, desk: Questionnaires) -> None:
        self._desk = desk

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of a questionnaire as it is defined."""
        return definition_schema()

    def every(self, request: Request) -> list[QuestionnaireOut]:
        """The questionnaires that you may see, and where they are shown."""
        viewer = _looking(request)
        shown = self._shown(viewer)
        names = {place.name for place in shown}
        seen = [one for one in self._desk.folders() if one.seen_by(viewer) or one.name in names]
        return [QuestionnaireOut.of(folder, shown) for folder in seen]

    def one(self, request: Request, name: Name, version: Number = None) -> VersionOut:
        """One version of a questionnaire, with all that it asks."""
        viewer = _looking(request)
        folder = self._desk.folder(name)
        if folder is None or not (folder.seen_by(viewer) or self._shows(viewer, name)):
            raise HTTPException(404, "there is no such questionnaire")
        found = folder.newest if version is None else folder.version(version)
        if found is None:
            raise HTTPException(404, "there is no such version")
        return VersionOut.of(found)

    def _shows(self, viewer: Viewer, name: str) -> bool:
        return any(place.name == name for place in self._shown(viewer))

    def _shown(self, viewer: Viewer) -> list[Shown]:
        return list(self._desk.shown(None if viewer.role.every_store else viewer.stores))


def _looking(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    if not viewer.may(Right.ANSWERS):
        raise HTTPException(403)
    return viewer
