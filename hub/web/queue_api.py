"""GET /api/v1/stores/{store_id}/queue: the wait now, over a day, and how right it was.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable, Sequence
from typing import Annotated, Protocol

from fastapi import APIRouter, Depends, HTTPException, Query

from hub.core.hours import Hours
from hub.core.ports import Point, Store
from hub.core.queue_looking import day_view, now_view
from hub.core.queue_views import Known, QueueBook
from hub.core.roles import Right, Viewer
from hub.core.waiting.layout import Layouts
from hub.web.api import PREFIX, StoreInPath
from hub.web.problems import ProblemRoute, described
from hub.web.queue_schemas import QueueOut
from hub.web.ranges import read_date
from shared.places import StoreId


class Places(Protocol):
    """Which stores and points there are."""

    def stores(self) -> Sequence[Store]:
        """All stores, by name."""

    def points(self, store: StoreId) -> Sequence[Point]:
        """The points of a store, as they stand."""


def queue_router(
    layouts: Layouts,
    book: QueueBook,
    places: Places,
    who: Callable[..., Viewer],
    now: Callable[[], int],
) -> APIRouter:
    """The endpoint; `who` is the dependency that gives the signed-in user."""
    router = APIRouter(
        prefix=PREFIX,
        tags=["api"],
        route_class=ProblemRoute,
        responses=described(401, 403, 404, 422, 503),
    )

    @router.get("/stores/{store_id}/queue")
    def queue(
        viewer: Annotated[Viewer, Depends(who)],
        store_id: StoreInPath,
        date: Annotated[
            str | None, Query(description="a local date; without it, the store's today")
        ] = None,
    ) -> QueueOut:
        """The wait now, over a local day, and how right it was; nobody's own wait."""
        if not viewer.may(Right.ANSWERS):
            raise HTTPException(403, f"your role has no right to see {Right.ANSWERS.value}")
        known = _known(layouts, places, viewer, StoreId(store_id))
        at = now()
        today = Hours(known.store.zone).hour_of(at).day
        wanted = today if date is None else min(today, read_date(date))
        day, doubts = day_view(book, known, at, wanted), book.doubts(known.store.store_id)
        return QueueOut.of(now_view(book, known, at), day, doubts)

    return router


def _known(layouts: Layouts, places: Places, viewer: Viewer, name: StoreId) -> Known:
    """The store with its lines; raises 404 where it has none, or the viewer must not know of it."""
    found = [one for one in places.stores() if one.store_id == name and viewer.sees(name)]
    if not found:
        raise HTTPException(404, "there is no such store")
    layout = layouts.layout(name)
    if layout is None or not layout.lines:
        raise HTTPException(404, "this store has no lines laid out, so it tells no waits")
    return Known(found[0], layout, places.points(name))
