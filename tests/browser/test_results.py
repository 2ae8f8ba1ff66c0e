"""The pages Results in a real browser: nothing cut, nothing to mend, parts that open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.adapters.names import mask_by_list
from hub.results import Results
from hub.web.auth import viewer
from hub.web.pages.results import results_pages
from hub.web.results import results_router
from tests.browser.conftest import let_in
from tests.browser.looking import DARK, DESK, PHONE, assert_fit_on, assert_whole_on
from tests.browser.test_phone import ASKED
from tests.fakes.reports import HandmadeReports
from tests.fakes.walks import HandedOver
from tests.hub.web.building import NOW, STORES, Clock, Site, accounts_of, make_site, make_users
from tests.hub.web.test_results import filled
from tests.parts.chromium import Complaints, window
from tests.parts.databases import migrated_sqlite
from tests.parts.web import listening, serving


@pytest.fixture(scope="module")
def results_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with migrated_sqlite(tmp_path_factory.mktemp("results") / "hub.db") as engine:
        places = SqlArchive(engine)
        for store in STORES:
            places.add_store(store, 0)
        yield engine


@pytest.fixture(scope="module")
def answered(results_engine: Engine) -> Iterator[Site]:
    clock = Clock()
    results = Results(filled(), HandedOver(ASKED), mask_by_list())
    while results.close(NOW):
        pass
    note = accounts_of(results_engine, clock).note
    places = SqlArchive(results_engine)
    routers = [results_pages(results), results_router(results, places, viewer, note)]
    reports = HandmadeReports(STORES)
    with listening() as (listener, url):
        site = make_site(results_engine, reports, clock, routers=routers, public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


@pytest.fixture
def page(browser: Browser, answered: Site, complaints: Complaints) -> Iterator[Page]:
    """A window in which the analyst is signed in."""
    with window(browser, base_url=answered.parts.public_url) as (context, page, here):
        here.found = complaints.found
        let_in(context, answered, "analyst")
        yield page
    assert complaints.found == []


def test_every_figure_is_there_and_fit_for_everybody(page: Page, tmp_path: Path) -> None:
    for name, path in (("list", "/results"), ("one", "/results/q?weeks=0")):
        page.goto(path)
        for summary in page.locator("details.part > summary").all():
            summary.click()
        assert_whole_on(page, tmp_path, name, PHONE, DARK, DESK)
        assert_fit_on(page, name, DARK, PHONE, DESK)
    expect(page.locator("section.result")).to_have_count(7)
    expect(page.locator(".texts")).not_to_contain_text("Marta")
