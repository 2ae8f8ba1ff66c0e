"""GET /api/v1/recovery: what needs somebody, with what to do, and what became of a restore.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from hub.core.restoring import Story
from hub.core.roles import Right, Viewer
from hub.core.troubles import Attention, Kind, Trouble
from hub.web.api import PREFIX
from hub.web.parts import Troubles
from hub.web.problems import endpoints
from hub.web.schemas import Instant, in_utc


class TroubleOut(BaseModel):
    """One thing that needs somebody; store and kiosk are null where strangers are the cause."""

    kind: Kind
    code: str
    count: int
    store_id: str | None
    kiosk_id: str | None
    last_utc: Instant | None
    hint: Annotated[str, Field(description="what to do")]

    @classmethod
    def of(cls, one: Trouble) -> "TroubleOut":
        """From the trouble."""
        return cls(
            kind=one.kind,
            code=one.code,
            count=one.count,
            store_id=one.store_id,
            kiosk_id=one.kiosk_id,
            last_utc=in_utc(one.last_at),
            hint=one.hint,
        )


class RestoreOut(BaseModel):
    """What became of the newest restore."""

    at_utc: Instant
    until_utc: Annotated[Instant | None, Field(description="what the backup had last received")]
    came_again: Annotated[int, Field(description="records that kiosks sent again")]
    missing: Annotated[int, Field(description="records that no kiosk held any more")]
    awaited: Annotated[int, Field(description="records that may still come")]
    unheard: Annotated[int, Field(description="kiosks of which nothing was heard since")]

    @classmethod
    def of(cls, story: Story) -> "RestoreOut":
        """From the story."""
        return cls(
            at_utc=in_utc(story.at) or "",
            until_utc=in_utc(story.until),
            came_again=story.came,
            missing=story.missing,
            awaited=story.awaited,
            unheard=story.unheard,
        )


class RecoveryOut(BaseModel):
    """Everything that needs somebody."""

    troubles: list[TroubleOut]
    restore: Annotated[RestoreOut | None, Field(description="null where nothing was restored")]


def seen_by(viewer: Viewer, troubles: Troubles) -> Attention:
    """What this user may know of."""
    return troubles.look(None if viewer.role.every_store else viewer.stores)


def recovery_router(troubles: Troubles, who: Callable[..., Viewer]) -> APIRouter:
    """The endpoint; `who` is the dependency that gives the signed-in user."""
    router = endpoints(PREFIX)

    @router.get("/recovery")
    def recovery(viewer: Annotated[Viewer, Depends(who)]) -> RecoveryOut:
        """What needs somebody, with what to do, and what became of the newest restore."""
        if not viewer.may(Right.KIOSKS):
            raise HTTPException(403)
        found = seen_by(viewer, troubles)
        return RecoveryOut(
            troubles=[TroubleOut.of(one) for one in found.troubles],
            restore=None if found.story is None else RestoreOut.of(found.story),
        )

    return router
