"""The store display: a page for a television at the line, and where its address is made.

GET /display/STORE/KEY shows it to whoever has the key, without signing in, and …/now is what its
script fetches. Whoever has not the key is told the same wherever the fault lies: 404.
"""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from hub.core.displaying import Screen
from hub.core.roles import Right
from hub.displays import Displays, Refusal
from hub.web.assets import FOLDER
from hub.web.auth import DesignStore, OwnForm, Session, address_of, having
from hub.web.displaying import DisplayPages
from hub.web.parts import parts_of
from hub.web.shell import back_to, show
from shared.errors import ArchiveError

STATUSES: Final = {Refusal.UNKNOWN: 404, Refusal.BUSY: 429}

QUIET: Final = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
"""The address is the key: it is told to no other page and stands in no index."""


def display_router(displays: Displays, pages: DisplayPages) -> APIRouter:
    """The addresses of these pages."""
    site = DisplaySite(displays, pages)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/display/worker.js", worker, methods=["GET"])
    router.add_api_route("/display/{place}/{key}", site.page, methods=["GET"])
    router.add_api_route("/display/{place}/{key}/now", site.now, methods=["GET"])
    designs = [Depends(having(Right.DESIGN))]
    path = "/stores/{store_id}/display"
    router.add_api_route(path, site.address, methods=["GET"], dependencies=designs)
    router.add_api_route(path, site.make, methods=["POST"], dependencies=designs)
    return router


def worker() -> Response:
    """The script that keeps the page in the browser: from here its scope is all displays."""
    return FileResponse(
        FOLDER / "display-worker.js",
        media_type="text/javascript; charset=utf-8",
        headers={"cache-control": "no-cache"},
    )


class DisplaySite:
    """Shows displays, and whoever may their address."""

    def __init__(self, displays: Displays, pages: DisplayPages) -> None:
        self._displays, self._pages = displays, pages

    def page(self, request: Request, place: str, key: str, look: str = "") -> Response:
        """The page for the television."""
        shown = self._shown(request, place, key)
        return HTMLResponse(self._pages.page(shown, look), headers=QUIET)

    async def now(self, request: Request, place: str, key: str) -> Response:
        """What it shows now; a thread is worth its price only where the database is asked."""
        if self._displays.knows(place):
            return self._told(request, place, key)
        return await run_in_threadpool(self._told, request, place, key)

    def address(
        self, request: Request, session: Session, store: DesignStore, done: str = ""
    ) -> Response:
        """The display's address, for whoever puts it on a television."""
        key = self._displays.key(store)
        url = key and address_for(parts_of(request).public_url, store, key)
        context = {"url": url, "done": done}
        return show(request, session, "display.html", context, here="queue", store=store)

    def make(self, session: OwnForm, store: DesignStore) -> Response:
        """A new address; the one before opens nothing any more."""
        self._displays.make(store, session.user.name)
        return back_to(f"/stores/{store}/display?done=made")

    def _told(self, request: Request, place: str, key: str) -> Response:
        """Where the database does not answer the display waits, and says so."""
        try:
            shown = self._displays.show(place, key, address_of(request))
        except ArchiveError:
            return JSONResponse({}, 503, QUIET)
        if isinstance(shown, Refusal):
            return JSONResponse({}, STATUSES[shown], QUIET)
        return JSONResponse(self._pages.told(shown), headers=QUIET)

    def _shown(self, request: Request, place: str, key: str) -> Screen:
        shown = self._displays.show(place, key, address_of(request))
        if isinstance(shown, Refusal):
            raise HTTPException(STATUSES[shown])
        return shown


def address_for(public_url: str, store: str, key: str) -> str:
    """What is typed into the television's browser."""
    return f"{public_url.rstrip('/')}/display/{store}/{key}"
