"""The API's endpoints about questionnaires."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from hub.core.defining import fields_of
from hub.core.schema import definition_schema
from hub.web.auth import viewer
from hub.web.questionnaires import questionnaires_router
from tests.fakes.reports import HandmadeReports
from tests.hub.web.building import CENTRO, NORTE, Clock, Site, desk_of, make_site, make_users
from tests.hub.web.conftest import SignIn
from tests.parts.web import listening, serving
from tests.shared.questionnaires import EVERY_KIND, both

BASE = "/api/v1/questionnaires"


@pytest.fixture(scope="module")
def site(engine: Engine, reports: HandmadeReports, clock: Clock) -> Iterator[Site]:
    desk = desk_of(engine, clock)
    folder = desk.make(EVERY_KIND, None, "test")
    desk.send(folder, folder.newest, [CENTRO], "test")
    changed = replace(EVERY_KIND, title=both("Next"))
    sent = desk.folder("q")
    assert sent is not None
    desk.change(sent, changed, 1, "test")
    desk.make(replace(EVERY_KIND, id="of-norte"), NORTE, "test")
    with listening() as (listener, url):
        router = questionnaires_router(desk, viewer)
        site = make_site(engine, reports, clock, routers=[router], public_url=url)
        make_users(site.parts.accounts)
        with serving(site.app, site.parts.live, listener):
            yield site


def test_the_schema_is_served(sign_in: SignIn) -> None:
    answer = sign_in("technician").get(f"{BASE}/schema")
    assert answer.json()["properties"].keys() == definition_schema()["properties"].keys()


def test_one_sees_the_chains_and_ones_own(sign_in: SignIn) -> None:
    every = {one["id"]: one for one in sign_in("analyst").get(BASE).json()}
    assert set(every) == {"q", "of-norte"}
    assert every["of-norte"] == {
        "id": "of-norte", "store_id": NORTE, "version": 1, "draft": True, "versions_sent": [],
        "title": both("Title"), "shown": [],
    }  # fmt: skip
    (own,) = sign_in("manager").get(BASE).json()
    assert (own["id"], own["version"], own["draft"], own["versions_sent"]) == ("q", 2, True, [1])
    (shown,) = own["shown"]
    assert (shown["store_id"], shown["version"], shown["having"]) == (CENTRO, 1, [])
    assert len(shown["lacking"]) == 6


def test_a_version_is_told_as_it_is_defined(sign_in: SignIn) -> None:
    manager = sign_in("manager")
    newest = manager.get(f"{BASE}/q").json()
    assert (newest["version"], newest["sent_utc"]) == (2, None)
    first = manager.get(f"{BASE}/q?version=1").json()
    assert first["definition"] == fields_of(EVERY_KIND)
    assert first["sent_utc"].endswith("Z")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/q?version=9", 404),
        ("/nobody", 404),
        ("/of-norte", 404),
        ("/Ñ", 422),
        ("/q?version=0", 422),
    ],
)
def test_what_is_not_there_or_not_ones_own_is_not_found(
    sign_in: SignIn, path: str, status: int
) -> None:
    assert sign_in("manager").get(BASE + path).status_code == status
