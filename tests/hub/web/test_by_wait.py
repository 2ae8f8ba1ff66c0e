"""The index by wait for programs: the same as on the page."""

from __future__ import annotations

from fastapi import FastAPI
from httpx import Client
from sqlalchemy import Engine

from hub.adapters.archive import SqlArchive
from hub.core.roles import Role, Viewer
from hub.web.by_wait import by_wait_router
from hub.web.live import Live
from hub.wiring.joining import scores_of
from tests.hub.web.building import CENTRO, NORTE, PUERTO
from tests.hub.web.weeks import seed_weeks
from tests.parts.web import listening, serving

URL = f"/api/v1/stores/{CENTRO}/queue/by-wait"
MANAGER = Viewer(1, "ana", Role.STORE_MANAGER, "es", frozenset({CENTRO, NORTE}))


def asked(engine: Engine, viewer: Viewer, url: str) -> tuple[int, dict[str, object]]:
    app = FastAPI()
    app.include_router(by_wait_router(scores_of(engine), SqlArchive(engine), lambda: viewer))
    with (
        listening() as (listener, base),
        serving(app, Live(), listener),
        Client(base_url=base) as client,
    ):
        answer = client.get(url)
        return answer.status_code, answer.json()


def test_the_last_eight_told_weeks_with_their_slope_and_bands(engine: Engine) -> None:
    seed_weeks(engine, CENTRO, 20261119, 2.0, weeks=10)
    status, found = asked(engine, MANAGER, URL)
    assert status == 200
    weeks, slope, bands = found["weeks"], found["slope"], found["bands"]
    assert isinstance(weeks, list)
    assert (len(weeks), weeks[0], weeks[-1]) == (8, "2026-09-21", "2026-11-09")
    assert isinstance(slope, dict)
    assert -4 < slope["low"] < slope["high"] < -1
    assert isinstance(bands, list)
    assert [(band["first_minutes"], band["last_minutes"]) for band in bands][-1] == (10, None)
    assert sum(band["index"]["n"] for band in bands) == slope["answers"] == found["answers"]


def test_a_store_without_told_weeks_tells_nothing_and_others_are_not_there(engine: Engine) -> None:
    status, found = asked(engine, MANAGER, f"/api/v1/stores/{NORTE}/queue/by-wait")
    assert (status, found["slope"], found["weeks"], found["answers"]) == (200, None, [], 0)
    assert asked(engine, MANAGER, f"/api/v1/stores/{PUERTO}/queue/by-wait")[0] == 404
    technician = Viewer(2, "teo", Role.TECHNICIAN, "es", frozenset({CENTRO}))
    assert asked(engine, technician, URL)[0] == 403
