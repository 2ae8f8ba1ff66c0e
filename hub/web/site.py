"""The whole site from its parts: routes, what stands around them, and pages for errors."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Match
from starlette.types import Lifespan, Scope

from hub.web import dashboard
from hub.web.auth import NotSignedIn, maybe_signed_in
from hub.web.guard import (
    SAFE_METHODS,
    BoundedBody,
    Refusing,
    SameOrigin,
    SecurityHeaders,
    headers_of,
    plainly,
)
from hub.web.pages import (
    account,
    audit,
    beginning,
    files,
    kiosks,
    pictures,
    programme,
    questionnaires,
    questions,
    queue,
    queue_panels,
    recovery,
    suspects,
    today,
    trying,
    users,
)
from hub.web.parts import Parts
from hub.web.phoning import PHONES, PhonePages
from hub.web.problems import problem
from hub.web.shell import show
from hub.web.streams import judge_of
from shared.errors import NoSuchStore, SemblanteError

API_VERSION = "1"
"""As in the addresses under /api/v1."""

KNOWN_ERRORS = frozenset({400, 403, 404, 405, 429, 500})
"""Those that templates/error.html has words for; any other is told like 400 or 500."""


def build_site(
    parts: Parts,
    routers: Iterable[APIRouter] = (),
    lifespan: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """The site: the dashboard, and `routers` (API, health) under the same roof."""
    site = FastAPI(
        title="Semblante",
        version=API_VERSION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # they would lead to whatever the request calls this hub
        lifespan=lifespan,
    )
    site.state.parts = parts
    designing = (beginning, questionnaires, questions, files, pictures, trying, programme)
    looking = (today, dashboard, queue, queue_panels, suspects, kiosks, recovery)
    for pages in (account, *looking, *designing, users, audit):
        site.include_router(pages.routes())
    for router in routers:
        site.include_router(router)
    assets = parts.renderer.assets
    site.mount(assets.path, assets, name="static")
    parts.live.judge_by(judge_of(parts.accounts))
    parts.live.offer("today", today.TodaySource(parts))
    parts.live.offer("kiosks", kiosks.KiosksSource(parts))
    parts.live.offer("queue", queue.QueueSource(parts))
    _tell_errors(site)
    refusing = _refusing(parts.phones)
    site.add_middleware(SameOrigin, public_url=parts.public_url, refusing=refusing)
    site.add_middleware(BoundedBody, refusing=refusing)
    site.add_middleware(SecurityHeaders, secure=parts.secure)  # the last one added is outermost
    return site


def _tell_errors(site: FastAPI) -> None:
    site.add_exception_handler(NotSignedIn, _not_signed_in)
    site.add_exception_handler(StarletteHTTPException, _http_error)
    site.add_exception_handler(RequestValidationError, _unreadable)
    site.add_exception_handler(NoSuchStore, _no_such_store)
    site.add_exception_handler(Exception, _fault)


def _not_signed_in(request: Request, _: Exception) -> Response:
    """Pages go to the sign-in page and come back; programs and streams are told 401."""
    if _for_programs(request):
        return problem(401, "not signed in: sign in, and send the session's cookie")
    if request.method != "GET":
        return RedirectResponse("/sign-in", 303)
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next_page={quote(here, safe='')}", 303)


def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException | StarletteHTTPException)  # noqa: S101 - for the types
    if error.status_code == 404 and (plain := _without_slash(request)):
        return RedirectResponse(plain, 307)
    return _error(request, error.status_code, str(error.detail))


def _without_slash(request: Request) -> str:
    """The same address without slashes at its end, if it is one of ours: a path, and no host."""
    path = request.scope["path"]
    plain = path.rstrip("/")
    if request.method not in SAFE_METHODS or plain == path:
        return ""
    scope = {**request.scope, "path": plain}
    if not any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
        return ""
    return quote(plain) + (f"?{request.url.query}" if request.url.query else "")


def _unreadable(request: Request, error: Exception) -> Response:
    return _error(request, 400, str(error)[:300])


def _no_such_store(request: Request, error: Exception) -> Response:
    return _error(request, 404, str(error))


def _fault(request: Request, error: Exception) -> Response:
    hint = error.hint if isinstance(error, SemblanteError) else ""
    answer = _error(request, 500, "the hub has a fault", hint)
    answer.headers.update(headers_of(request.app.state.parts.secure))  # it comes past the guard
    return answer


def _error(request: Request, status: int, detail: str, hint: str = "") -> Response:
    if _for_programs(request):
        return problem(status, f"{detail}. {hint}" if hint else detail)
    if request.url.path.startswith(PHONES):
        return _to_a_shopper(request.app.state.parts.phones, request.headers, status)
    known = status if status in KNOWN_ERRORS else 500 if status >= 500 else 400
    session = maybe_signed_in(request) if known != 500 else None  # the database may be the fault
    return show(request, session, "error.html", {"code": known}, status=status)


def _to_a_shopper(phones: PhonePages, headers: Headers, status: int) -> Response:
    return HTMLResponse(phones.trouble(status, headers.get("accept-language", "")), status)


def _refusing(phones: PhonePages) -> Refusing:
    def refused(scope: Scope, status: int, why: str) -> Response:
        if scope["path"].startswith(PHONES):
            return _to_a_shopper(phones, Headers(scope=scope), status)
        return plainly(scope, status, why)

    return refused


def _for_programs(request: Request) -> bool:
    wants = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or "text/event-stream" in wants
