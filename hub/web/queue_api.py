"""GET /api/v1/stores/{store_id}/queue: the wait now, over a day, and how right it was.

Without postponed annotations: FastAPI reads them when a dependency is made.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query

from hub.core.hours import Hours
from hub.core.queue_looking import day_view, now_view
from hub.core.queue_views import Known, QueueBook
from hub.core.roles import Right, Viewer
from hub.core.waiting.layout import Layouts
from hub.web.api import PREFIX, StoreInPath
from hub.web.parts import Places
from hub.web.problems import endpoints
from hub.web.queue_schemas import QueueOut
from hub.web.queueing import known_in
from hub.web.ranges import read_date
from shared.places import StoreId


def queue_router(
    layouts: Layouts,
    book: QueueBook,
    places: Places,
    who: Callable[..., Viewer],
    now: Callable[[], int],
) -> APIRouter:
    """The endpoint; `who` is the dependency that gives the signed-in user."""
    router = endpoints(PREFIX)

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
    if not viewer.sees(name) or not any(one.store_id == name for one in places.stores()):
        raise HTTPException(404, "there is no such store")
    known = known_in(layouts, places, name)
    if known is None:
        raise HTTPException(404, "this store has no lines laid out, so it tells no waits")
    return known
