"""GET /api/v1/stores/{store_id}/suspects: answers that were set aside, by day and why.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import BaseModel, Field

from hub.core.deciding import SuspectBook, Suspects
from hub.core.hours import date_of
from hub.core.listing import Group
from hub.core.roles import Right, Viewer
from hub.reports import Reports
from hub.web.api import PREFIX
from hub.web.problems import endpoints
from hub.web.ranges import read_range
from hub.web.schemas import Instant, LocalDate, in_utc
from shared.errors import NoSuchStore
from shared.places import StoreId


class SuspectsOut(BaseModel):
    """Answers of one day that are probably no shopper's; nobody is told their faces."""

    date: LocalDate
    code: Annotated[str, Field(description="why, as in the protocol", examples=["burst"])]
    answers: int
    counted: Annotated[bool, Field(description="somebody decided that they count after all")]
    decided_utc: Instant | None

    @classmethod
    def of(cls, one: Suspects) -> "SuspectsOut":
        """From what is known of them."""
        return cls(
            date=date_of(one.day).isoformat(),
            code=one.code,
            answers=one.answers,
            counted=one.counted,
            decided_utc=None if one.decision is None else in_utc(one.decision.at),
        )


def suspects_router(
    book: SuspectBook, reports: Reports, who: Callable[..., Viewer], now: Callable[[], int]
) -> APIRouter:
    """The endpoint; `who` is the dependency that gives the signed-in user."""
    router = endpoints(PREFIX)

    @router.get("/stores/{store_id}/suspects")
    def suspects(
        viewer: Annotated[Viewer, Depends(who)],
        store_id: str,
        since: Annotated[str | None, Query(alias="from", description="a local date")] = None,
        to: Annotated[str | None, Query(description="a local date, included")] = None,
    ) -> list[SuspectsOut]:
        """Answers set aside by day and code, without days whose records are no longer kept."""
        if not viewer.may(Right.ANSWERS):
            raise HTTPException(403, f"your role has no right to see {Right.ANSWERS.value}")
        if not viewer.sees(StoreId(store_id)):
            raise HTTPException(404, "there is no such store")
        try:
            store = reports.store(StoreId(store_id))
        except NoSuchStore as fault:
            raise HTTPException(404, "there is no such store") from fault
        asked = read_range(since, to, Group.DAY, reports.hours_of(store), now())
        return [SuspectsOut.of(one) for one in book.suspects(store, asked.days)]

    return router
