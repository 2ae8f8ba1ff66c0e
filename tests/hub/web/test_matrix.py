"""Role × endpoint × foreign store: every cell of the matrix, and no endpoint outside of it.

The endpoints are those that the application really has. One that is not declared here fails the
test, and so does a declaration without an endpoint.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from httpx import Client, Response
from sqlalchemy import Engine
from starlette.routing import BaseRoute, Mount, Route

from hub.adapters.archive import SqlArchive
from hub.adapters.bundles import BundleShelf
from hub.adapters.diagnoses import SqlDiagnoses
from hub.adapters.displays import SqlDisplays
from hub.adapters.fleet import SqlFleet
from hub.adapters.histories import SqlHistories
from hub.adapters.layouts import SqlLayouts
from hub.adapters.orders import SqlOrders
from hub.adapters.questionnaires import SqlQuestionnaires
from hub.adapters.queue_readings import SqlQueueBook
from hub.adapters.readings import SqlFigures
from hub.adapters.rehearsals import SqlRehearsals
from hub.adapters.rollouts import SqlRollouts
from hub.adapters.suspects import SqlSuspects
from hub.adapters.troubles import SqlTroubles
from hub.core.accounts import Note
from hub.core.health import Health
from hub.core.roles import RIGHTS, Right, Role
from hub.displays import Displays
from hub.exports import Exports
from hub.orders import Orders
from hub.reports import Reports
from hub.results import Results
from hub.rollouts import Rollouts
from hub.web.api import api_router
from hub.web.assets import Assets
from hub.web.auth import viewer
from hub.web.by_wait import by_wait_router
from hub.web.displaying import DisplayPages
from hub.web.health import health_router
from hub.web.pages.codes import codes_pages
from hub.web.pages.devices import devices_pages
from hub.web.pages.display import display_router
from hub.web.pages.lines import lines_pages
from hub.web.pages.results import results_pages
from hub.web.pages.rollouts import rollouts_pages
from hub.web.questionnaires import questionnaires_router
from hub.web.queue_api import queue_router
from hub.web.recovery import recovery_router
from hub.web.results import results_router
from hub.web.suspects import suspects_router
from hub.wiring.joining import scores_of
from shared.places import PointId
from tests.fakes.codes import FakeCodes
from tests.fakes.results import FakeResults
from tests.hub.web.building import (
    CENTRO,
    NORTE,
    NOW,
    PUERTO,
    STORES,
    USERS,
    Clock,
    Site,
    accounts_of,
    desk_of,
    make_site,
    make_users,
)
from tests.hub.web.conftest import SignIn, csrf_of, signed_in_browser
from tests.hub.web.seed import seed_tallies
from tests.hub.web.seed_devices import keep_file
from tests.hub.web.test_results import response
from tests.hub.web.waits import lay_out
from tests.parts.web import listening, serving
from tests.shared.questionnaires import EVERY_KIND

A_RESPONSE = response()

LET_IN = frozenset({200, 303, 400})
"""Answered by the endpoint itself: a page, a way on, or a form that was read and judged."""


WELL = Health(("web",), "0.1.0", database=True, broker=None, lag_seconds=0.0, waiting=0, threads={})


@dataclass(frozen=True, slots=True)
class Cell:
    """What an endpoint asks for; `right` None: only to be signed in. `open`: not even that."""

    right: Right | None = None
    open: bool = False


ANSWERS, KIOSKS = Cell(Right.ANSWERS), Cell(Right.KIOSKS)
USERS_ONLY, AUDIT_ONLY = Cell(Right.USERS), Cell(Right.AUDIT)
DESIGN, COMMAND = Cell(Right.DESIGN), Cell(Right.COMMAND)
ANYBODY, OPEN = Cell(), Cell(open=True)

CELLS = {
    "GET /": ANYBODY,
    "GET /sign-in": OPEN,
    "POST /sign-in": OPEN,
    "POST /sign-out": ANYBODY,
    "GET /settings": ANYBODY,
    "POST /settings/password": ANYBODY,
    "POST /settings/language": ANYBODY,
    "GET /stores": ANSWERS,
    "GET /stores/{store_id}/today": ANSWERS,
    "GET /stores/{store_id}/today/live": ANSWERS,
    "GET /stores/{store_id}/hours": ANSWERS,
    "GET /stores/{store_id}/queue": ANSWERS,
    "GET /stores/{store_id}/queue/live": ANSWERS,
    "POST /stores/{store_id}/queue/count": DESIGN,
    "POST /stores/{store_id}/queue/whatif": ANSWERS,
    "GET /stores/{store_id}/registers": ANSWERS,
    "GET /stores/{store_id}/suspects": ANSWERS,
    "POST /stores/{store_id}/suspects": Cell(Right.DECIDE),
    "GET /kiosks": KIOSKS,
    "GET /stores/{store_id}/kiosks": KIOSKS,
    "GET /stores/{store_id}/kiosks/live": KIOSKS,
    "GET /stores/{store_id}/kiosks/{kiosk_id}": KIOSKS,
    "GET /stores/{store_id}/kiosks/{kiosk_id}/diagnoses/{command}": COMMAND,
    "GET /rollouts": COMMAND,
    "GET /rollouts/panel": COMMAND,
    "POST /rollouts": COMMAND,
    "POST /rollouts/{number}/{what}": COMMAND,
    "POST /kiosks/confirm": COMMAND,
    "POST /kiosks/orders": COMMAND,
    "GET /stores/{store_id}/codes": COMMAND,
    "POST /stores/{store_id}/codes": COMMAND,
    "GET /recovery": KIOSKS,
    "GET /questionnaires": ANSWERS,
    "POST /questionnaires": DESIGN,
    "GET /questionnaires/{name}": ANSWERS,
    "POST /questionnaires/{name}": DESIGN,
    "POST /questionnaires/{name}/draft": DESIGN,
    "POST /questionnaires/{name}/drop": DESIGN,
    "POST /questionnaires/{name}/send": DESIGN,
    "POST /questionnaires/{name}/recall": DESIGN,
    "GET /questionnaires/{name}/file": ANSWERS,
    "POST /questionnaires/{name}/file": DESIGN,
    "GET /questionnaires/{name}/download": ANSWERS,
    "GET /questionnaires/{name}/phone": ANSWERS,
    "GET /questionnaires/{name}/pictures/{question}": ANSWERS,
    "POST /questionnaires/{name}/questions": DESIGN,
    "GET /questionnaires/{name}/questions/{question}": ANSWERS,
    "POST /questionnaires/{name}/questions/{question}": DESIGN,
    "POST /questionnaires/{name}/questions/{question}/move": DESIGN,
    "GET /results": ANSWERS,
    "GET /results/{name}": ANSWERS,
    "GET /stores/{store_id}/programme": DESIGN,
    "POST /stores/{store_id}/programme": DESIGN,
    "GET /stores/{store_id}/programme/pictures/{page}": DESIGN,
    "GET /stores/{store_id}/queue/settings": DESIGN,
    "POST /stores/{store_id}/queue/settings": DESIGN,
    "GET /stores/{store_id}/display": DESIGN,
    "POST /stores/{store_id}/display": DESIGN,
    "GET /display/worker.js": OPEN,
    "GET /display/{place}/{key}": OPEN,  # to whoever has the key
    "GET /display/{place}/{key}/now": OPEN,
    "GET /users": USERS_ONLY,
    "POST /users": USERS_ONLY,
    "GET /users/{user_id}": USERS_ONLY,
    "POST /users/{user_id}": USERS_ONLY,
    "POST /users/{user_id}/password": USERS_ONLY,
    "GET /audit": AUDIT_ONLY,
    "GET /api/v1/openapi.json": OPEN,
    "GET /api/v1/stores": ANYBODY,
    "GET /api/v1/stores/{store_id}": ANYBODY,
    "GET /api/v1/stores/{store_id}/points": ANYBODY,
    "GET /api/v1/stores/{store_id}/tallies": ANSWERS,
    "GET /api/v1/stores/{store_id}/index": ANSWERS,
    "GET /api/v1/index": ANSWERS,
    "GET /api/v1/export.{format}": ANSWERS,
    "GET /api/v1/stores/{store_id}/queue": ANSWERS,
    "GET /api/v1/stores/{store_id}/queue/by-wait": ANSWERS,
    "GET /api/v1/stores/{store_id}/suspects": ANSWERS,
    "GET /api/v1/kiosks": KIOSKS,
    "GET /api/v1/ledger": KIOSKS,
    "GET /api/v1/recovery": KIOSKS,
    "GET /api/v1/questionnaires": ANSWERS,
    "GET /api/v1/questionnaires/schema": ANYBODY,
    "GET /api/v1/questionnaires/{name}": ANSWERS,
    "GET /api/v1/results": ANSWERS,
    "GET /api/v1/results/{name}": ANSWERS,
    "GET /api/v1/results/{name}/export.{format}": ANSWERS,
    "GET /healthz": OPEN,
    "GET /metrics": OPEN,
}

STORE_IN_QUERY = frozenset(
    {"GET /api/v1/export.{format}", "GET /api/v1/kiosks", "GET /api/v1/ledger"}
)
"""Endpoints that take the store beside the path; a foreign one is refused there all the same."""

FORMS = {
    "POST /settings/password": {"old": "wrong wrong wrong", "new": "a", "again": "b"},
    "POST /settings/language": {"language": "en", "page": "/settings"},
    "POST /stores/{store_id}/suspects": {"day": "20200101", "code": "burst", "counted": "yes"},
    "POST /kiosks/confirm": {"order": "restart"},
    "POST /kiosks/orders": {"order": "restart"},
    "POST /users": {"name": "", "password": "", "role": "analyst"},
    "POST /users/{user_id}": {"role": "administrator"},
    "POST /users/{user_id}/password": {"password": "short"},
}
"""Forms that change nothing: they are judged all the same."""

DISPLAY_KEY = "ab" * 16
"""Of a store whose display's address no test replaces."""

LEAVES = frozenset({"POST /sign-out"})
"""Endpoints that end the session; they are tried with one of their own."""


def endpoints(routes: Iterable[BaseRoute], prefix: str = "") -> Iterable[str]:
    """Every method and path of the application; a kind of route not known here is an error."""
    for route in routes:
        if isinstance(route, Mount):
            assert route.name == "static", f"{route.path} is mounted and not in the matrix"
        elif (included := getattr(route, "original_router", None)) is not None:
            context = route.include_context  # type: ignore[attr-defined]
            yield from endpoints(included.routes, prefix + context.prefix)
        else:
            assert isinstance(route, APIRoute | Route), f"{route} is not in the matrix"
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield f"{method} {prefix}{route.path}"


def test_every_endpoint_is_declared_and_every_declaration_is_an_endpoint(site: Site) -> None:
    assert sorted(endpoints(site.app.routes)) == sorted(CELLS)


@pytest.fixture(scope="module")
def site(engine: Engine, clock: Clock) -> Iterator[Site]:
    """The whole site with API and health, on real tallies; its streams end at once."""
    seed_tallies(engine, STORES[0], [PointId("caja-1"), PointId("caja-2")], NOW, days=7)
    reports = Reports(SqlFigures(engine))
    note = accounts_of(engine, clock).note
    api = api_router(reports, Exports(), SqlFleet(engine), viewer, clock, note)
    watching = health_router(lambda: WELL, lambda: b"")
    with listening() as (listener, url):
        recovery = recovery_router(SqlTroubles(engine), viewer)
        suspects = suspects_router(SqlSuspects(engine), reports, viewer, clock)
        routers = [api, watching, recovery, suspects]
        results = _results(engine)
        routers.append(results_pages(results))
        routers.append(results_router(results, SqlArchive(engine), viewer, note))
        desk = desk_of(engine, clock)
        routers.append(questionnaires_router(desk, viewer))
        routers.append(
            devices_pages(
                Orders(SqlOrders(engine), clock), SqlHistories(engine), SqlDiagnoses(engine)
            )
        )
        routers.append(codes_pages(FakeCodes(NOW)))
        orders, shelf = Orders(SqlOrders(engine), clock), BundleShelf(Path("/nowhere"))
        book = SqlRollouts(engine)
        routers.append(rollouts_pages(Rollouts(book, SqlFleet(engine), shelf, orders, clock)))
        routers.append(lines_pages(SqlLayouts(engine), SqlRehearsals(engine)))
        layouts, queues = SqlLayouts(engine), SqlQueueBook(engine)
        routers.append(queue_router(layouts, queues, SqlArchive(engine), viewer, clock))
        routers.append(by_wait_router(scores_of(engine), SqlArchive(engine), viewer))
        keys = SqlDisplays(engine)
        keys.keep(PUERTO, DISPLAY_KEY, NOW, Note(NOW, "test", "display address made", PUERTO))
        routers.append(display_router(Displays(keys, clock), DisplayPages(Assets())))
        site = make_site(engine, reports, clock, routers=routers, public_url=url)
        make_users(site.parts.accounts)
        for store in (CENTRO, NORTE):
            desk.make(replace(EVERY_KIND, id=f"{store}-q"), store, "test")
            lay_out(engine, store)
            keep_file(engine, store, "k-012-01" if store == CENTRO else "k-007-01", "ab" * 8)
        site.parts.live.close()
        with serving(site.app, site.parts.live, listener):
            yield site


def _results(engine: Engine) -> Results:
    """One response to each store's own questionnaire."""
    book = FakeResults(STORES)
    for store in (CENTRO, NORTE):
        book.add(store, replace(A_RESPONSE, questionnaire=f"{store}-q"))
    return Results(book, SqlQuestionnaires(engine), str)


def test_a_technician_who_opens_everything_sees_no_answer(sign_in: SignIn) -> None:
    """The names of faces, and what is told only of answers; a picture of faces is our sign."""
    today = sign_in("analyst").get(f"/stores/{CENTRO}/today").text
    assert any(re.search(rf"\b{word}\b", today, re.I) for word in ANSWER_WORDS), "they are told"
    browser, seen = sign_in("technician"), 0
    csrf = csrf_of(browser.get("/settings").text)
    for endpoint in sorted(CELLS):
        if endpoint.startswith("GET ") and not endpoint.endswith("/live"):
            answer = _ask(browser, endpoint, CENTRO, csrf)
            if (
                answer.status_code == 200
                and "/static" not in endpoint
                and not _is_told_all(endpoint)
            ):
                seen += 1
                words = re.sub(r"<(svg|style|head)[^>]*>.*?</\1>", "", answer.text, flags=re.S)
                for word in ANSWER_WORDS:
                    assert not re.search(rf"\b{word}\b", words, re.I), (endpoint, word)
    assert seen >= 8


ANSWER_WORDS = ("sad", "neutral", "happy", "satisfaction", "index of", "answer rate", "reasons")


def _is_told_all(endpoint: str) -> bool:
    """What says the same to everybody, and nothing of any shopper."""
    return CELLS[endpoint].open or "openapi" in endpoint


@pytest.mark.parametrize("endpoint", sorted(CELLS))
def test_nobody_comes_in_without_signing_in(stranger: Client, endpoint: str) -> None:
    answer = _ask(stranger, endpoint, CENTRO, csrf="forged")
    if not CELLS[endpoint].open:
        assert _sent_away(endpoint, answer)
    elif endpoint == "POST /sign-in":
        assert answer.status_code == 403  # open, but not to a forged form
    else:
        assert answer.status_code in LET_IN


@pytest.mark.parametrize(
    ("role", "endpoint", "store"), list(product(Role, sorted(CELLS), (CENTRO, NORTE)))
)
def test_each_role_reaches_what_it_may_and_nothing_else(
    site: Site, sign_in: SignIn, role: Role, endpoint: str, store: str
) -> None:
    name = next(name for name, its_role, _ in USERS if its_role is role)
    with ExitStack() as stack:
        browser = sign_in(name)
        if endpoint in LEAVES:
            browser = stack.enter_context(closing(signed_in_browser(site, name)))
        csrf = csrf_of(browser.get("/settings").text) if endpoint.startswith("POST") else ""
        answer = _ask(browser, endpoint, store, csrf)
    expected = _expected(role, endpoint, store)
    assert answer.status_code in expected, (answer.status_code, answer.text[:300])
    assert endpoint in LEAVES or not _sent_away(endpoint, answer), "nobody is signed in any more"


@pytest.mark.parametrize("endpoint", sorted(e for e in CELLS if e.startswith("POST")))
@pytest.mark.parametrize("csrf", ["", "forged", "ñ"])
def test_no_form_is_taken_without_its_token(sign_in: SignIn, endpoint: str, csrf: str) -> None:
    assert _ask(sign_in("administrator"), endpoint, CENTRO, csrf).status_code == 403


@pytest.mark.parametrize("endpoint", sorted(e for e in CELLS if e.startswith("POST")))
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1"},
        {"origin": "http://127.0.0.1:1"},
        {"origin": "http://127.0.0.1:x"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
    ids=str,
)
def test_no_form_is_taken_from_another_site(
    sign_in: SignIn, endpoint: str, headers: dict[str, str]
) -> None:
    browser = sign_in("administrator")
    csrf = csrf_of(browser.get("/settings").text)
    saved = browser.headers.pop("origin")
    try:
        answer = _ask(browser, endpoint, CENTRO, csrf, headers)
    finally:
        browser.headers["origin"] = saved
    assert (answer.status_code, answer.text) == (403, "This request came from another site.")


def _sent_away(endpoint: str, answer: Response) -> bool:
    """Programs are told 401, people are led to the sign-in page."""
    if "/api/" in endpoint:
        return answer.status_code == 401
    return answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")


def _expected(role: Role, endpoint: str, store: str) -> frozenset[int]:
    cell = CELLS[endpoint]
    if cell.right is not None and cell.right not in RIGHTS[role]:
        return frozenset({403})
    about_store = "{store_id}" in endpoint or "{name}" in endpoint or endpoint in STORE_IN_QUERY
    if about_store and not role.every_store and store == NORTE:
        return frozenset({404})
    if "/pictures/" in endpoint:
        return frozenset({503})  # nobody draws in these tests
    if endpoint == "POST /sign-in":
        return frozenset({403})  # the session's token is not the sign-in form's
    return LET_IN


def _ask(
    browser: Client,
    endpoint: str,
    store: str,
    csrf: str,
    headers: dict[str, str] | None = None,
) -> Response:
    method, _, path = endpoint.partition(" ")
    url = path.replace("{store_id}", store).replace("{user_id}", "1").replace("{format}", "csv")
    url = (
        url.replace("{name}", f"{store}-q")
        .replace("{question}", "mood")
        .replace("{page}", "asking")
    )
    url = url.replace("{number}", "1").replace("{what}", "halt")
    url = url.replace("{kiosk_id}", "k-012-01" if store == CENTRO else "k-007-01")
    url = url.replace("{command}", "ab" * 8)
    url = url.replace("{place}", PUERTO).replace("{key}", DISPLAY_KEY)
    url += f"?store_id={store}" if endpoint in STORE_IN_QUERY else ""
    data = {**FORMS.get(endpoint, {}), "csrf": csrf} if method == "POST" else None
    return browser.request(method, url, data=data, headers=headers)
