"""The page of a store's display and the page of its address, as a browser is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape

import pytest
from httpx import Client
from sqlalchemy import Engine, insert

from hub.adapters.displays import SqlDisplays
from hub.adapters.layouts import SqlLayouts
from hub.adapters.tables import notices
from hub.core.accounts import Note
from hub.core.waiting.facts import Line, LineId
from hub.core.waiting.layout import Layout
from hub.displays import Displays
from hub.web.assets import Assets
from hub.web.displaying import DisplayPages
from hub.web.pages.display import address_for, display_router
from shared.errors import ArchiveError
from shared.places import PointId
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, NORTE, NOW, Clock, Site, make_site, make_users
from tests.hub.web.conftest import SignIn, csrf_of
from tests.parts.web import listening, serving


@pytest.fixture(scope="module")
def displays(engine: Engine, clock: Clock) -> Displays:
    line = LineId("line-1")
    layout = Layout(1, (Line(line, (PointId("caja-1"),)),), {line: "Caja <rápida>"})
    SqlLayouts(engine).lay_out(CENTRO, layout, NOW, Note(NOW, "ana", "lines laid out", CENTRO))
    row = {"store_id": CENTRO, "line_id": line, "at": NOW - 25_000, "minutes": 5}
    row |= {"method": "sales", "because": "agrees", "waiting": 2.0, "open": 1.0, "quickest": False}
    with engine.begin() as db:
        db.execute(insert(notices).values(row))
    return Displays(SqlDisplays(engine), clock)


@pytest.fixture(scope="module")
def site(
    engine: Engine, reports: HandmadeReports, clock: Clock, displays: Displays
) -> Iterator[Site]:
    with listening() as (listener, url):
        router = display_router(displays, DisplayPages(Assets()))
        site = make_site(engine, reports, clock, routers=[router], public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


@pytest.fixture(scope="module")
def key(displays: Displays) -> str:
    return displays.make(CENTRO, "test")


def test_what_it_shows_now_is_told_with_its_age(stranger: Client, key: str) -> None:
    answer = stranger.get(f"/display/{CENTRO}/{key}/now")
    told = answer.json()
    assert told["store"] == "Centro · 012"
    assert (told["now"], told["zone"], told["languages"]) == (NOW, "Europe/Madrid", ["es", "en"])
    assert (told["fresh_ms"], told["stands_ms"], told["wording"]) == (60_000, 70_000, "about")
    assert told["lines"] == [
        {"id": "line-1", "name": "Caja <rápida>", "minutes": 5, "why": None,
         "age_ms": 25_000, "quickest": False}
    ]  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_the_page_holds_no_wait_and_no_script_of_its_own(stranger: Client, key: str) -> None:
    answer = stranger.get(f"/display/{CENTRO}/{key}")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert re.findall(r"<script(?! src=)|style=|<style| on\w+=", answer.text) == []
    assert "rápida" not in answer.text  # of the lines nothing: what is kept may be a day old
    kept = json.loads(unescape(re.findall(r'data-kept="([^"]*)"', answer.text)[0]))
    assert kept["store"] == "Centro · 012"
    assert kept["languages"] == ["es", "en"]
    assert answer.headers["referrer-policy"] == "no-referrer"  # the address is the key
    assert "noindex" in answer.headers["x-robots-tag"]


@pytest.mark.parametrize(
    ("asked", "look"), [("", "auto"), ("?look=dark", "dark"), ("?look=%22%3E", "auto")]
)
def test_it_is_as_light_as_it_is_asked_to_be(
    stranger: Client, key: str, asked: str, look: str
) -> None:
    assert f'data-look="{look}"' in stranger.get(f"/display/{CENTRO}/{key}{asked}").text


@pytest.mark.parametrize("end", ["", "/now"])
@pytest.mark.parametrize("wrong", ["0" * 32, "x", "%C3%B1", "a" * 3_000])
@pytest.mark.parametrize("place", [CENTRO, NORTE, "nowhere", "%00", "x" * 300])
def test_without_the_key_there_is_nothing_there(
    site: Site, clock: Clock, place: str, wrong: str, end: str
) -> None:
    clock.ms += 60_000  # nobody guesses faster than that
    with Client(base_url=site.parts.public_url) as browser:
        answer = browser.get(f"/display/{place}/{wrong}{end}")
    clock.ms = NOW
    assert answer.status_code == 404
    assert "Centro" not in answer.text
    assert "Caja" not in answer.text


def test_where_the_database_does_not_answer_the_display_is_told_so(
    stranger: Client, displays: Displays, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object) -> None:
        raise ArchiveError("away")

    monkeypatch.setattr(displays, "show", nobody)
    answer = stranger.get(f"/display/{CENTRO}/{key}/now")
    assert (answer.status_code, answer.json()) == (503, {})


def test_the_script_that_keeps_the_page_reaches_all_displays(stranger: Client) -> None:
    answer = stranger.get("/display/worker.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"


def test_whoever_may_makes_the_address_and_replaces_it(
    site: Site, sign_in: SignIn, stranger: Client, displays: Displays
) -> None:
    browser, page = sign_in("administrator"), f"/stores/{NORTE}/display"
    text = browser.get(page).text
    assert "Make the address" in text
    made = browser.post(page, data={"csrf": csrf_of(text)})
    assert (made.status_code, made.headers["location"]) == (303, f"{page}?done=made")
    first = displays.key(NORTE)
    assert first is not None
    address = address_for(site.parts.public_url, NORTE, first)
    text = browser.get(page).text
    assert address in text
    assert stranger.get(address).status_code == 200
    browser.post(page, data={"csrf": csrf_of(text)})
    assert stranger.get(address).status_code == 404
    actions = [entry.note.action for entry in site.parts.accounts.audit(10)]
    assert actions[:2] == ["display address made"] * 2


def test_others_do_not(sign_in: SignIn, stranger: Client) -> None:
    path = f"/stores/{CENTRO}/display"
    assert sign_in("analyst").get(path).status_code == 403
    assert sign_in("technician").get(path).status_code == 403
    assert sign_in("manager").get(f"/stores/{NORTE}/display").status_code == 404
    assert sign_in("manager").get(path).status_code == 200
    assert stranger.get(path).status_code == 303
    assert stranger.post(path).status_code == 303
