"""One site for a module's tests, on a SQLite file with places, kiosks and users."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from httpx import Client
from sqlalchemy import Engine

from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import (
    NOW,
    SECRET,
    STORES,
    Clock,
    Site,
    make_places,
    make_site,
    make_users,
)
from tests.parts.databases import migrated_sqlite
from tests.parts.web import listening, serving

SignIn = Callable[[str], Client]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with migrated_sqlite(_file(tmp_path_factory)) as engine:
        make_places(engine, NOW)
        yield engine


def _file(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("hub") / "hub.db"


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def reports() -> HandmadeReports:
    return HandmadeReports(STORES)


@pytest.fixture(scope="module")
def site(engine: Engine, reports: HandmadeReports, clock: Clock) -> Iterator[Site]:
    """The site, really served."""
    with listening() as (listener, url):
        site = make_site(engine, reports, clock, public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


@pytest.fixture(scope="module")
def stranger(site: Site) -> Iterator[Client]:
    """A browser in which nobody is signed in."""
    with browser_of(site) as browser:
        yield browser


@pytest.fixture(scope="module")
def sign_in(site: Site) -> Iterator[SignIn]:
    """A browser in which this user is signed in; the same one each time."""
    browsers: dict[str, Client] = {}

    def signed_in(name: str) -> Client:
        if name not in browsers:
            browsers[name] = signed_in_browser(site, name)
        return browsers[name]

    yield signed_in
    for browser in browsers.values():
        browser.close()


def browser_of(site: Site) -> Client:
    """A fresh browser that follows no redirect by itself and says where its forms come from."""
    url = site.parts.public_url
    return Client(base_url=url, headers={"origin": url}, timeout=10)


def signed_in_browser(site: Site, name: str, secret: str = SECRET) -> Client:
    """A fresh browser in which this user has just signed in."""
    browser = browser_of(site)
    form = {"name": name, "password": secret, "csrf": csrf_of(browser.get("/sign-in").text)}
    answer = browser.post("/sign-in", data=form)
    assert answer.status_code == 303, answer.text
    return browser


def csrf_of(page: str) -> str:
    """The token that the first form of a page carries."""
    return page.partition('name="csrf" value="')[2].partition('"')[0]
