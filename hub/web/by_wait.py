"""GET /api/v1/stores/{store_id}/queue/by-wait: what a further minute goes with, in whole weeks.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, Field

from hub.core.hours import date_of
from hub.core.roles import Right, Viewer
from hub.core.waiting.bands import Band, Week, latest, table_of
from hub.core.waiting.joining import Slope
from hub.core.waiting.joins import ScoreBook
from hub.web.api import PREFIX, StoreInPath
from hub.web.parts import Stores
from hub.web.problems import endpoints
from hub.web.schemas import IndexOut, LocalDate
from shared.places import StoreId


class SlopeOut(BaseModel):
    """Points of the index that go with each further minute: an association."""

    value: float
    low: float
    high: float
    answers: int
    hours: int

    @classmethod
    def of(cls, slope: Slope | None) -> "SlopeOut | None":
        """From the slope, if there is one."""
        return None if slope is None else cls(**slope._asdict())


class BandOut(BaseModel):
    """Those for whom so many whole minutes were estimated."""

    first_minutes: int
    last_minutes: Annotated[int | None, Field(description="null: no end")]
    index: Annotated[IndexOut | None, Field(description="null: too few, or it would tell of few")]

    @classmethod
    def of(cls, band: Band) -> "BandOut":
        """From the band."""
        index = IndexOut.of(band.index)
        return cls(first_minutes=band.first, last_minutes=band.last, index=index)


class ByWaitOut(BaseModel):
    """The index by the wait that was estimated when shoppers joined the line."""

    weeks: Annotated[list[LocalDate], Field(description="the Mondays of the told weeks, in order")]
    slope: Annotated[SlopeOut | None, Field(description="null until there is enough")]
    answers: Annotated[int, Field(description="that a slope could rest on")]
    hours: int
    bands: list[BandOut]

    @classmethod
    def of(cls, weeks: Sequence[Week]) -> "ByWaitOut":
        """From the told weeks, latest first."""
        newest = weeks[0] if weeks else None
        return cls(
            weeks=[date_of(week.monday).isoformat() for week in reversed(weeks)],
            slope=SlopeOut.of(newest.slope) if newest else None,
            answers=newest.answers if newest else 0,
            hours=newest.hours if newest else 0,
            bands=[BandOut.of(band) for band in table_of(weeks)],
        )


def by_wait_router(scores: ScoreBook, places: Stores, who: Callable[..., Viewer]) -> APIRouter:
    """The endpoint; `who` is the dependency that gives the signed-in user."""
    router = endpoints(PREFIX)

    @router.get("/stores/{store_id}/queue/by-wait")
    def by_wait(viewer: Annotated[Viewer, Depends(who)], store_id: StoreInPath) -> ByWaitOut:
        """What a further minute of waiting goes with in the index, over whole weeks."""
        if not viewer.may(Right.ANSWERS):
            raise HTTPException(403, f"your role has no right to see {Right.ANSWERS.value}")
        known = {one.store_id for one in places.stores() if viewer.sees(one.store_id)}
        if store_id not in known:
            raise HTTPException(404, "there is no such store")
        return ByWaitOut.of(latest(scores.weeks(StoreId(store_id), 0)))

    return router
