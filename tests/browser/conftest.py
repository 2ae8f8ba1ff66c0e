"""The site on ten weeks of real tallies, really served, and a real Chromium to look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import APIRouter
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import Engine, update

from hub.adapters.bundles import BundleShelf
from hub.adapters.diagnoses import SqlDiagnoses
from hub.adapters.fleet import SqlFleet
from hub.adapters.histories import SqlHistories
from hub.adapters.layouts import SqlLayouts
from hub.adapters.orders import SqlOrders
from hub.adapters.readings import SqlFigures
from hub.adapters.rehearsals import SqlRehearsals
from hub.adapters.rollouts import SqlRollouts
from hub.adapters.tables import commands
from hub.exports import Exports
from hub.orders import Orders
from hub.reports import Reports
from hub.rollouts import Rollouts
from hub.web.api import api_router
from hub.web.auth import viewer
from hub.web.pages.codes import codes_pages
from hub.web.pages.devices import devices_pages
from hub.web.pages.lines import lines_pages
from hub.web.pages.rollouts import rollouts_pages
from shared.places import PointId
from tests.fakes.codes import FakeCodes
from tests.fakes.reports import MIDNIGHT
from tests.hub.web.building import (
    CENTRO,
    NOW,
    SECRET,
    STORES,
    Clock,
    Site,
    accounts_of,
    make_places,
    make_site,
    make_users,
)
from tests.hub.web.seed import seed_tallies
from tests.hub.web.seed_devices import seed_awaited, seed_devices
from tests.hub.web.waits import lay_out, seed_rest, seed_waits
from tests.parts.chromium import Complaints, chromium, window
from tests.parts.databases import migrated_sqlite
from tests.parts.releases import Releases
from tests.parts.web import listening, serving

REGISTERS = [PointId(f"caja-{number}") for number in range(1, 7)]

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with migrated_sqlite(tmp_path_factory.mktemp("hub") / "hub.db") as engine:
        make_places(engine, NOW)
        seed_devices(engine, CENTRO, NOW)
        seed_awaited(engine, CENTRO, NOW)
        seed_tallies(engine, STORES[0], REGISTERS, NOW)
        seed_tallies(engine, STORES[1], REGISTERS[:1], NOW)
        lay_out(engine, CENTRO)
        seed_waits(engine, CENTRO, MIDNIGHT, NOW)
        seed_rest(engine, CENTRO, MIDNIGHT)
        yield engine


@pytest.fixture(scope="package")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="package")
def site(engine: Engine, clock: Clock, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    reports, folder = Reports(SqlFigures(engine)), tmp_path_factory.mktemp("bundles")
    note = accounts_of(engine, clock).note
    api = api_router(reports, Exports(), SqlFleet(engine), viewer, clock, note)
    with listening() as (listener, url):
        lines = lines_pages(SqlLayouts(engine), SqlRehearsals(engine))
        devices = devices_pages(
            Orders(SqlOrders(engine), clock), SqlHistories(engine), SqlDiagnoses(engine)
        )
        routers = [
            api,
            lines,
            devices,
            codes_pages(FakeCodes(NOW)),
            _rollouts(engine, clock, folder),
        ]
        site = make_site(engine, reports, clock, routers=routers, public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


def _rollouts(engine: Engine, clock: Clock, folder: Path) -> APIRouter:
    """A release that halted in its first store, and can be begun with again."""
    shelf = BundleShelf(folder / "shelf")
    shelf.add(Releases().build(folder / "b.tar", "2.0.1", 7))
    book, orders = SqlRollouts(engine), Orders(SqlOrders(engine), clock)
    rollouts = Rollouts(book, SqlFleet(engine), shelf, orders, clock)
    rollouts.begin("2.0.1", "technician", first=CENTRO)
    rollouts.look()
    with engine.begin() as db:
        db.execute(update(commands).values(outcome="rolled_back"))
    rollouts.look()
    return rollouts_pages(rollouts)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def complaints() -> Complaints:
    """What the pages of this test complained about; checked when it ends."""
    return Complaints()


@pytest.fixture
def open_page(browser: Browser, site: Site, complaints: Complaints) -> Iterator[Open]:
    """Opens a window in which somebody is signed in (`name`), reading some language; it stands at
    a page, or still at none."""
    with ExitStack() as stack:

        def opened(
            name: str | None = "manager", language: str = "en", at: str | None = "/", **options: Any
        ) -> Page:
            options = {"viewport": {"width": 1440, "height": 1010}, **options}
            with_page = window(browser, base_url=site.parts.public_url, **options)
            context, page, complaints_here = stack.enter_context(with_page)
            complaints_here.found = complaints.found
            if name is not None:
                read_in(site, name, language)
                let_in(context, site, name)
                if at is not None:
                    page.goto(at)
            return page

        yield opened
    assert complaints.found == []


def read_in(site: Site, name: str, language: str) -> None:
    """Somebody reads the pages in this language from now on."""
    user = next(user for user in site.parts.accounts.users() if user.name == name)
    site.parts.accounts.set_language(user.user_id, language)


def let_in(context: BrowserContext, site: Site, name: str) -> None:
    """A session of its own for this window, without the way through the form."""
    secret, _ = site.parts.accounts.sign_in(name, SECRET, "127.0.0.1")
    url = site.parts.public_url
    context.add_cookies([{"name": "semblante-session", "value": secret, "url": url}])


def sign_in(page: Page, name: str, password: str = SECRET) -> None:
    """Fill in the form as a person would."""
    page.goto("/sign-in")
    page.get_by_label("Name").or_(page.get_by_label("Nombre")).fill(name)
    page.get_by_label("Password").or_(page.get_by_label("Contraseña")).fill(password)
    with page.expect_navigation(wait_until="load"):  # leaving earlier would cut off its scripts
        page.locator("button.primary").click()


@contextmanager
def forgiven(complaints: Complaints, *expected: str) -> Iterator[None]:
    """A block in which the browser must complain about exactly this, and may."""
    before = len(complaints.found)
    yield
    news = complaints.found[before:]
    assert [new for new in news if not any(part in new for part in expected)] == []
    assert news
    del complaints.found[before:]
