"""The page Rollouts, and the address from which kiosks fetch what is rolled out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx import Client
from sqlalchemy import Engine, update

from hub.adapters.bundles import BundleShelf
from hub.adapters.database import writing
from hub.adapters.fleet import SqlFleet
from hub.adapters.orders import SqlOrders
from hub.adapters.rollouts import SqlRollouts
from hub.adapters.tables import commands
from hub.core.rollouts import State
from hub.orders import Orders
from hub.rollouts import Rollouts
from hub.web.bundles import bundles_router
from hub.web.pages.rollouts import rollouts_for, rollouts_pages
from shared.places import StoreId
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, NORTE, Clock, Site, make_site, make_users
from tests.hub.web.conftest import SignIn, csrf_of
from tests.parts.releases import Releases
from tests.parts.web import listening, serving


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> BundleShelf:
    folder = tmp_path_factory.mktemp("bundles")
    shelf = BundleShelf(folder / "shelf")
    shelf.add(Releases().build(folder / "b.tar", "2.0", 7))
    return shelf


@pytest.fixture(scope="module")
def rollouts(engine: Engine, clock: Clock, shelf: BundleShelf) -> Rollouts:
    orders = Orders(SqlOrders(engine), clock)
    return Rollouts(SqlRollouts(engine), SqlFleet(engine), shelf, orders, clock)


@pytest.fixture(scope="module")
def site(
    engine: Engine, clock: Clock, reports: HandmadeReports, shelf: BundleShelf, rollouts: Rollouts
) -> Iterator[Site]:
    with listening() as (listener, url):
        routers = [rollouts_pages(rollouts), bundles_router(shelf)]
        site = make_site(engine, reports, clock, routers=routers, public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


def post(browser: Client, url: str, **form: str) -> str:
    csrf = csrf_of(browser.get("/rollouts").text)
    answer = browser.post(url, data={**form, "csrf": csrf})
    assert answer.status_code in (200, 303), answer.text[:300]
    return browser.get(answer.headers.get("location", "/rollouts")).text


def test_a_rollout_is_begun_halts_goes_on_and_is_taken_back(
    sign_in: SignIn, engine: Engine, rollouts: Rollouts
) -> None:
    browser = sign_in("administrator")
    assert "No release was rolled out yet." in browser.get("/rollouts").text
    assert "not begun" in post(browser, "/rollouts", version="9.9")
    text = post(browser, "/rollouts", version="2.0", first=CENTRO, rest="1")
    assert "on its way · ring 1 of 3" in text
    assert "takes the place of the one that is open" in text
    rollouts.look()
    panel = browser.get("/rollouts/panel").text
    assert "<html" not in panel
    assert "at it: 2" in panel
    with writing(engine) as db:
        db.execute(update(commands).values(outcome="rolled_back"))
    rollouts.look()
    text = browser.get("/rollouts").text
    assert "It halted by itself" in text
    assert "the version before runs again" in text
    assert "on its way" in post(browser, "/rollouts/1/resume")
    assert "another state" in post(browser, "/rollouts/1/resume")
    assert "Somebody halted it" in post(browser, "/rollouts/1/halt")
    text = post(browser, "/rollouts/1/back")
    assert "going back" in text
    assert "Begin a rollout" not in text


def test_a_technician_acts_on_own_stores_alone_and_sees_no_kiosk_of_another(
    sign_in: SignIn, rollouts: Rollouts
) -> None:
    technician = sign_in("technician")
    for rollout in rollouts.rollouts():
        rollouts.back(rollout, "test")
    rollouts.look()
    rollouts.look()
    text = technician.get("/rollouts").text
    assert f"{NORTE}/k-007-01" not in text
    assert "another state" in post(technician, "/rollouts/1/back"), "it is of other stores, too"
    csrf = csrf_of(text)
    form = {"version": "2.0", "first": NORTE, "csrf": csrf}
    assert technician.post("/rollouts", data=form).status_code == 404


def test_chosen_stores_stand_ticked_and_they_alone_have_it(
    sign_in: SignIn, rollouts: Rollouts
) -> None:
    browser = sign_in("administrator")
    for rollout in rollouts.rollouts():
        if rollout.state is State.RUNNING or rollout.state is State.HALTED:
            rollouts.back(rollout, "test")
    rollouts.look()
    rollouts.look()
    page = browser.get(f"/rollouts?store={NORTE}").text
    assert f'name="store" value="{NORTE}" checked' in page
    assert f'name="store" value="{CENTRO}" checked' not in page
    assert "For 1 store alone" in page
    told = post(browser, "/rollouts", version="2.0", store=NORTE, first=CENTRO)
    assert "the first store is none of those that are ticked" in told
    assert f'value="{NORTE}" checked' in told, "what was ticked stays"
    assert "on its way" in post(browser, "/rollouts", version="2.0", store=NORTE)
    assert rollouts.told(rollouts.rollouts()[0]).stores == {NORTE}
    audit = browser.get("/audit").text
    assert "rollout for chosen stores" in audit
    assert NORTE in audit


def test_stores_out_of_reach_or_of_none_are_not_there(sign_in: SignIn) -> None:
    browser = sign_in("technician")
    csrf = csrf_of(browser.get("/rollouts").text)
    for store in (NORTE, "nowhere", "%00", "x" * 5_000):
        assert browser.get("/rollouts", params={"store": store}).status_code == 404
        form = {"version": "2.0", "store": [store], "csrf": csrf}
        assert browser.post("/rollouts", data=form).status_code == 404
    assert browser.get("/rollouts?" + "store=a&" * 200).status_code == 400


def test_so_many_stores_are_ticked_on_the_page_and_not_named_in_its_address() -> None:
    many = [StoreId(f"s-{number}") for number in range(101)]
    assert rollouts_for(many) == "/rollouts?said=many"
    assert rollouts_for([]) == "/rollouts"
    assert rollouts_for(many[:1] * 2) == "/rollouts?store=s-0"


@pytest.mark.parametrize("name", ["analyst", "manager"])
def test_nobody_else_sees_it(sign_in: SignIn, name: str) -> None:
    browser = sign_in(name)
    assert browser.get("/rollouts").status_code == 403
    assert "/rollouts" not in browser.get("/settings").text


def test_a_bundle_is_handed_out_to_anybody_whole_or_from_where_it_broke_off(
    stranger: Client, shelf: BundleShelf
) -> None:
    file = shelf.file("2.0")
    assert isinstance(file, Path)
    whole = stranger.get("/api/v1/bundles/2.0")
    assert whole.content == file.read_bytes()
    assert whole.headers["content-type"] == "application/x-tar"
    rest = stranger.get("/api/v1/bundles/2.0", headers={"range": "bytes=1000-"})
    assert rest.status_code == 206
    assert rest.content == file.read_bytes()[1_000:]
    beyond = stranger.get("/api/v1/bundles/2.0", headers={"range": "bytes=99999999-"})
    assert beyond.status_code == 416
    for version in ("9.9", "..", "2.0%2f..", "x" * 50):
        answer = stranger.get(f"/api/v1/bundles/{version}")
        assert answer.status_code in (404, 422), version
